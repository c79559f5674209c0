package queue_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// refusing is a hook by which every command is refused, for a while.
type refusing struct{ on *atomic.Bool }

func (r refusing) DialHook(next redis.DialHook) redis.DialHook { return next }

func (r refusing) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if r.on.Load() {
			err := refusal("OOM command not allowed when used memory > 'maxmemory'.")
			cmd.SetErr(err)
			return err
		}
		return next(ctx, cmd)
	}
}

func (r refusing) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// While Redis refuses everything for ten minutes, the log has one line for
// each thing that does not work, and one when it does again.
func TestLogHasOneLinePerChange(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, y := newLogRecorder(), newTally()
		var full atomic.Bool
		queue.PauseOnFailure(rdb)
		rdb.AddHook(refusing{&full})
		stop := start(t, queue.NewPool(lane.Append, rdb, queue.Options{Concurrency: 1, Log: d.log()}),
			drain(func(ctx context.Context, shard int) (bool, error) {
				if full.Load() {
					return false, errors.New("redis is full")
				}
				return y.Drain(ctx, shard)
			}),
			sweep(func(context.Context, lane.Kind, int) (bool, time.Duration, error) {
				if full.Load() && time.Now().Second()%2 == 0 { // now and then it answers
					return false, 0, errors.New("redis is full")
				}
				return full.Load(), 0, nil
			}))
		elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{Log: d.log()})
		time.Sleep(time.Second)
		full.Store(true)
		for range 600 {
			elsewhere.Ring(t.Context(), 1)
			time.Sleep(time.Second)
		}
		full.Store(false)
		elsewhere.Ring(t.Context(), 1)
		time.Sleep(time.Minute)
		stop()
		for _, line := range []string{"WARN asynq reported", "INFO asynq recovered"} {
			equal(t, line, d.count(line), 1)
		}
		for _, line := range []string{"WARN ring failed", "INFO rings recovered"} { // of two lines
			if n := d.count(line); n < 1 || n > 2 {
				t.Errorf("%q stands there %d times, want once for each of two lines at most", line, n)
			}
		}
		for _, line := range []string{"WARN drain broke off", "INFO drain recovered"} {
			if n := d.count(line); n > 16 {
				t.Errorf("%q stands there %d times, want once for a shard at most", line, n)
			}
		}
		if d.count("DEBUG asynq reported") < 100 {
			t.Error("the complaints in between are not there for debugging")
		}
	})
}

// A pool that has ended while asynq complained does not say later on that asynq
// has recovered.
func TestLogEndsWithThePool(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		d := newLogRecorder()
		var full atomic.Bool
		queue.PauseOnFailure(rdb)
		rdb.AddHook(refusing{&full})
		stop := start(t, queue.NewPool(lane.Append, rdb, queue.Options{Log: d.log()}), newTally(), sweep(nothing))
		full.Store(true)
		d.await(t, "WARN asynq reported")
		stop()
		time.Sleep(time.Hour)
		equal(t, "lines that asynq recovered", d.count("INFO asynq recovered"), 0)
	})
}

// A ring for a shard that does not exist is an error in the log and reaches
// nobody.
func TestRingThatNamesNoShard(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		d, y := newLogRecorder(), newTally()
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Log: d.log(), Meter: y})
		start(t, l, y, sweep(nothing))
		synctest.Wait()
		for _, shard := range []int{-1, shards} {
			l.Ring(t.Context(), shard)
			if _, ok := l.Reserve(shard); ok {
				t.Errorf("Reserve(%d): want no slot", shard)
			}
		}
		synctest.Wait()
		equal(t, "lines", d.count("ERROR ring names no shard"), 2)
		equal(t, "drains and rings", []int{len(y.drains()), len(y.rings())}, []int{0, 0})
	})
}

// Without rings on their way there is nothing to wait for.
func TestCloseOfAPoolThatIsAtRest(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{})
		l.Ring(t.Context(), 1)
		synctest.Wait()
		begun := time.Now()
		closed := l.Close()
		if took := time.Since(begun); !closed || took > 0 {
			t.Errorf("Close = %t after %v, want true at once", closed, took)
		}
	})
}
