package digest

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// turns bounds how many computations run at once. One account has half of them
// at most, so that others need not wait for all of its.
type turns struct {
	all   *semaphore.Weighted
	share int64 // of an account

	mu        sync.Mutex
	byAccount map[string]*queue
}

// A queue is where an account waits for its share.
type queue struct {
	*semaphore.Weighted

	users int // who have or want a turn
}

func newTurns(most int) *turns {
	return &turns{
		all:       semaphore.NewWeighted(int64(most)),
		share:     int64(max((most+1)/2, 1)),
		byAccount: map[string]*queue{},
	}
}

// take waits for a turn of the account, in order, until ctx is done.
func (t *turns) take(ctx context.Context, account string) (leave func(), err error) {
	own := t.queueOf(account)
	if err := own.Acquire(ctx, 1); err != nil {
		t.forget(account, own)
		return nil, err
	}
	if err := t.all.Acquire(ctx, 1); err != nil {
		own.Release(1)
		t.forget(account, own)
		return nil, err
	}
	return func() {
		t.all.Release(1)
		own.Release(1)
		t.forget(account, own)
	}, nil
}

func (t *turns) queueOf(account string) *queue {
	t.mu.Lock()
	defer t.mu.Unlock()
	own, ok := t.byAccount[account]
	if !ok {
		own = &queue{Weighted: semaphore.NewWeighted(t.share)}
		t.byAccount[account] = own
	}
	own.users++
	return own
}

func (t *turns) forget(account string, own *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.byAccount, account)
	}
}
