package queue_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// always is what a Sweeper finds of shards that are due and stay so: it rings
// twice a second, as the store does whose mark expires.
func always() sweep {
	rung := make([]time.Time, 16)
	return func(_ context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
		if time.Since(rung[shard]) < 500*time.Millisecond {
			return false, 0, nil
		}
		rung[shard] = time.Now()
		return true, 0, nil
	}
}

// bounded checks that no more rings wait in asynq than there are shards, and
// that what Redis holds does not grow.
func bounded(t *testing.T, rdb redis.UniversalClient, each time.Duration, wait func(time.Duration)) {
	t.Helper()
	wait(each)
	size := func() int64 { return rdb.DBSize(t.Context()).Val() }
	before := size()
	for range 3 {
		wait(each)
		if n := info(t, rdb).Pending; n > 16 {
			t.Errorf("%d rings wait in asynq, want one for each of 16 shards at most", n)
		}
		if now := size(); now > before+8 { // of the servers and of what is being fetched
			t.Errorf("Redis has %d keys, want about the %d of before", now, before)
		}
	}
}

// Processes that only take requests, and nobody who works: no more than one
// ring for each shard waits, and whoever comes at last looks at all of them.
func TestRingsDoNotPileUpWithoutWorkers(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		processes := []*queue.Pool{
			queue.NewPool(lane.Append, rdb, queue.Options{Meter: y}),
			queue.NewPool(lane.Append, rdb, queue.Options{Meter: y}),
		}
		rings := 0
		bounded(t, rdb, 20*time.Second, func(d time.Duration) {
			for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(71 * time.Millisecond) {
				processes[rings%2].Ring(t.Context(), rings%16)
				rings++
			}
		})
		synctest.Wait()
		equal(t, "rings", y.rings(), map[string]int{queue.ViaAsynq: 16, queue.ViaWaiting: rings - 16})
		worker := newTally()
		begun := time.Now()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{}), worker, sweep(nothing))
		worker.await(t, "drains of all shards", func() bool { return len(worker.drained) == 16 })
		if took := time.Since(begun); took > time.Second {
			t.Errorf("the shards were drained after %v, want at once", took)
		}
		harmless(t, settled(t, rdb, 16))
	})
}

// Workers whose slots are all taken, for as long as a receiver hangs: the same.
func TestRingsDoNotPileUpBehindDrainsThatHang(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, hang, due := newTally(), make(chan struct{}), always()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 2}), drain(func(ctx context.Context, shard int) (bool, error) {
			<-hang
			return y.Drain(ctx, shard)
		}), due)
		bounded(t, rdb, 20*time.Second, time.Sleep)
		close(hang)
		y.await(t, "drains of all shards", func() bool {
			shards := map[int]bool{}
			for _, shard := range y.drained {
				shards[shard] = true
			}
			return len(shards) == 16
		})
	})
}

// One slot and work of a second each: the same, and every shard has its turn.
func TestRingsDoNotPileUpBehindSlowDrains(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		stop := start(t, queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1}), drain(func(ctx context.Context, shard int) (bool, error) {
			time.Sleep(time.Second)
			return y.Drain(ctx, shard)
		}), always())
		bounded(t, rdb, 30*time.Second, time.Sleep)
		stop()
		drains := map[int]int{}
		for _, shard := range y.drains() {
			drains[shard]++
		}
		for shard := range 16 {
			if n := drains[shard]; n < 5 {
				t.Errorf("shard %d was drained %d times in two minutes, want one time in sixteen, 7", shard, n)
			}
		}
	})
}

// TestRingThatWasFetchedForNothing makes the ring of a shard one that can
// never lead to it, though asynq has it: another one gets in all the same.
func TestRingThatWasFetchedForNothing(t *testing.T) {
	t.Parallel()

	name := queue.QueueName(lane.Append)
	tests := map[string]func(t *testing.T, rdb redis.UniversalClient){
		"its process died at that moment": func(t *testing.T, rdb redis.UniversalClient) {
			moved, err := rdb.RPopLPush(t.Context(), "asynq:{"+name+"}:pending", "asynq:{"+name+"}:active").Result()
			if err != nil || moved != "3:0" {
				t.Fatalf("the task %q was fetched, %v; want 3:0", moved, err)
			}
			if err := rdb.HSet(t.Context(), "asynq:{"+name+"}:t:"+moved, "state", "active").Err(); err != nil {
				t.Fatal(err)
			}
		},
		"an operator archived it": func(t *testing.T, rdb redis.UniversalClient) {
			if _, err := asynq.NewInspectorFromRedisClient(rdb).ArchiveAllPendingTasks(name); err != nil {
				t.Fatal(err)
			}
		},
	}
	for what, harm := range tests {
		t.Run(what, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				l := queue.NewPool(lane.Append, rdb, queue.Options{})
				l.Ring(t.Context(), 3)
				synctest.Wait()
				harm(t, rdb)
				for range 7 { // as sweeps would
					l.Ring(t.Context(), 3)
					time.Sleep(500 * time.Millisecond)
				}
				equal(t, "rings that wait", info(t, rdb).Pending, 1)
			})
		})
	}
}

// A ring between the fetching of the one before it and its drain is not lost.
func TestRingBehindOneThatIsFetched(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{})
		y := newTally()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{}), drain(func(ctx context.Context, shard int) (bool, error) {
			var drains int
			y.note(func() {
				y.drained = append(y.drained, shard)
				drains = len(y.drained)
			})
			if drains > 1 {
				return false, nil
			}
			elsewhere.Ring(ctx, shard) // for a lane that this drain does not see any more
			time.Sleep(time.Second)
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		elsewhere.Ring(t.Context(), 5)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		equal(t, "drains", y.drains(), []int{5, 5})
	})
}

// hanging is a hook by which every command takes long.
type hanging struct {
	takes time.Duration
	calls func(key string)
}

func (h hanging) DialHook(next redis.DialHook) redis.DialHook { return next }

func (h hanging) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() == "hget" {
			h.calls(fmt.Sprint(cmd.Args()[2]))
		}
		time.Sleep(h.takes)
		return next(ctx, cmd)
	}
}

func (h hanging) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// A ring does not delay who rings, and however many there are, of each shard
// one is on its way and another one waits to follow it.
func TestRingDoesNotWait(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, asked := newTally(), map[string]int{}
		rdb.AddHook(hanging{100 * time.Millisecond, func(shard string) { y.note(func() { asked[shard]++ }) }})
		l := queue.NewPool(lane.Append, rdb, queue.Options{Meter: y})
		begun := time.Now()
		for n := range 1000 {
			l.Ring(t.Context(), n%5)
		}
		equal(t, "time that the rings took", time.Since(begun), 0*time.Second)
		synctest.Wait()
		for n := range 1000 {
			l.Ring(t.Context(), n%5)
		}
		begun = time.Now()
		l.Close()
		if took := time.Since(begun); took > time.Second {
			t.Errorf("Close took %v, want a second at most", took)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		y.read(func() { equal(t, "shards that a ring was for", len(asked), 5) })
		rings := y.rings()
		total := rings[queue.ViaAsynq] + rings[queue.ViaWaiting] + rings[queue.ViaFailed]
		if total < 5 || total > 10 {
			t.Errorf("%d rings were made, want one or two for each of five shards: %v", total, rings)
		}
	})
}
