package digest

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

const (
	// modelTimeout is how long a reader waits for a model.
	modelTimeout = 5 * time.Second
	// modelBackoff is how long a model that failed is not asked the same again.
	modelBackoff = 30 * time.Second
	// answerReserve is what a reader needs after the wait.
	answerReserve = 500 * time.Millisecond
)

// improve returns what a model makes of a draft for a conversation. Readers wait
// for it for some time only; then they get the draft, while the call goes on and
// what comes of it is kept for whoever asks next. Of several who ask at once only
// one has the model called.
//
// If the model fails the draft stands, for a while, so that a server that comes
// back is used again. The function ends by itself: a model has its time limit.
func improve[T any](ctx context.Context, d *Cache, key, account string, c conversation.Conversation, draft T, by func(context.Context) (T, int, error)) (T, error) {
	kind, _, _ := strings.Cut(key, "\x00")
	key = strings.Join([]string{account, c.ID, c.Version, "model", key}, "\x00")
	if made, ok := improved(d, key, draft); ok {
		return made, nil
	}
	result := d.calls.DoChan(key, func() (any, error) {
		if made, ok := improved(d, key, draft); ok { // it came since the look above
			return made, nil
		}
		// Whoever asked first may hang up; the others still want it.
		made, weight, err := recovered(context.WithoutCancel(ctx), c.ID, by)
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

// failed stands for what a model failed to make of a draft.
type failed struct{}

// improved returns what is kept of a call, which is the draft if the model
// failed, and false if there was none of late.
func improved[T any](d *Cache, key string, draft T) (T, bool) {
	v, ok := d.results.Get(key)
	if made, is := v.(T); is {
		return made, true
	}
	return draft, ok
}

// modelTimeoutFor returns how long a reader waits for a model: with a deadline, only
// as long as there is time left to answer with the draft.
func modelTimeoutFor(ctx context.Context) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		return max(0, min(modelTimeout, time.Until(deadline)-answerReserve))
	}
	return modelTimeout
}

// recovered calls by and makes an error of a panic, which would end the process:
// nobody above could recover.
func recovered[T any](ctx context.Context, id string, by func(context.Context) (T, int, error)) (made T, weight int, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("digest conversation %s: panic: %v\n%s", id, p, debug.Stack())
		}
	}()
	return by(ctx)
}
