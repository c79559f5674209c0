package lane

import (
	"context"
	"time"

	"github.com/cenkalti/backoff/v4"
)

// Wake says which doorbells of a shard are to be rung, because a step made a
// lane due and no ring for that shard is on its way yet.
type Wake struct{ Append, Deliver bool }

// A Doorbell wakes a worker up, in this process or another one. A ring is a
// hint: one that gets lost delays work until the next sweep, one too many
// finds nothing to do. Hence it reports no error.
type Doorbell interface {
	Ring(ctx context.Context, shard int, w Wake)
}

// Backoff computes how long to wait before an item is tried again: twice as
// long each time, give or take a fifth. Nothing here sleeps; the waiting is
// the lane's due time.
type Backoff struct {
	Initial time.Duration // before the second attempt
	Max     time.Duration // never more than this, jitter included
}

// Delay returns the wait after the given number of attempts, 1 or more.
func (b Backoff) Delay(attempts int) time.Duration {
	interval := b.Max
	if shift := attempts - 1; shift < 32 && b.Initial <= b.Max>>shift {
		interval = b.Initial << shift
	}
	e := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(interval),
		backoff.WithRandomizationFactor(0.2),
		backoff.WithMaxElapsedTime(0),
	)
	return min(e.NextBackOff(), b.Max)
}
