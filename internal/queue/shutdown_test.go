package queue_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Run ends once every lane being worked is let go of, whichever way its ring
// came; the drains are told to come to an end, and no other begins.
func TestShutdownWaitsForDrains(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Meter: y})
		stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			<-ctx.Done()
			time.Sleep(5 * time.Second) // the job under way
			return true, nil
		}), sweep(nothing))
		synctest.Wait()
		l.Ring(t.Context(), 1)
		queue.NewPool(lane.Append, rdb, queue.Options{}).Ring(t.Context(), 2)
		y.await(t, "two drains at work", func() bool { return y.working == 2 })
		begun := time.Now()
		stop()
		if took := time.Since(begun); took < 5*time.Second || took > 6*time.Second {
			t.Errorf("Run ended after %v, want the 5s of the drains", took)
		}
		equal(t, "drains at work", y.atWork(), 0)
		l.Ring(t.Context(), 3)
		synctest.Wait()
		equal(t, "rings", y.rings(), map[string]int{queue.ViaLocal: 1, queue.ViaAsynq: 1})
		equal(t, "drains at work", y.atWork(), 0)
	})
}

// A line that is about to end, but has to wait for a drain, takes no rings any
// more, its own included: they are for others.
func TestStoppingLineLeavesRingsToOthers(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		const slots, slow = 8, 4
		y := newTally()
		var begun atomic.Int64
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: slots, Servers: slots, Meter: y})
		stop := start(t, l,
			drain(func(ctx context.Context, _ int) (bool, error) {
				begun.Add(1)
				<-ctx.Done()
				time.Sleep(5 * time.Second)
				return false, nil
			}), sweep(nothing))
		elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{})
		for shard := range slow {
			elsewhere.Ring(t.Context(), shard)
		}
		y.await(t, "slow drains at work", func() bool { return y.working == slow })
		time.AfterFunc(time.Second, func() {
			for shard := range 5 {
				elsewhere.Ring(t.Context(), shard)
				l.Ring(t.Context(), 5+shard)
			}
		})
		stop()
		equal(t, "drains begun", begun.Load(), int64(slow))
		equal(t, "rings left for others", info(t, rdb).Pending, 10)
	})
}

// A ring that waits in a process for a slot does not begin a drain when the
// slot is free because the process stops.
func TestShutdownBeginsNothing(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1})
		var begun atomic.Int64
		stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			begun.Add(1)
			<-ctx.Done()
			time.Sleep(time.Second)
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		for range 3 {
			l.Ring(t.Context(), 1)
		}
		for info(t, rdb).Active == 0 {
			time.Sleep(10 * time.Millisecond)
		}
		stop()
		equal(t, "drains begun", begun.Load(), int64(1))
	})
}

// What a shard is owed when its line stops, because a slot was reserved for a
// step that got no answer, is not drained when another drain of it ends well.
func TestShutdownOwesNothing(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards})
		var begun atomic.Int64
		stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			begun.Add(1)
			<-ctx.Done()
			time.Sleep(2 * time.Second)
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		run, ok := l.Reserve(1)
		if !ok {
			t.Fatal("no slot is free")
		}
		l.Ring(t.Context(), 1)
		time.Sleep(60 * time.Millisecond) // until the slot is lent
		time.AfterFunc(time.Second, func() { run(nil) })
		stop()
		equal(t, "drains begun", begun.Load(), int64(1))
	})
}

// A line that ends at once is no special case.
func TestRunThatEndsAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := queue.NewPool(lane.Append, rdb, queue.Options{}).Run(ctx, newTally(), sweep(nothing)); err != nil {
			t.Errorf("Run = %v", err)
		}
	})
}

// A slot that is reserved is taken until it is used or given back.
func TestReserve(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y := newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1, Meter: y})
		if _, ok := l.Reserve(1); ok {
			t.Error("Reserve before Run: want no slot")
		}
		stop := start(t, l, y, sweep(nothing))
		synctest.Wait()
		giveBack, ok := l.Reserve(1)
		if !ok {
			t.Fatal("Reserve of a free slot: want it")
		}
		if _, ok := l.Reserve(1); ok {
			t.Error("Reserve of a slot that is taken: want none")
		}
		giveBack(nil)
		use, ok := l.Reserve(2)
		if !ok {
			t.Fatal("Reserve of a slot that was given back: want it")
		}
		ended := false
		use(func(ctx context.Context) (bool, error) {
			<-ctx.Done()
			time.Sleep(time.Second)
			ended = true
			return false, nil
		})
		synctest.Wait()
		equal(t, "drains at work", y.atWork(), 1)
		stop()
		equal(t, "the drain has ended with Run", ended, true)
		if _, ok := l.Reserve(1); ok {
			t.Error("Reserve after Run: want no slot")
		}
	})
}

// Run waits for who has reserved a slot and has not said yet what for.
func TestRunWaitsForReservations(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{})
		stop := start(t, l, newTally(), sweep(nothing))
		synctest.Wait()
		use, _ := l.Reserve(1)
		var done error
		time.AfterFunc(3*time.Second, func() {
			use(func(ctx context.Context) (bool, error) {
				done = ctx.Err()
				return false, nil
			})
		})
		begun := time.Now()
		stop()
		if took := time.Since(begun); took < 3*time.Second {
			t.Errorf("Run ended after %v, though a slot is reserved", took)
		}
		if done == nil {
			t.Error("the drain was not told that the pool has ended")
		}
	})
}

// Run is over soon after the grace, even though Redis is silent and drains wait
// for it.
func TestShutdownIsOverWithTheGrace(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	rdb := srv.Client()
	queue.PauseOnFailure(rdb)
	y, hang := newTally(), make(chan struct{})
	var drains sync.WaitGroup
	l := queue.NewPool(lane.Append, rdb, queue.Options{Grace: time.Second, Concurrency: 2, Meter: y})
	stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
		drains.Add(1)
		defer drains.Done()
		<-ctx.Done()
		defer lane.Wait(ctx)() // to give the lane back
		<-hang
		return false, nil
	}), sweep(func(ctx context.Context, _ lane.Kind, _ int) (bool, time.Duration, error) {
		return false, 0, rdb.Get(context.WithoutCancel(ctx), "any").Err() // as one that does not heed its context either
	}))
	elsewhere := queue.NewPool(lane.Append, srv.Client(), queue.Options{})
	for shard := range 5 {
		elsewhere.Ring(t.Context(), shard)
	}
	y.await(t, "two drains at work", func() bool { return y.working == 2 })
	srv.Stop()
	time.Sleep(300 * time.Millisecond) // so that calls of all sorts wait
	begun := time.Now()
	stop()
	if l.Close() {
		t.Error("Close says that nothing was left behind")
	}
	if took := time.Since(begun); took < time.Second || took > 3500*time.Millisecond {
		t.Errorf("Run and Close took %v, want little more than the grace, 1s", took)
	}
	srv.Cont()
	close(hang)
	drains.Wait()
	time.Sleep(time.Second) // what was left behind ends
}

// A drain that takes its time to give its lane back, though Redis answers, is
// waited for a little longer, but not for ever.
func TestShutdownOfASlowMachine(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, d := newTally(), newLogRecorder()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Grace: time.Second, Meter: y, Log: d.log()})
		var takes time.Duration
		stop := start(t, l, drain(func(ctx context.Context, _ int) (bool, error) {
			<-ctx.Done()
			time.Sleep(takes)
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		takes = 2500 * time.Millisecond
		l.Ring(t.Context(), 1)
		synctest.Wait()
		begun := time.Now()
		stop()
		if took := time.Since(begun); took < takes || y.atWork() != 0 {
			t.Errorf("Run ended after %v, with %d drains at work, want it to wait", took, y.atWork())
		}
		const left = "WARN work was left behind at the end of the grace"
		equal(t, "lines that work was left behind", d.count(left), 0)
		if !l.Close() {
			t.Error("Close says that something was left behind")
		}
		again := queue.NewPool(lane.Append, rdb, queue.Options{Grace: time.Second, Meter: y, Log: d.log()})
		stop = start(t, again, drain(func(context.Context, int) (bool, error) {
			time.Sleep(time.Hour)
			return false, nil
		}), sweep(nothing))
		synctest.Wait()
		again.Ring(t.Context(), 1)
		synctest.Wait()
		begun = time.Now()
		stop()
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("Run ended after %v, want it to give up", took)
		}
		equal(t, "lines that work was left behind", d.count(left), 1)
		if again.Close() {
			t.Error("Close says that nothing was left behind")
		}
		time.Sleep(time.Hour)
	})
}
