// Package quota bounds how much each account does at once, so that one with much
// to do leaves room for the others.
package quota

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"
)

// A Quota is how many tasks of one account may go on at once. Those beyond wait in
// their order; other accounts do not wait for them. It holds nothing of an account
// that has no task. A Quota is safe for concurrent use.
type Quota struct {
	most int64

	mu       sync.Mutex
	accounts map[string]*account
}

// An account is one that has tasks, under way or waiting.
type account struct {
	*semaphore.Weighted

	tasks int
}

// New returns a Quota of so many tasks, which are at least one.
func New(most int) *Quota {
	return &Quota{most: int64(max(most, 1)), accounts: map[string]*account{}}
}

// Take waits until a task of the account may begin, and returns what is to be called
// once when it has ended. It returns the error of ctx if that ends before.
func (q *Quota) Take(ctx context.Context, id string) (end func(), err error) {
	a := q.join(id)
	if err := a.Acquire(ctx, 1); err != nil {
		q.leave(id, a)
		return nil, err
	}
	return func() {
		a.Release(1)
		q.leave(id, a)
	}, nil
}

func (q *Quota) join(id string) *account {
	q.mu.Lock()
	defer q.mu.Unlock()
	a := q.accounts[id]
	if a == nil {
		a = &account{Weighted: semaphore.NewWeighted(q.most)}
		q.accounts[id] = a
	}
	a.tasks++
	return a
}

func (q *Quota) leave(id string, a *account) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if a.tasks--; a.tasks == 0 {
		delete(q.accounts, id)
	}
}
