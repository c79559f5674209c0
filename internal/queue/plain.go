package queue

import (
	"context"
	"fmt"
	"sync/atomic"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"
)

// Plain runs tasks through asynq alone, with a handler that does nothing: what
// the benchmarks compare lanes with. Fill enqueues, Work processes.
type Plain struct {
	rdb   redis.UniversalClient
	queue string
}

// NewPlain returns a Plain on a queue of its own.
func NewPlain(rdb redis.UniversalClient, queue string) Plain { return Plain{rdb: rdb, queue: queue} }

// Fill enqueues n tasks with the payload.
func (p Plain) Fill(ctx context.Context, n int, payload []byte) error {
	client := asynq.NewClientFromRedisClient(p.rdb)
	for range n {
		if _, err := client.EnqueueContext(ctx, asynq.NewTask("plain", payload), asynq.Queue(p.queue)); err != nil {
			return fmt.Errorf("enqueue a plain task: %w", err)
		}
	}
	return nil
}

// Work processes until n tasks are done or ctx ends.
func (p Plain) Work(ctx context.Context, n, concurrency int) error {
	srv := asynq.NewServerFromRedisClient(p.rdb, asynq.Config{
		Concurrency: concurrency, Queues: map[string]int{p.queue: 1}, LogLevel: asynq.FatalLevel,
	})
	done := make(chan struct{})
	var count atomic.Int64
	err := srv.Start(asynq.HandlerFunc(func(context.Context, *asynq.Task) error {
		if count.Add(1) == int64(n) {
			close(done)
		}
		return nil
	}))
	if err != nil {
		return fmt.Errorf("start a plain asynq server: %w", err)
	}
	defer srv.Shutdown()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
