package jobs

import (
	"context"
	"slices"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/cputime"
	"github.com/turnwise/turnwise/internal/netpoll"
	"github.com/turnwise/turnwise/internal/quota"
)

// shares counts the lanes of each account that a process works, or that are being
// committed in several steps, of which an
// account may have so many that others always find a slot: its jobs may be slow. It
// has its part beside one other account that weighs 1.
type shares struct {
	lanes   int            // of the process; if 0 an account may have any number
	weights map[string]int // of accounts that do not weigh 1

	mu     sync.Mutex
	worked map[string]int
}

// most returns how many lanes an account may have.
func (s *shares) most(account string) int {
	weight := max(s.weights[account], 1)
	return max(s.lanes*weight/(weight+1), 1)
}

// begin counts a lane of an account until end is called, unless the account has its
// share: what is claimed by several steps at once may be more than that.
func (s *shares) begin(account string) (end func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.isFull(account) {
		return nil, false
	}
	if s.worked == nil {
		s.worked = map[string]int{}
	}
	s.worked[account]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.leave(account)
	}, true
}

// keep counts a lane for each account whose lanes take several steps to commit, until
// end is called: for that the slot is taken as long as for the analysis, or longer. It is
// the slot of a lane that was begun, so it counts even if it is more than the share.
func (s *shares) keep(done []*laneWorker) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := map[string]bool{}
	for _, l := range done {
		if account := l.claim.Account; l.isLarge() && !kept[account] {
			kept[account] = true
			s.worked[account]++
		}
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		for account := range kept {
			s.leave(account)
		}
	}
}

// leave counts a lane no more. The caller holds mu.
func (s *shares) leave(account string) {
	if s.worked[account]--; s.worked[account] == 0 {
		delete(s.worked, account)
	}
}

// isFull reports whether an account may have no more. The caller holds mu.
func (s *shares) isFull(account string) bool {
	return s.lanes > 0 && s.worked[account] >= s.most(account)
}

// hasRoom reports whether an account may have one more.
func (s *shares) hasRoom(account string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return !s.isFull(account)
}

// full returns the accounts that may have no more, in order.
func (s *shares) full() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for account := range s.worked {
		if s.isFull(account) {
			all = append(all, account)
		}
	}
	slices.Sort(all)
	return all
}

// A Shared analyzer lets a bounded number of analyses of one account go on at once,
// so that an account with long texts leaves processors to the others. Those that are
// long are interrupted every few milliseconds for what came over the network, and take
// turns with what else the account has computed.
type Shared struct {
	next  Analyzer
	quota *quota.Quota // of analyses that have begun
	turns *quota.Quota // of all of an account that computes for long
	rest  func()
}

// NewShared returns a Shared analyzer in front of another one: so many analyses of an
// account at once, in the turns that its other computations take as well.
func NewShared(next Analyzer, most int, turns *quota.Quota) *Shared {
	return &Shared{next: next, quota: quota.New(most), turns: turns, rest: netpoll.New().Poll}
}

// Analyze implements [Analyzer].
func (s *Shared) Analyze(ctx context.Context, t Task) (analysis.Result, error) {
	end, err := s.quota.Take(ctx, t.Account)
	if err != nil {
		return analysis.Result{}, err
	}
	defer end()
	endTurn, err := s.turns.Take(ctx, t.Account)
	if err != nil {
		return analysis.Result{}, err
	}
	defer func() { endTurn() }()
	rest := func() {
		endTurn()
		s.rest()
		if endTurn, err = s.turns.Take(ctx, t.Account); err != nil {
			endTurn = func() {} // the analysis ends with its context
		}
	}
	return s.next.Analyze(analysis.WithRests(ctx, func() { cputime.Rest(ctx, rest) }), t)
}
