package queue

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Sweeper looks at the ready index of a shard. It reports whether the caller
// is to ring, and after how long it is worth looking again; 0 if it cannot
// tell.
type Sweeper interface {
	Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error)
}

// A sweep of a shard comes at most slowest after the one before, and at least
// fastest; of a shard that does not answer, growing to seldom. One that has no
// answer within sweepTimeout is broken off.
const (
	maxPause       = 250 * time.Millisecond
	minPause       = 10 * time.Millisecond
	maxFailedPause = 500 * time.Millisecond
	sweepTimeout   = time.Second
)

// sweep finds lanes that no ring announced: their backoff is over, their worker
// died, or the ring was lost. Each shard is swept by itself until ctx is done, so
// that one that does not answer holds up no other.
func (l *Pool) sweep(ctx context.Context, s Sweeper, running *sync.WaitGroup) {
	state := &sweepState{log: l.log, lane: slog.String("lane", string(l.kind)), away: map[int]bool{}}
	for shard := range l.opts.Shards {
		running.Go(func() { l.sweepShard(ctx, s, shard, state) })
	}
}

func (l *Pool) sweepShard(ctx context.Context, s Sweeper, shard int, state *sweepState) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for pause := maxPause; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		again, err := l.sweepOnce(ctx, s, shard)
		if ctx.Err() != nil {
			return
		}
		state.note(ctx, shard, err)
		if err != nil {
			l.schedule.sweepFailed(shard)
			pause = min(2*max(pause, maxPause), maxFailedPause)
		} else {
			l.schedule.sweepSucceeded(shard)
			pause = again
		}
		// Sweepers of many processes must not keep step.
		timer.Reset(pause - rand.N(pause/5)) //nolint:gosec // not for secrets
	}
}

// sweepOnce sweeps a shard once. It returns the pause until the next sweep.
func (l *Pool) sweepOnce(ctx context.Context, s Sweeper, shard int) (pause time.Duration, err error) {
	asked, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	var ring bool
	var again time.Duration
	err = guard(func() (err error) {
		ring, again, err = s.Sweep(asked, l.kind, shard)
		return err
	})
	if err != nil {
		return 0, err
	}
	if ring {
		l.meter.SweepFound(l.kind)
		l.Ring(ctx, shard)
	}
	if again > 0 {
		return min(maxPause, max(again, minPause)), nil
	}
	return maxPause, nil
}

// A sweepState tells the log when the first shard does not answer, and when
// all do again.
type sweepState struct {
	log  *slog.Logger
	lane slog.Attr

	mu   sync.Mutex
	away map[int]bool
}

func (s *sweepState) note(ctx context.Context, shard int, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.away)
	if err != nil {
		s.away[shard] = true
	} else {
		delete(s.away, shard)
	}
	switch now := len(s.away); {
	case before == 0 && now > 0:
		s.log.LogAttrs(ctx, slog.LevelError, "sweep failed", s.lane, slog.Int("shard", shard), slog.Any("err", err))
	case before > 0 && now == 0:
		s.log.LogAttrs(ctx, slog.LevelInfo, "sweep recovered", s.lane)
	}
}
