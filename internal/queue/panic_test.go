package queue_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// A drain that panics, however it was begun, ends nothing but itself: its slot
// is free again, and its shard is looked at again after a rest.
func TestDrainThatPanics(t *testing.T) {
	t.Parallel()

	tests := map[string]func(t *testing.T, rdb redis.UniversalClient, l *queue.Pool, drain func(context.Context) (bool, error)){
		"rung for here": func(t *testing.T, _ redis.UniversalClient, l *queue.Pool, _ func(context.Context) (bool, error)) {
			l.Ring(t.Context(), 1)
		},
		"rung for elsewhere": func(t *testing.T, rdb redis.UniversalClient, _ *queue.Pool, _ func(context.Context) (bool, error)) {
			queue.NewPool(lane.Append, rdb, queue.Options{}).Ring(t.Context(), 1)
		},
		"in a reserved slot": func(t *testing.T, _ redis.UniversalClient, l *queue.Pool, drain func(context.Context) (bool, error)) {
			run, ok := l.Reserve(1)
			if !ok {
				t.Fatal("no slot is free")
			}
			run(drain)
		},
	}
	for name, ring := range tests {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				y, d := newTally(), newLogRecorder()
				var at []time.Time
				poison := func(ctx context.Context, shard int) (bool, error) {
					if shard != 1 {
						return y.Drain(ctx, shard)
					}
					var looks int
					y.note(func() {
						at = append(at, time.Now())
						looks = len(at)
					})
					if looks > 2 {
						return false, nil
					}
					var lane []int
					return lane[shard] > 0, nil // what happens to a lane without its list
				}
				l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1, Meter: y, Log: d.log()})
				stop := start(t, l, drain(poison), sweep(func(_ context.Context, _ lane.Kind, shard int) (due bool, _ time.Duration, _ error) {
					y.read(func() { due = shard == 1 && len(at) > 0 }) // its lanes stay due
					return due, 0, nil
				}))
				synctest.Wait()
				ring(t, rdb, l, func(ctx context.Context) (bool, error) { return poison(ctx, 1) })
				time.Sleep(100 * time.Millisecond)
				l.Ring(t.Context(), 2)
				synctest.Wait()
				equal(t, "shards drained in the slot it had", y.drains(), []int{2})
				time.Sleep(2900 * time.Millisecond)
				stop()
				if len(at) < 3 || at[1].Sub(at[0]) < time.Second || at[2].Sub(at[1]) < time.Second {
					t.Errorf("the shard was looked at %v, want a second in between", at)
				}
				equal(t, "panics and lanes at work", []int{y.panics, y.atWork()}, []int{2, 0})
				equal(t, "lines", d.count("ERROR drain panicked"), 2)
			})
		})
	}
}

// A sweep that panics, on a reply that nobody understands, is one that failed.
func TestSweepThatPanics(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, d := newTally(), newLogRecorder()
		var reply []int
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Log: d.log()})
		stop := start(t, l, y, sweep(func(_ context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
			return shard != 1 || reply[shard] > 0, 0, nil
		}))
		time.Sleep(time.Second)
		stop()
		equal(t, "complaints", d.count("ERROR sweep failed"), 1)
		for _, shard := range y.drains() {
			if shard == 1 {
				t.Error("the shard was drained")
			}
		}
		if n := len(y.drains()); n < 12 {
			t.Errorf("%d drains of the others in a second, want 12 or more", n)
		}
	})
}
