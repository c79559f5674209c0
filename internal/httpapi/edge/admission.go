package edge

import (
	"cmp"
	"context"
	"net/http"
	"sync"
)

// Reading is the memory, in bytes, that an answer takes while it is read and
// sent in portions, whatever its length.
const Reading = 1 << 20

// An admission bounds the memory that answers under way take together. Who would
// go beyond that is refused at once, while there is still memory to say so. One
// account has half of it at most, so that others have the rest.
type admission struct {
	most int

	mu        sync.Mutex
	taken     int
	byAccount map[string]int
}

func newAdmission(most int) *admission {
	return &admission{most: cmp.Or(most, 128<<20), byAccount: map[string]int{}}
}

// enter takes memory for an account. What is larger than all that an account may
// have counts as that much, so it is answered when nothing else is.
func (a *admission) enter(account string, bytes int) (leave func(), err error) {
	share := a.most / 2
	bytes = min(bytes, share)
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.byAccount[account]+bytes > share:
		return nil, errAccountReads
	case a.taken+bytes > a.most:
		return nil, errAllRead
	}
	a.taken += bytes
	a.byAccount[account] += bytes
	return func() { a.leave(account, bytes) }, nil
}

func (a *admission) leave(account string, bytes int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.taken -= bytes
	if a.byAccount[account] -= bytes; a.byAccount[account] == 0 {
		delete(a.byAccount, account)
	}
}

var (
	errAccountReads = &Refusal{
		Status: http.StatusTooManyRequests, RetryAfter: true,
		Message: "The answers that this account reads at the moment take all the memory that it may have for them. Send the request again when some are read.",
	}
	errAllRead = &Refusal{
		Status: http.StatusServiceUnavailable, RetryAfter: true,
		Message: "The answers that are read at the moment take all the memory there is for them. Send the request again.",
	}
)

// Admit takes memory for the answer until it is sent. It returns a [Refusal] if
// there is none.
func (x *Exchange) Admit(bytes int) error {
	leave, err := x.h.admission.enter(x.Account.ID, bytes)
	if err == nil {
		x.leave = append(x.leave, leave)
	}
	return err
}

func (x *Exchange) giveBack() {
	x.leaveTurns()
	for _, leave := range x.leave {
		leave()
	}
	x.leave = nil
}

// Reading returns the context of an answer that is read while it is sent, and of a change
// that takes many steps. It has no time limit, because that depends on the caller, who has
// to read at a least rate, and ends when the caller has gone.
func (x *Exchange) Reading() context.Context { return x.reading }

// A Shared is something that answers of one account have in common. Its memory counts
// once, as long as any of them is under way.
type Shared struct {
	mu      sync.Mutex
	answers int
	leave   func()
}

// AdmitShared takes the memory of s for the answer, unless another one has. It returns
// a [Refusal] if there is none.
func (x *Exchange) AdmitShared(s *Shared, bytes int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers == 0 {
		leave, err := x.h.admission.enter(x.Account.ID, bytes)
		if err != nil {
			return err
		}
		s.leave = leave
	}
	s.answers++
	x.leave = append(x.leave, s.end)
	return nil
}

func (s *Shared) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answers--; s.answers == 0 {
		s.leave()
	}
}
