package edge

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/tally"
)

// A request waits for the store for less than two seconds, whatever part of the
// store does not answer. Callers and proxies can do more with a 503 than with a
// connection on which nothing arrives.
//
// This is the limit for all steps together that authenticate, read one thing or
// change it. Long readings, and changes of a whole conversation, take many steps, each of which may be slow. They have
// no deadline, but they end when one step is not answered: the store gives each
// step less than two seconds. Models have time limits of their own.

// contexts returns the context for short readings and changes, and gives the exchange
// those for long ones. What is asked of Redis in them counts as the account's, and the
// exchange has no turn meanwhile.
func (h *Handler) contexts(ctx context.Context, x *Exchange) (context.Context, context.CancelFunc) {
	ctx = h.counting(ctx, x)
	if x.Account.ID != "" {
		ctx = lane.WithSlot(ctx, slot{x})
	}
	long, end := h.longContext(ctx)
	x.reading, x.long = ctx, long
	short, cancel := h.storeContext(ctx, x)
	return short, func() {
		cancel()
		end()
	}
}

// storeContext returns the context for short readings and changes. The time that
// the request waited for its authentication is subtracted.
func (h *Handler) storeContext(ctx context.Context, x *Exchange) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, max(h.storeTimeout-x.waited, 0))
}

// counting returns a context whose requests to Redis count as those of the account.
func (h *Handler) counting(ctx context.Context, x *Exchange) context.Context {
	if h.meter == nil || x.Account.ID == "" {
		return ctx
	}
	return tally.With(ctx, func() { h.meter.AccountAsked(x.Account.ID) })
}

// longContext returns the context of long readings and of models. It is cancelled
// after the time of a request, but has no deadline: the store would wait until
// a deadline for a single step.
func (h *Handler) longContext(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(h.timeout, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

// Long returns the context of long readings and of models.
func (x *Exchange) Long() context.Context { return x.long }
