package jobs

import (
	"context"
	"slices"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/quota"
)

// shares counts the lanes of each account that a process works, of which an
// account may have so many that others always find a slot: its jobs may be slow.
type shares struct {
	most int // 0 for any number

	mu    sync.Mutex
	lanes map[string]int
}

// begin counts a lane of an account until end is called.
func (s *shares) begin(account string) (end func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.lanes == nil {
		s.lanes = map[string]int{}
	}
	s.lanes[account]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.lanes[account]--; s.lanes[account] == 0 {
			delete(s.lanes, account)
		}
	}
}

// full returns the accounts that may have no more, in order.
func (s *shares) full() []string {
	if s.most == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for account, n := range s.lanes {
		if n >= s.most {
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
