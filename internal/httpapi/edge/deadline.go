package edge

import (
	"context"
	"time"
)

// A request waits for the store for less than two seconds, whatever it is that
// does not answer: a caller, and what stands between, can do better with a 503
// than with a connection that says nothing.
//
// That is the time of all the steps together that find out who asks, look at one
// thing or change it. Long readings take many steps, each of which may be slow
// on its own, so they have no deadline but end when one step is not answered:
// the store gives each such step less than the two seconds. Models have time
// limits of their own.

// storeContext returns the context in which a request looks and changes. What it waited
// before, when it was authenticated, is taken off.
func (h *Handler) storeContext(ctx context.Context, x *Exchange) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, max(h.storeTimeout-x.waited, 0))
}

// longContext returns the context of long readings and of models. It ends after the
// time of a request, yet has no deadline, because the store would use up one.
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
