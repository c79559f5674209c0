package digest

import (
	"context"

	"golang.org/x/sync/semaphore"

	"github.com/turnwise/turnwise/internal/quota"
)

// turns bounds how many computations run at once. One account has half of them
// at most, so that others need not wait for all of its.
type turns struct {
	all   *semaphore.Weighted
	share *quota.Quota
}

func newTurns(most int) *turns {
	return &turns{all: semaphore.NewWeighted(int64(most)), share: quota.New((most + 1) / 2)}
}

// take waits for a turn of the account, in order, until ctx is done.
func (t *turns) take(ctx context.Context, account string) (leave func(), err error) {
	end, err := t.share.Take(ctx, account)
	if err != nil {
		return nil, err
	}
	if err := t.all.Acquire(ctx, 1); err != nil {
		end()
		return nil, err
	}
	return func() {
		t.all.Release(1)
		end()
	}, nil
}
