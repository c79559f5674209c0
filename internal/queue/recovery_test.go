package queue_test

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// The log has no line that drains have recovered if it has none that they
// broke off.
func TestRecoveryThatNobodyMissedIsNotLogged(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name       string
		sweepFails bool
		panics     bool
		logged     string // what the log has instead
	}{
		{name: "a sweep failed", sweepFails: true, logged: "ERROR sweep failed"},
		{name: "a drain panicked", panics: true, logged: "ERROR drain panicked"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				d := newLogRecorder()
				var sweepFails, panics atomic.Bool
				sweepFails.Store(tt.sweepFails)
				panics.Store(tt.panics)
				var worked atomic.Int64
				l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: 1, Log: d.log()})
				start(t, l, drain(func(context.Context, int) (bool, error) {
					if panics.Swap(false) {
						panic("poison")
					}
					worked.Add(1)
					return false, nil
				}), sweep(func(context.Context, lane.Kind, int) (bool, time.Duration, error) {
					if sweepFails.Swap(false) {
						return false, 0, errNoAnswer
					}
					return false, 0, nil
				}))
				synctest.Wait()
				l.Ring(t.Context(), 0)
				time.Sleep(3 * time.Second)
				synctest.Wait()
				if worked.Load() == 0 {
					t.Error("no drain succeeded")
				}
				equal(t, "lines "+tt.logged, d.count(tt.logged), 1)
				equal(t, "lines that drains recovered", d.count("INFO drain recovered"), 0)
			})
		})
	}
}

// A ring for a shard that is down, and has its one drain, is answered when that
// drain succeeds, not with the next sweep.
func TestRingWhileAShardRecovers(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		const takes = 10 * time.Millisecond
		var begun [3]atomic.Pointer[time.Time]
		var drains atomic.Int64
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: 1})
		start(t, l, drain(func(ctx context.Context, shard int) (bool, error) {
			n := drains.Add(1) - 1
			if n >= 3 {
				return false, nil
			}
			now := time.Now()
			begun[n].Store(&now)
			switch n {
			case 0:
				return false, errNoAnswer
			case 1: // the first one after that, which the sweep began
				l.Ring(ctx, shard)
				time.Sleep(takes)
			}
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		l.Ring(t.Context(), 0)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		second, third := begun[1].Load(), begun[2].Load()
		if third == nil {
			t.Fatalf("%d drains, want 3: the one that broke off, the next, and the one that was rung for", drains.Load())
		}
		equal(t, "time between the last two", third.Sub(*second), takes)
	})
}
