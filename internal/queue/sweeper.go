package queue

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Sweeper looks at the ready index of a shard. It reports whether the caller
// is to ring, and after how long it is worth looking again; 0 if it cannot
// tell.
type Sweeper interface {
	Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error)
}

// A sweep comes at most this long after the one before, and at least so long.
const (
	slowest = 250 * time.Millisecond
	fastest = 10 * time.Millisecond
)

// sweep finds what no ring told of: lanes whose backoff is over or whose
// worker died, and rings that got lost. It goes on until ctx is done.
func (l *Line) sweep(ctx context.Context, s Sweeper) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	healthy := true
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		pause, err := l.sweepAll(ctx, s)
		if failed := err != nil && ctx.Err() == nil; failed == healthy {
			healthy = !failed
			l.logSweep(ctx, healthy, err)
		}
		// Sweepers of many processes must not keep step.
		timer.Reset(pause - rand.N(pause/5)) //nolint:gosec // not for secrets
	}
}

// sweepAll sweeps every shard and returns the pause until the next time. A
// shard that is away, with one master of a Cluster, does not hold up the
// others: they are asked all the same, beginning with another one each time,
// because a round that waits too long is broken off.
func (l *Line) sweepAll(ctx context.Context, s Sweeper) (pause time.Duration, broken error) {
	pause = slowest
	begun, first := time.Now(), rand.IntN(l.opts.Shards) //nolint:gosec // not for secrets
	for n := range l.opts.Shards {
		shard := (first + n) % l.opts.Shards
		ring, again, err := s.Sweep(ctx, l.kind, shard)
		if err != nil {
			broken = cmp.Or(broken, err)
			if time.Since(begun) > time.Second {
				return slowest, broken
			}
			continue
		}
		if ring {
			l.meter.SweepFound(l.kind)
			l.Ring(ctx, shard)
		}
		if again > 0 {
			pause = min(pause, max(again, fastest))
		}
	}
	return pause, broken
}

func (l *Line) logSweep(ctx context.Context, healthy bool, err error) {
	if healthy {
		l.log.LogAttrs(ctx, slog.LevelInfo, "sweep recovered", slog.String("lane", string(l.kind)))
		return
	}
	l.log.LogAttrs(ctx, slog.LevelError, "sweep failed", slog.String("lane", string(l.kind)), slog.Any("err", err))
}
