package bench

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long nothing may happen before a workload is taken for
// finished. What is missing then counts as a violation.
const patience = 30 * time.Second

// A tally counts what is finished. Its zero value is ready.
type tally struct {
	count atomic.Int64

	mu      sync.Mutex
	target  int64 // 0 if nobody waits
	reached chan struct{}
}

// add counts one more.
func (t *tally) add() { t.check(t.count.Add(1)) }

// wait waits until n are finished, or until none was for some time.
func (t *tally) wait(ctx context.Context, n int) error {
	reached := make(chan struct{})
	t.mu.Lock()
	t.target, t.reached = int64(n), reached
	t.mu.Unlock()
	t.check(t.count.Load())
	timer := time.NewTimer(patience)
	defer timer.Stop()
	for before := t.count.Load(); ; {
		select {
		case <-reached:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-timer.C:
		}
		now := t.count.Load()
		if now == before {
			return nil
		}
		before = now
		timer.Reset(patience)
	}
}

func (t *tally) check(n int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.target > 0 && n >= t.target {
		t.target = 0
		close(t.reached)
	}
}
