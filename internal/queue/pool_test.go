package queue_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// With a slot free in this process a ring costs nothing: no task, no round
// trip, no wait.
func TestRingReachesALocalSlot(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Meter: y})
		start(t, l, y, sweep(nothing))
		synctest.Wait()
		begun := time.Now()
		l.Ring(t.Context(), 7)
		synctest.Wait()
		equal(t, "shards drained", y.drains(), []int{7})
		equal(t, "rings", y.rings(), map[string]int{queue.ViaLocal: 1})
		equal(t, "time it took", time.Since(begun), 0*time.Second)
		equal(t, "tasks in asynq", info(t, rdb).Processed, 0)
	})
}

// A process that does not work lanes rings those that do.
func TestRingReachesAnotherProcess(t *testing.T) {
	each(t, func(t *testing.T, rdb redis.UniversalClient) {
		here, there := newTally(), newTally()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{Meter: there}), there, sweep(nothing))
		l := queue.NewPool(lane.Append, rdb, queue.Options{Meter: here})
		l.Ring(t.Context(), 3)
		l.Ring(t.Context(), 15)
		there.await(t, "two drains", func() bool { return len(there.drained) == 2 })
		there.read(func() { equal(t, "shards drained", slices.Sorted(slices.Values(there.drained)), []int{3, 15}) })
		here.await(t, "two rings", func() bool { return here.vias[queue.ViaAsynq] == 2 })
		here.read(func() { equal(t, "rings here", here.vias, map[string]int{queue.ViaAsynq: 2}) })
		harmless(t, settled(t, rdb, 2))
	})
}

// So does a process whose slots are all taken.
func TestRingWithoutAFreeSlotGoesElsewhere(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 2, Meter: y})
		end := make(chan struct{})
		stop := start(t, l, drain(func(context.Context, int) (bool, error) { <-end; return false, nil }), sweep(nothing))
		synctest.Wait()
		for shard := range 3 {
			l.Ring(t.Context(), shard)
		}
		synctest.Wait()
		equal(t, "rings", y.rings(), map[string]int{queue.ViaLocal: 2, queue.ViaAsynq: 1})
		equal(t, "drains at work", y.atWork(), 2)
		close(end)
		stop()
		equal(t, "drains at work after the end", y.atWork(), 0)
	})
}

// No more lanes are worked at once than there are slots, whichever way the
// rings came.
func TestConcurrencyIsBounded(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		most := 0
		drained := map[int]bool{}
		here := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 3, Servers: 2, Meter: y})
		start(t, here, drain(func(_ context.Context, shard int) (bool, error) {
			y.note(func() { most = max(most, y.working) })
			time.Sleep(30 * time.Millisecond)
			y.note(func() { drained[shard] = true })
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{})
		for n := range 20 {
			here.Ring(t.Context(), n%16)
			elsewhere.Ring(t.Context(), n%16)
		}
		y.await(t, "drains of all shards", func() bool { return len(drained) == 16 })
		y.read(func() { equal(t, "drains at once", most, 3) })
	})
}

// A drain that leaves work behind is followed by another one, in turn with
// others.
func TestDrainThatLeavesWorkIsRepeated(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1})
		left := 5
		start(t, l, drain(func(ctx context.Context, shard int) (bool, error) {
			_, err := y.Drain(ctx, shard)
			left--
			return left > 0, err
		}), sweep(nothing))
		synctest.Wait()
		l.Ring(t.Context(), 4)
		y.await(t, "five drains", func() bool { return len(y.drained) == 5 })
		time.Sleep(time.Second)
		synctest.Wait()
		equal(t, "shards drained", y.drains(), []int{4, 4, 4, 4, 4})
	})
}

// Whatever somebody puts into the queue by hand, it neither disturbs nor stays.
func TestGarbageIsThrownAway(t *testing.T) {
	each(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, d := newTally(), newLogRecorder()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{Shards: 16, Log: d.log()}), y, sweep(nothing))
		client := asynq.NewClientFromRedisClient(rdb)
		garbage := []string{"", "x", "-1", "16", "1e1", " 3", "99999999999999999999", "{}", "\x00\xff"}
		for _, payload := range append(garbage, "5") {
			task := asynq.NewTask("any", []byte(payload))
			if _, err := client.EnqueueContext(t.Context(), task, asynq.Queue(queue.QueueName(lane.Append))); err != nil {
				t.Fatal(err)
			}
		}
		harmless(t, settled(t, rdb, len(garbage)+1))
		y.await(t, "a drain", func() bool { return len(y.drained) > 0 })
		y.read(func() { equal(t, "shards drained", y.drained, []int{5}) })
		equal(t, "complaints", d.count("ERROR ring names no shard"), len(garbage))
	})
}

// An error of a drain is logged, once until a drain of the shard succeeds, and
// no more: the lanes stay due, and asynq has nothing to repeat or to archive,
// after any number of rings.
func TestNothingStaysInAsynq(t *testing.T) {
	each(t, func(t *testing.T, rdb redis.UniversalClient) {
		const rounds, rung = 20, 10
		y, d := newTally(), newLogRecorder()
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{Log: d.log()}), drain(func(ctx context.Context, shard int) (bool, error) {
			_, err := y.Drain(ctx, shard)
			if shard == 3 {
				err = errors.New("redis is away")
			}
			return false, err
		}), sweep(nothing))
		elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{})
		for n := range rounds {
			for shard := range rung {
				elsewhere.Ring(t.Context(), shard)
			}
			settled(t, rdb, (n+1)*rung)
		}
		harmless(t, settled(t, rdb, rounds*rung))
		equal(t, "drains that are logged", d.count("WARN drain broke off"), 1)
	})
}

// A ring that reaches nobody is counted, and its caller does not wait for it.
func TestRingThatFails(t *testing.T) {
	t.Parallel()
	y, d := newTally(), newLogRecorder()
	rdb := redis.NewClient(&redis.Options{Addr: "127.0.0.1:1", MaxRetries: -1, DialerRetries: 1})
	defer func() {
		if err := rdb.Close(); err != nil {
			t.Error(err)
		}
	}()
	queue.PauseOnFailure(rdb)
	l := queue.NewPool(lane.Append, rdb, queue.Options{Meter: y, Log: d.log()})
	defer l.Close()
	for range 5 {
		l.Ring(t.Context(), 1)
		l.Ring(t.Context(), 2)
	}
	y.await(t, "rings that fail", func() bool { return y.vias[queue.ViaFailed] >= 2 })
	equal(t, "complaints", d.count("WARN ring failed"), 1)
}

// A ring is made even though the request that caused it is over.
func TestRingOutlivesItsCaller(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		queue.NewPool(lane.Append, rdb, queue.Options{Meter: y}).Ring(ctx, 1)
		synctest.Wait()
		equal(t, "rings", y.rings(), map[string]int{queue.ViaAsynq: 1})
	})
}

func TestBells(t *testing.T) {
	t.Parallel()

	tests := []struct {
		wake lane.Wake
		want []string
	}{
		{lane.Wake{}, nil},
		{lane.Wake{Append: true}, []string{"append"}},
		{lane.Wake{Deliver: true}, []string{"deliver"}},
		{lane.Wake{Append: true, Deliver: true}, []string{"append", "deliver"}},
	}
	for n, tt := range tests {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				bells := queue.Doorbells{
					Append:  queue.NewPool(lane.Append, rdb, queue.Options{}),
					Deliver: queue.NewPool(lane.Deliver, rdb, queue.Options{}),
				}
				bells.Ring(t.Context(), 2, tt.wake)
				bells.Close()
				queues, err := asynq.NewInspectorFromRedisClient(rdb).Queues()
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, k := range lane.Kinds() {
					if slices.Contains(queues, queue.QueueName(k)) {
						got = append(got, string(k))
					}
				}
				equal(t, "lines rung", got, tt.want)
			})
		})
	}
}
