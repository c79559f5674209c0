package webhookverify

import (
	"context"
	"sync"
)

// turns let one request of a job in at a time: an event may come again while the
// handler is at work on it, because the sender did not wait any longer.
type turns struct {
	mu   sync.Mutex
	jobs map[string]*turn
}

type turn struct {
	free    chan struct{} // has one element while nobody is in
	waiting int           // requests that are in or wait
}

// take waits for the turn of a request, and returns what ends it.
func (t *turns) take(ctx context.Context, job string) (end func(), err error) {
	mine := t.join(job)
	select {
	case <-mine.free:
		return func() { mine.free <- struct{}{}; t.leave(job, mine) }, nil
	case <-ctx.Done():
		t.leave(job, mine)
		return nil, ctx.Err()
	}
}

func (t *turns) join(job string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.jobs == nil {
		t.jobs = map[string]*turn{}
	}
	mine, found := t.jobs[job]
	if !found {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		t.jobs[job] = mine
	}
	mine.waiting++
	return mine
}

func (t *turns) leave(job string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.waiting--; mine.waiting == 0 {
		delete(t.jobs, job)
	}
}
