package queue

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/hibiken/asynq"
)

// raiseTimeout is how long a ring that was fetched may take to say so in Redis.
const raiseTimeout = 250 * time.Millisecond

// asynq's own chores: tasks that are to be retried, and completed ones that are
// to be deleted. Turnwise has neither, but for a task whose process died.
const choresEvery = time.Minute

// start starts the Servers. Each fetches few tasks at a time, because a task
// is handled as soon as a drain has begun, and one that waits here for a slot
// is kept from other processes. While there is nothing to fetch, serverClient
// keeps them waiting, so TaskCheckInterval is as short as it can be.
func (l *Pool) start(client serverClient) (servers []*asynq.Server, err error) {
	for range l.opts.Servers {
		srv := asynq.NewServerFromRedisClient(client, asynq.Config{
			Concurrency:       min(2, (l.opts.Concurrency+l.opts.Servers-1)/l.opts.Servers),
			Queues:            map[string]int{QueueName(l.kind): 1},
			TaskCheckInterval: time.Millisecond,

			DelayedTaskCheckInterval: choresEvery,
			JanitorInterval:          choresEvery,
			ShutdownTimeout:          l.opts.Grace,
			Logger:                   l.asynqLog,
			LogLevel:                 asynq.WarnLevel,
		})
		if err := srv.Start(asynq.HandlerFunc(l.answer)); err != nil {
			return servers, fmt.Errorf("start an asynq server for the %s lanes: %w", l.kind, err)
		}
		servers = append(servers, srv)
	}
	return servers, nil
}

// shutDown ends all Servers at once, since each may wait for Redis.
func shutDown(client serverClient, servers []*asynq.Server) {
	var all sync.WaitGroup
	all.Go(func() { client.endWaiting(len(servers)) })
	for _, srv := range servers {
		all.Go(func() {
			srv.Stop()
			srv.Shutdown()
		})
	}
	all.Wait()
}

// answer handles a task of asynq: it ends when a drain of the shard has begun.
// It never fails: whatever goes wrong, the lanes stay due, and a sweep rings
// again.
func (l *Pool) answer(_ context.Context, task *asynq.Task) error {
	shard, err := strconv.Atoi(string(task.Payload()))
	if err != nil || !l.valid(shard) {
		l.log.LogAttrs(context.Background(), slog.LevelError, "ring names no shard", slog.String("lane", string(l.kind)))
		return nil //nolint:nilerr // asynq would try again what can never work
	}
	ctx, cancel := context.WithTimeout(context.Background(), raiseTimeout)
	_, err = l.rings.fetched(ctx, shard)
	cancel()
	if err != nil {
		l.log.LogAttrs(context.Background(), slog.LevelDebug, "ring was not ticked off",
			slog.String("lane", string(l.kind)), slog.Int("shard", shard), slog.Any("err", err))
	}
	<-l.schedule.await(shard)
	return nil
}
