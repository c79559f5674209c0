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

// The pauses between two sweeps of a shard. While the shard is active, for which
// this process needs to have rung for it, maxPause bounds what a lost ring costs.
// While it is idle, idlePause does, which is not longer than a lease usually is:
// so whoever takes over from a dead process learns in time when its lease ends. A
// due time that is known is waited for, but not less than minPause. A shard that
// does not answer is asked again after at most maxFailedPause. A sweep without an
// answer is broken off after sweepTimeout.
//
// The idle shards of a kind are swept at the same moment, so that a process without work
// wakes up, and wakes up Redis, once and not for each of them.
const (
	maxPause       = 250 * time.Millisecond
	idlePause      = 4 * time.Second
	minPause       = 10 * time.Millisecond
	maxFailedPause = 500 * time.Millisecond
	sweepTimeout   = time.Second
)

// sweep finds lanes that no ring announced: their backoff is over, their worker
// died, or the ring was lost. Each shard is swept by itself until ctx is done, so
// that one that does not answer holds up no other.
func (l *Pool) sweep(ctx context.Context, s Sweeper, running *sync.WaitGroup) {
	state := &sweepState{log: l.log, lane: slog.String("lane", string(l.kind)), away: map[int]bool{}}
	begun := time.Now().Add(-rand.N(idlePause)) //nolint:gosec // not for secrets
	for shard := range l.opts.Shards {
		running.Go(func() { l.sweepShard(ctx, s, shard, begun, state) })
	}
}

// sweepShard sweeps one shard. It does so while the shard is idle whenever a whole number of
// idle pauses has gone by since begun.
func (l *Pool) sweepShard(ctx context.Context, s Sweeper, shard int, begun time.Time, state *sweepState) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	_, activated := l.schedule.active(shard)
	for next, failed := time.Now(), time.Duration(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-activated:
			if wait := time.Until(next); wait > maxPause {
				next = time.Now().Add(maxPause)
				timer.Reset(maxPause)
			}
			continue
		case <-timer.C:
		}
		again, err := l.sweepOnce(ctx, s, shard)
		if ctx.Err() != nil {
			return
		}
		state.note(ctx, shard, err)
		if err != nil {
			l.schedule.sweepFailed(shard)
			failed = min(2*max(failed, maxPause), maxFailedPause)
			again = failed
		} else {
			l.schedule.sweepSucceeded(shard)
			failed, again = 0, l.pause(shard, again)
		}
		if again == idlePause {
			again -= time.Since(begun) % idlePause
		} else { // sweepers of many processes must not keep step
			again -= rand.N(again / 5) //nolint:gosec // not for secrets
		}
		next = time.Now().Add(again)
		timer.Reset(again)
	}
}

// pause returns how long to wait for the next sweep of a shard whose first lane
// is due after the given time, or which has none if that is 0.
func (l *Pool) pause(shard int, due time.Duration) time.Duration {
	most := idlePause
	if active, _ := l.schedule.active(shard); active {
		most = maxPause
	}
	if due > 0 {
		return min(most, max(due, minPause))
	}
	return most
}

// sweepOnce sweeps a shard once. It returns after how long its first lane is due,
// or 0 if it has none.
func (l *Pool) sweepOnce(ctx context.Context, s Sweeper, shard int) (due time.Duration, err error) {
	asked, cancel := context.WithTimeout(ctx, sweepTimeout)
	defer cancel()
	var ring bool
	err = guard(func() (err error) {
		ring, due, err = s.Sweep(asked, l.kind, shard)
		return err
	})
	if err != nil {
		return 0, err
	}
	if ring {
		l.meter.SweepFound(l.kind)
		l.Ring(ctx, shard)
	}
	return due, nil
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
