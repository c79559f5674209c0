package jobs

import (
	"context"
	"slices"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/quota"
)

// shares counts the lanes of each account that a process works, of which an
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

// begin counts a lane of an account until end is called.
func (s *shares) begin(account string) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.worked == nil {
		s.worked = map[string]int{}
	}
	s.worked[account]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.worked[account]--; s.worked[account] == 0 {
			delete(s.worked, account)
		}
	}
}

// full returns the accounts that may have no more, in order.
func (s *shares) full() []string {
	if s.lanes == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for account, n := range s.worked {
		if n >= s.most(account) {
			all = append(all, account)
		}
	}
	slices.Sort(all)
	return all
}

// A Shared analyzer lets a bounded number of analyses of one account go on at once,
// so that an account with long texts leaves processors to the others.
type Shared struct {
	next  Analyzer
	quota *quota.Quota
}

// NewShared returns a Shared analyzer in front of another one.
func NewShared(next Analyzer, most int) *Shared { return &Shared{next: next, quota: quota.New(most)} }

// Analyze implements [Analyzer].
func (s *Shared) Analyze(ctx context.Context, t Task) (analysis.Result, error) {
	end, err := s.quota.Take(ctx, t.Account)
	if err != nil {
		return analysis.Result{}, err
	}
	defer end()
	return s.next.Analyze(ctx, t)
}
