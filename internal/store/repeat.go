package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// A call whose reply does not come is made again, under the same ids, because
// nobody can tell a lost reply from a lost request. The first try waits for
// firstTry, each further one twice as long, because Redis may just be slow; all
// of it until the caller's deadline. A caller without one waits for patience.
const (
	firstTry = 600 * time.Millisecond
	patience = 1500 * time.Millisecond

	shortestPause = 5 * time.Millisecond // between two tries of which the first failed at once
	longestPause  = 100 * time.Millisecond
)

// repeat makes a call until there is a reply, be it a refusal.
func repeat(ctx context.Context, call func(context.Context) error) error {
	defer lane.Wait(ctx)() // the slot of the drain, if it is one, is not needed meanwhile
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, patience)
		defer cancel()
	}
	pause := shortestPause
	for wait := firstTry; ; wait *= 2 {
		try, cancel := context.WithTimeout(ctx, wait)
		err := call(try)
		cancel()
		if err == nil || !unheard(err) || ctx.Err() != nil || !sleep(ctx, pause) {
			return err
		}
		pause = min(2*pause, longestPause)
	}
}

// read is repeat for a call that returns something.
func read[T any](ctx context.Context, call func(context.Context) (T, error)) (found T, err error) {
	err = repeat(ctx, func(ctx context.Context) (err error) {
		found, err = call(ctx)
		return err
	})
	return found, err
}

// unheard reports whether a call had no reply, or one that asks to try again.
func unheard(err error) bool {
	if reply, ok := errors.AsType[redis.Error](err); ok {
		return redis.HasErrorPrefix(reply, "TRYAGAIN") || redis.HasErrorPrefix(reply, "CLUSTERDOWN")
	}
	return !errors.Is(err, redis.ErrClosed)
}

// sleep waits for d and reports true, or false as soon as ctx is done.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
