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

// A shard that is slow to answer, or does not, gets no slot that is reserved
// for it: the caller would take it for nothing. Others do.
func TestReserveForAShardThatIsSlow(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		var away, broken atomic.Bool
		broken.Store(true)
		answer := make(chan struct{})
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Concurrency: 4})
		start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			defer lane.Wait(ctx)()
			<-answer
			if broken.Load() {
				return false, errNoAnswer
			}
			return false, nil
		}), sweep(func(_ context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
			if shard == 3 || shard == 1 && away.Load() {
				return false, 0, errNoAnswer
			}
			return false, 0, nil
		}))
		free := func(shard int) bool {
			run, ok := l.Reserve(shard)
			if ok {
				run(nil)
			}
			return ok
		}
		time.Sleep(10 * time.Millisecond)
		equal(t, "slot for a shard whose sweep failed", free(3), false)
		equal(t, "slot for a shard that answers", free(1), true)
		l.Ring(t.Context(), 1)
		time.Sleep(60 * time.Millisecond)
		equal(t, "slot for a shard whose drain waits", free(1), false)
		equal(t, "slot for another shard meanwhile", free(2), true)
		away.Store(true)
		close(answer)
		synctest.Wait()
		equal(t, "slot for a shard whose drain broke off", free(1), false)
		away.Store(false)
		broken.Store(false)
		time.Sleep(time.Second)
		equal(t, "slot for a shard that answers again", free(1), true)
	})
}

// A drain that ends with the pool tells nothing of its shard: an error is no
// failure then, and none is no recovery.
func TestDrainThatEndsWithItsLine(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := newLogRecorder()
		var drains atomic.Int64
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Log: d.log()})
		stop := start(t, l, drain(func(ctx context.Context, shard int) (bool, error) {
			if shard == 1 && drains.Add(1) == 1 {
				return false, errNoAnswer
			}
			<-ctx.Done()
			if shard == 1 {
				return false, nil
			}
			return false, ctx.Err()
		}), sweep(nothing))
		synctest.Wait()
		l.Ring(t.Context(), 1)
		l.Ring(t.Context(), 2)
		time.Sleep(time.Second)
		equal(t, "drains of the shard that broke off", drains.Load(), int64(2))
		stop()
		equal(t, "drains that broke off", d.count("WARN drain broke off"), 1)
		equal(t, "drains that recovered", d.count("INFO drain recovered"), 0)
	})
}

// A slot that was lent while it was reserved, and is given back then, leaves a
// drain behind: the reply to what it was reserved for may have been lost.
func TestReservationThatWaitedInVain(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards})
		start(t, l, y, sweep(nothing))
		synctest.Wait()
		atOnce, _ := l.Reserve(1)
		late, _ := l.Reserve(2)
		atOnce(nil)
		time.Sleep(60 * time.Millisecond)
		late(nil)
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "drains", y.drains(), []int{2})
	})
}

// For as long as a shard rests after a panic it gets no slot, not even if
// another drain of it, begun before, ends well.
func TestReserveAfterAPanic(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards})
		start(t, l, drain(func(context.Context, int) (bool, error) { panic("poison") }), sweep(nothing))
		synctest.Wait()
		run, _ := l.Reserve(1)
		l.Ring(t.Context(), 1)
		synctest.Wait()
		run(func(context.Context) (bool, error) { return false, nil })
		synctest.Wait()
		if _, ok := l.Reserve(1); ok {
			t.Error("Reserve while the shard rests: want no slot")
		}
	})
}

// A drain that broke off is not repeated at once, even if it says that lanes
// are left.
func TestDrainThatBreaksOffWithWorkLeft(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		var drains atomic.Int64
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards})
		stop := start(t, l, drain(func(context.Context, int) (bool, error) {
			if drains.Add(1) > 100 {
				return false, nil
			}
			return true, errNoAnswer
		}), sweep(nothing))
		synctest.Wait()
		l.Ring(t.Context(), 1)
		time.Sleep(time.Second)
		stop()
		if n := drains.Load(); n < 3 || n > 6 {
			t.Errorf("%d drains in a second, want one with each sweep, 4 or 5", n)
		}
	})
}

// Drains that wait for somebody who is slow hold no slots from others, but for as long
// as anybody may take; and their number is bounded.
func TestDrainsThatLingerHoldNoSlots(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		const slots, most = 2, 2 + 8*2
		var lingering, peak atomic.Int64
		answer := make(chan struct{})
		l := queue.NewPool(lane.Deliver, rdb, queue.Options{Shards: shards, Concurrency: slots})
		start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			peak.Store(max(peak.Load(), lingering.Add(1)))
			heard := lane.Linger(ctx)
			<-answer
			heard()
			lingering.Add(-1)
			return false, nil
		}), sweep(func(context.Context, lane.Kind, int) (bool, time.Duration, error) { return false, 0, nil }))
		for n := range 2 * most {
			l.Ring(t.Context(), n%shards)
			time.Sleep(60 * time.Millisecond)
		}
		equal(t, "drains at once", lingering.Load(), int64(most))
		close(answer)
		time.Sleep(time.Second)
		equal(t, "drains after the answer", lingering.Load(), int64(0))
		run, ok := l.Reserve(1)
		equal(t, "slot for whoever comes then", ok, true)
		run(nil)
	})
}
