package queue

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

const (
	maxRingers  = 4                      // rings of a pool on their way to asynq at once
	ringTimeout = time.Second            // that one may take
	ringAgain   = 250 * time.Millisecond // after which one that failed is tried again
	ringTries   = 16                     // after that the sweeps have to find the lane
	maxRung     = 16                     // rings that wait to be popped
	lostAfter   = 2 * time.Second        // after which a ring that is said to wait is looked for
)

// A ringer puts rings into asynq, beside those who ring: at most one for each
// shard is on its way, and one more waits to follow it.
//
// Nor does more than one for each shard wait in asynq, whoever put it there.
// A ring is known by its shard and a number, which is kept in Redis and which
// whoever fetches a ring raises before the shard is looked at. So asynq, which
// refuses a task whose id it has, refuses a ring exactly while the one before
// it has yet to lead somebody to the shard. If a ring was fetched by a process
// that died at that moment, the next one for the shard notices and raises the
// number itself.
type ringer struct {
	kind      lane.Kind
	rdb       redis.UniversalClient
	client    *asynq.Client
	inspector *asynq.Inspector
	log       *slog.Logger
	meter     Meter

	stop context.Context //nolint:containedctx // ends what is on its way at the end of the process
	end  context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex // guards what follows
	closed  bool
	workers int
	pending []int // shards to be rung for
	shards  map[int]*ringState
	failing bool
}

// A ringState is that of a shard.
type ringState struct {
	waiting  bool // to be rung for
	underway bool
	failed   int       // tries since the last one that succeeded
	number   int64     // of the ring that was found waiting in asynq
	since    time.Time // when it was first found, or seen
}

func newRinger(l *Pool) *ringer {
	r := &ringer{
		kind: l.kind, rdb: l.rdb, log: l.log, meter: l.meter,
		client: asynq.NewClientFromRedisClient(l.rdb), inspector: asynq.NewInspectorFromRedisClient(l.rdb),
		shards: map[int]*ringState{},
	}
	r.stop, r.end = context.WithCancel(context.Background())
	return r
}

// ring returns at once.
func (r *ringer) ring(shard int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sh := r.shards[shard]
	if sh == nil {
		sh = &ringState{}
		r.shards[shard] = sh
	}
	if r.closed || sh.waiting {
		return
	}
	sh.waiting = true
	if !sh.underway {
		r.queue(shard)
	}
}

func (r *ringer) queue(shard int) {
	r.pending = append(r.pending, shard)
	if r.workers < maxRingers {
		r.workers++
		r.work.Go(r.deliver)
	}
}

// deliver rings until no shard waits for it.
func (r *ringer) deliver() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.pending) > 0 {
		shard := r.pending[0]
		r.pending = r.pending[1:]
		sh := r.shards[shard]
		sh.waiting, sh.underway = false, true
		r.mu.Unlock()
		r.put(shard, sh)
		r.mu.Lock()
		sh.underway = false
		if sh.waiting {
			r.pending = append(r.pending, shard)
		}
	}
	r.workers--
}

// put makes a ring wait in asynq.
func (r *ringer) put(shard int, sh *ringState) {
	ctx, cancel := context.WithTimeout(r.stop, ringTimeout)
	defer cancel()
	via, err := r.enqueue(ctx, shard, sh)
	if err != nil {
		via = ViaFailed
	}
	r.meter.Rang(r.kind, via)
	r.mu.Lock()
	changed := r.failing != (err != nil)
	r.failing = err != nil
	if err == nil {
		sh.failed = 0
	} else if sh.failed++; sh.failed < ringTries {
		time.AfterFunc(ringAgain, func() { r.ring(shard) })
	}
	r.mu.Unlock()
	switch {
	case changed && err == nil:
		r.log.LogAttrs(ctx, slog.LevelInfo, "rings recovered", slog.String("lane", string(r.kind)))
	case changed:
		r.log.LogAttrs(ctx, slog.LevelWarn, "ring failed",
			slog.String("lane", string(r.kind)), slog.Int("shard", shard), slog.Any("err", err))
	}
}

// enqueue says ViaAsynq if it put the ring into asynq, ViaWaiting if one of
// the shard waits there.
func (r *ringer) enqueue(ctx context.Context, shard int, sh *ringState) (via string, err error) {
	number, err := r.number(ctx, shard)
	for err == nil {
		err = r.task(ctx, shard, number)
		if !errors.Is(err, asynq.ErrTaskIDConflict) {
			return ViaAsynq, err
		}
		found := number
		if number, err = r.number(ctx, shard); err != nil || number != found {
			continue // it was fetched in between
		}
		if r.waits(shard, number, sh) {
			return ViaWaiting, nil
		}
		number, err = r.fetched(ctx, shard)
	}
	return ViaFailed, fmt.Errorf("read the number of the ring: %w", err)
}

// task enqueues the ring of that number. Its number makes it harmless that it
// may wait for long; it is kept nowhere once it is handled.
func (r *ringer) task(ctx context.Context, shard int, number int64) error {
	_, err := r.client.EnqueueContext(ctx, asynq.NewTask(QueueName(r.kind), []byte(strconv.Itoa(shard))),
		asynq.Queue(QueueName(r.kind)), asynq.TaskID(taskID(shard, number)), asynq.MaxRetry(3))
	if err != nil {
		return err
	}
	return r.wake(ctx, shard)
}

// wake pushes the shard for a Server that waits: see [rungKey]. A Server that did
// not wait leaves what was pushed, so the list is cut.
func (r *ringer) wake(ctx context.Context, shard int) error {
	waiting, err := r.rdb.LPush(ctx, rungKey(r.kind), shard).Result()
	if err == nil && waiting > maxRung {
		err = r.rdb.LTrim(ctx, rungKey(r.kind), 0, maxRung-1).Err()
	}
	return err
}

// waits reports whether the ring of the number, which asynq has, still waits to
// be fetched. It is believed for a while before it is looked for.
func (r *ringer) waits(shard int, number int64, sh *ringState) bool {
	now := time.Now()
	if sh.number != number || sh.since.IsZero() {
		sh.number, sh.since = number, now
	}
	if now.Sub(sh.since) < lostAfter {
		return true
	}
	info, err := r.inspector.GetTaskInfo(QueueName(r.kind), taskID(shard, number))
	if err == nil && info.State != asynq.TaskStatePending {
		return false
	}
	sh.since = now
	return true
}

func taskID(shard int, number int64) string { return fmt.Sprintf("%d:%d", shard, number) }

// numbersKey holds the number of the ring to come by shard. It is in the hash
// slot of the queue.
func (r *ringer) numbersKey() string { return "tw:{" + QueueName(r.kind) + "}:rings" }

func (r *ringer) number(ctx context.Context, shard int) (int64, error) {
	n, err := r.rdb.HGet(ctx, r.numbersKey(), strconv.Itoa(shard)).Int64()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	return n, err
}

// fetched lets another ring for the shard into asynq.
func (r *ringer) fetched(ctx context.Context, shard int) (number int64, err error) {
	return r.rdb.HIncrBy(ctx, r.numbersKey(), strconv.Itoa(shard), 1).Result()
}

// close waits until what is on its way has arrived, and returns true, or until
// the time is up.
func (r *ringer) close(within time.Duration) (arrived bool) {
	defer r.end()
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	all := make(chan struct{})
	go func() {
		defer close(all)
		r.work.Wait()
	}()
	timer := time.NewTimer(within)
	defer timer.Stop()
	select {
	case <-all:
		return true
	case <-timer.C:
		return false
	}
}
