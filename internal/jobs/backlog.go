package jobs

import (
	"context"
	"errors"
	"sync"
	"time"
)

// How old the number of unfinished jobs that a process knows of an account may be
// while the account submits, and how long it takes at most to read it.
const (
	readEach   = 2 * time.Second
	readFull   = 250 * time.Millisecond // while the limit seems to be reached
	readWithin = 500 * time.Millisecond // or the process goes on with the number that it knows
)

// A Backlog knows how many unfinished jobs accounts have.
type Backlog interface {
	// CountUnfinished returns how many unfinished jobs an account has, in those
	// shards that answer in the time of ctx. It returns an error only if none does.
	CountUnfinished(ctx context.Context, account string) (int, error)
}

// backlogs bounds the unfinished jobs of accounts about, without a call of the store
// for each job: of an account that submits, the number is read now and then, and what
// this process has accepted since is counted to it. So what it accepts alone stays
// within the limit. With several processes an account may have more by what the others
// accepted since this one's last reading, and a job that has ended makes room with the
// next reading.
type backlogs struct {
	store Backlog
	most  func(account string) int

	mu       sync.Mutex
	accounts map[string]*backlog // of those with a limit that have submitted
}

// A backlog is what a process knows of the unfinished jobs of an account.
type backlog struct {
	read     int           // by the last reading
	accepted int           // by this process, perhaps after that
	entered  int           // are being accepted
	at       time.Time     // when the last reading ended; zero if none has
	reading  chan struct{} // is closed when the one under way ends; nil if there is none
}

func (b *backlog) size() int { return b.read + b.accepted + b.entered }

// enter counts a job that is about to be accepted, or returns an
// [*AccountBacklogError]. The caller says with leave what became of it.
func (b *backlogs) enter(ctx context.Context, account string) (leave func(error), err error) {
	most := b.most(account)
	if most == 0 {
		return func(error) {}, nil
	}
	b.refresh(ctx, account, most)
	b.mu.Lock()
	defer b.mu.Unlock()
	a := b.of(account)
	if a.size() >= most {
		return nil, &AccountBacklogError{Limit: most}
	}
	a.entered++
	return func(err error) {
		b.mu.Lock()
		defer b.mu.Unlock()
		a.entered--
		if err == nil || errors.Is(err, ErrUnavailable) { // then it may have been accepted
			a.accepted++
		}
	}, nil
}

func (b *backlogs) of(account string) *backlog {
	a := b.accounts[account]
	if a == nil {
		if b.accounts == nil {
			b.accounts = map[string]*backlog{}
		}
		a = &backlog{}
		b.accounts[account] = a
	}
	return a
}

// refresh reads how many unfinished jobs the account has, if that was not done for a
// while. Of many callers one reads; the others wait for it only if what is known is
// nothing, or would have them refused.
func (b *backlogs) refresh(ctx context.Context, account string, most int) {
	b.mu.Lock()
	a := b.of(account)
	unknown, full, age := a.at.IsZero(), a.size() >= most, time.Since(a.at)
	reading := a.reading
	if reading == nil && (unknown || age >= readEach || full && age >= readFull) {
		a.reading = make(chan struct{})
		before := a.accepted
		b.mu.Unlock()
		b.read(ctx, account, a, before)
		return
	}
	b.mu.Unlock()
	if reading != nil && (unknown || full) {
		select {
		case <-reading:
		case <-ctx.Done():
		}
	}
}

// read reads the number for all who ask: that the caller who reads goes away is not
// their concern. Of what this process has accepted, those that were accepted before it
// began are in it.
func (b *backlogs) read(ctx context.Context, account string, a *backlog, before int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readWithin)
	defer cancel()
	n, err := 0, ErrUnavailable
	defer func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if err == nil {
			a.read = n
			a.accepted -= before
		}
		a.at = time.Now()
		close(a.reading)
		a.reading = nil
	}()
	n, err = b.store.CountUnfinished(ctx, account)
}
