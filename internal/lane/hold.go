package lane

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Hold keeps a lease alive while work under it goes on: it calls renew every
// third of the lease until release is called, and waits for it then.
//
// The returned context is cancelled, with the cause [ErrStale], as soon as
// renew reports that the lane has another owner, or when no renewal got
// through for as long as the lease lasts: whatever is still going on would be
// refused. Work that ends within a third of the lease costs no renewal. A renewal
// that panics did not get through, and log is told of it.
func Hold(ctx context.Context, log *slog.Logger, lease time.Duration, renew func(context.Context) error) (held context.Context, release func()) {
	h := &hold{log: log, lease: lease, renew: renew, renewed: time.Now()}
	h.ctx, h.cancel = context.WithCancelCause(ctx)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.timer = time.AfterFunc(lease/3, h.again)
	return h.ctx, h.release
}

// A hold is a timer, not a goroutine, because nearly all work is over before
// it fires.
type hold struct {
	log    *slog.Logger
	lease  time.Duration
	renew  func(context.Context) error
	ctx    context.Context //nolint:containedctx // it is what Hold returns
	cancel context.CancelCauseFunc

	mu      sync.Mutex // held while a renewal is under way; guards what follows
	timer   *time.Timer
	renewed time.Time
}

func (h *hold) again() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ctx.Err() != nil {
		return
	}
	asked := time.Now()
	ctx, cancel := context.WithDeadline(Aside(h.ctx), h.renewed.Add(h.lease)) // nothing helps after that
	err := h.guarded(ctx)
	cancel()
	switch {
	case err == nil:
		h.renewed = asked
	case errors.Is(err, ErrStale) || time.Since(h.renewed) >= h.lease:
		h.cancel(ErrStale)
		return
	}
	h.timer.Reset(h.lease / 3)
}

// guarded renews, and makes an error of a panic, which would end the process with all
// that it works: no caller can recover it in the goroutine of a timer.
func (h *hold) guarded(ctx context.Context) (err error) {
	defer func() {
		if p := recover(); p != nil {
			h.log.LogAttrs(ctx, slog.LevelError, "renewal panicked", slog.Any("panic", p), slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("renewal panicked: %v", p)
		}
	}()
	return h.renew(ctx)
}

func (h *hold) release() {
	h.cancel(context.Canceled)
	h.mu.Lock() // a renewal that is under way has ended
	defer h.mu.Unlock()
	h.timer.Stop()
}

// Grace returns a context that ends the given time after ctx does, so that
// what is under way at a shutdown may finish, within a bound. The values of
// ctx are kept.
func Grace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	graced, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
			cancel()
		case <-graced.Done():
		}
	})
	return graced, func() { stop(); cancel() }
}
