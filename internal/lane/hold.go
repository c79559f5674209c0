package lane

import (
	"context"
	"errors"
	"time"
)

// Hold keeps a lease alive while work under it goes on: it calls renew every
// third of the lease until release is called, and waits for it then.
//
// The returned context is cancelled, with the cause [ErrStale], as soon as
// renew reports that the lane has another owner, or when no renewal got
// through for as long as the lease lasts: whatever is still going on would be
// refused. Work that ends within a third of the lease costs no renewal.
func Hold(ctx context.Context, lease time.Duration, renew func(context.Context) error) (held context.Context, release func()) {
	held, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		keep(held, cancel, lease, renew)
	}()
	return held, func() {
		cancel(context.Canceled)
		<-done
	}
}

func keep(ctx context.Context, cancel context.CancelCauseFunc, lease time.Duration, renew func(context.Context) error) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	renewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		asked := time.Now()
		err := renew(ctx)
		switch {
		case err == nil:
			renewed = asked
		case errors.Is(err, ErrStale) || time.Since(renewed) >= lease:
			cancel(ErrStale)
			return
		}
	}
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
