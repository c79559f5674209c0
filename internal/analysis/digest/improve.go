package digest

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

const (
	// modelTimeout is how long a reader waits for a model.
	modelTimeout = 5 * time.Second
	// modelBackoff is how long a failed request to a model is not repeated.
	modelBackoff = 30 * time.Second
	// answerReserve is the time that a reader needs after the wait.
	answerReserve = 500 * time.Millisecond
)

// improve returns the result of a model for a draft. Readers wait for a limited
// time, then they get the draft. The call continues, and its result is cached
// for later readers. Concurrent readers share one call.
//
// If the model fails, the draft is the result for a while, so that a server that
// recovers is used again. A call ends by itself, because a model has its time
// limit.
func improve[T any](ctx context.Context, d *Cache, key, account string, c conversation.Conversation, draft T, call func(context.Context) (T, int, error)) (T, error) {
	kind, _, _ := strings.Cut(key, "\x00")
	key = strings.Join([]string{account, c.ID, c.Version, "model", key}, "\x00")
	if made, ok := improved(d, key, draft); ok {
		return made, nil
	}
	result := d.calls.DoChan(key, func() (any, error) {
		if made, ok := improved(d, key, draft); ok { // it was added since the check above
			return made, nil
		}
		// The first reader may cancel while others still wait.
		made, weight, err := recovered(lane.Aside(context.WithoutCancel(ctx)), c.ID, call)
		if err != nil {
			d.log.LogAttrs(ctx, slog.LevelWarn, "model gave no digest",
				slog.String("conversation", c.ID), slog.String("digest", kind), slog.Duration("again_in", modelBackoff), slog.Any("err", err))
			d.results.PutUntil(time.Now().Add(modelBackoff), key, failed{}, perItem+len(key))
			return draft, nil
		}
		d.results.Put(key, made, perItem+len(key)+weight)
		return made, nil
	})
	timer := time.NewTimer(modelTimeoutFor(ctx))
	defer timer.Stop()
	defer lane.Linger(ctx)()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case <-timer.C:
		return draft, nil
	case r := <-result:
		return r.Val.(T), r.Err
	}
}

// failed is the cached value of a failed call.
type failed struct{}

// improved returns the cached result of a call, which is the draft if the model
// failed. It reports false if there is none.
func improved[T any](d *Cache, key string, draft T) (T, bool) {
	v, ok := d.results.Get(key)
	if made, is := v.(T); is {
		return made, true
	}
	return draft, ok
}

// modelTimeoutFor returns how long a reader waits for a model: no longer than
// its deadline leaves time to answer with the draft.
func modelTimeoutFor(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(0, min(modelTimeout, time.Until(deadline)-answerReserve))
	}
	return modelTimeout
}

// recovered calls a function and returns a panic as an error. A panic would end
// the process, because no caller can recover it.
func recovered[T any](ctx context.Context, id string, call func(context.Context) (T, int, error)) (made T, weight int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("digest conversation %s: panic: %v\n%s", id, p, debug.Stack())
		}
	}()
	return call(ctx)
}
