// Package retry makes a call to Redis again until there is a reply.
//
// A caller without a reply cannot know whether its request was lost or the
// reply. So only calls that may be made twice belong here.
package retry

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/tally"
)

// The first try waits firstTimeout for its reply, each further one twice as
// long, because Redis may just be slow. All of it ends with the caller's
// deadline, or after defaultTimeout if there is none.
const (
	firstTimeout   = 600 * time.Millisecond
	defaultTimeout = 1500 * time.Millisecond

	minPause = 5 * time.Millisecond // after a first try that failed at once
	maxPause = 100 * time.Millisecond
)

// Do makes a call until there is a reply, be it a refusal. It returns the error
// of the last try. While it waits, the slot of the caller's drain is lent to
// others, see [lane.Wait]. Each try is counted, see [tally.Add].
func Do(ctx context.Context, call func(context.Context) error) error {
	defer lane.Wait(ctx)()
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, defaultTimeout)
		defer cancel()
	}
	pause := minPause
	for timeout := firstTimeout; ; timeout *= 2 {
		tally.Add(ctx)
		try, cancel := context.WithTimeout(ctx, timeout)
		err := call(try)
		cancel()
		if err == nil || !unanswered(err) || ctx.Err() != nil || !wait(ctx, pause) {
			return err
		}
		pause = min(2*pause, maxPause)
	}
}

// Value is Do for a call that returns something.
func Value[T any](ctx context.Context, call func(context.Context) (T, error)) (v T, err error) {
	err = Do(ctx, func(ctx context.Context) (err error) {
		v, err = call(ctx)
		return err
	})
	return v, err
}

// unanswered reports whether a call had no reply, or one that asks to try again.
func unanswered(err error) bool {
	if reply, ok := errors.AsType[redis.Error](err); ok {
		return redis.HasErrorPrefix(reply, "TRYAGAIN") || redis.HasErrorPrefix(reply, "CLUSTERDOWN")
	}
	return !errors.Is(err, redis.ErrClosed)
}

// wait waits for d and reports true, or false as soon as ctx is done.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
