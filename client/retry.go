package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// mayRepeat reports whether r may be sent again after err, and may succeed then.
func (r Request) mayRepeat(err error) bool {
	if lost, ok := errors.AsType[*ConnectionError](err); ok {
		return r.repeatable() || neverSent(lost)
	}
	answer, ok := errors.AsType[*Error](err)
	if !ok {
		return false
	}
	switch answer.StatusCode {
	case http.StatusTooManyRequests:
		return true // a refused request has changed nothing
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return r.repeatable()
	case http.StatusConflict:
		return r.IdempotencyKey != "" // the first try is still being accepted
	default:
		return false
	}
}

func (r Request) repeatable() bool {
	return r.Repeatable || r.IdempotencyKey != "" || r.Method == http.MethodGet || r.Method == http.MethodHead
}

// neverSent reports whether no connection was made.
func neverSent(err error) bool {
	failed, ok := errors.AsType[*net.OpError](err)
	return ok && failed.Op == "dial"
}

// retries are the waits between the tries of one request.
type retries struct {
	opts   Options
	delays *backoff.ExponentialBackOff
	began  time.Time
	failed int
}

func newRetries(opts Options) *retries {
	return &retries{
		opts: opts,
		delays: backoff.NewExponentialBackOff(
			backoff.WithInitialInterval(100*time.Millisecond),
			backoff.WithMaxInterval(3*time.Second),
			backoff.WithMaxElapsedTime(0), // wait has the limit, which includes Retry-After
		),
		began: time.Now(),
	}
}

// wait returns nil when it is time for the next try. It returns failed at once
// if the wait would end after the time limit.
func (r *retries) wait(ctx context.Context, failed error) error {
	delay := r.delays.NextBackOff()
	if answer, ok := errors.AsType[*Error](failed); ok {
		delay = max(delay, answer.RetryAfter)
	}
	if time.Since(r.began)+delay > r.opts.RetryFor {
		return failed
	}
	r.failed++
	if r.opts.OnRetry != nil {
		r.opts.OnRetry(Retry{Failed: r.failed, Err: failed, Wait: delay})
	}
	if err := pause(ctx, delay); err != nil {
		return fmt.Errorf("%w, waiting to try again: %w", err, failed)
	}
	return nil
}

// pause waits, or returns the error of the context when that ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
