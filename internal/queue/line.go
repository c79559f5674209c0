package queue

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Drainer works the due lanes of a shard until none is left or its shift is
// over; more reports that lanes may be left.
type Drainer interface {
	Drain(ctx context.Context, shard int) (more bool, err error)
}

// A Meter counts wake-ups.
type Meter interface {
	Rang(k lane.Kind, via string) // via is one of the Via constants
	SweepFound(k lane.Kind)
	Working(k lane.Kind) (done func())
}

// How a ring went.
const (
	ViaLocal  = "local"  // to a slot of this process
	ViaAsynq  = "asynq"  // to whichever process fetches the task first
	ViaFailed = "failed" // to nobody; a sweep repeats it
)

// Options adjusts a [Line]. The zero value is fit for production.
type Options struct {
	Shards      int           // 16 if zero
	Concurrency int           // lanes worked at once in this process; 16 if zero
	Servers     int           // asynq Servers; 2 if zero
	Grace       time.Duration // for lanes being worked at a shutdown; 10s if zero
	Log         *slog.Logger  // discarded if nil
	Meter       Meter         // may be nil
}

// A Line is the doorbell of one kind of lanes, and, while it runs, the workers
// who answer it.
type Line struct {
	kind   lane.Kind
	rdb    redis.UniversalClient
	client *asynq.Client
	opts   Options
	log    *slog.Logger
	meter  Meter
	slots  chan struct{}

	mu      sync.Mutex      // guards what follows
	drainer Drainer         // nil while the line does not run here
	stop    context.Context //nolint:containedctx // that of Run
	drains  sync.WaitGroup
}

// NewLine returns the line of a kind. It uses rdb for asynq alone and must not
// share it: see [Brake].
func NewLine(kind lane.Kind, rdb redis.UniversalClient, opts Options) *Line {
	opts.Shards = cmp.Or(opts.Shards, 16)
	opts.Concurrency = cmp.Or(opts.Concurrency, 16)
	opts.Servers = min(cmp.Or(opts.Servers, 2), opts.Concurrency)
	opts.Grace = cmp.Or(opts.Grace, 10*time.Second)
	l := &Line{
		kind: kind, rdb: rdb, client: asynq.NewClientFromRedisClient(rdb), opts: opts, log: opts.Log, meter: opts.Meter,
		slots: make(chan struct{}, opts.Concurrency),
	}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.meter == nil {
		l.meter = silent{}
	}
	return l
}

// QueueName returns the name of the asynq queue of a kind.
func QueueName(kind lane.Kind) string { return "turnwise:" + string(kind) }

// Ring wakes a worker up for a shard: in this process if it has a free slot,
// which costs nothing, else through asynq.
func (l *Line) Ring(ctx context.Context, shard int) {
	if l.drainHere(shard) {
		l.meter.Rang(l.kind, ViaLocal)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	task := asynq.NewTask(QueueName(l.kind), []byte(strconv.Itoa(shard)))
	_, err := l.client.EnqueueContext(ctx, task, asynq.Queue(QueueName(l.kind)), asynq.MaxRetry(3))
	if err != nil {
		l.meter.Rang(l.kind, ViaFailed)
		l.log.LogAttrs(ctx, slog.LevelDebug, "ring failed",
			slog.String("lane", string(l.kind)), slog.Int("shard", shard), slog.Any("err", err))
		return
	}
	l.meter.Rang(l.kind, ViaAsynq)
}

// drainHere starts a drain if the line runs in this process and has a slot.
func (l *Line) drainHere(shard int) bool {
	run, ok := l.Reserve(shard)
	if ok {
		run(l.drainShard(shard))
	}
	return ok
}

// Reserve takes a slot of this process, if the line runs here and one is free.
// The caller then calls run once: with what to do in the slot, about lanes of
// the shard, or with nil to give it back.
func (l *Line) Reserve(shard int) (run func(drain func(context.Context) (more bool, err error)), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.drainer == nil || l.stop.Err() != nil {
		return nil, false
	}
	select {
	case l.slots <- struct{}{}:
	default:
		return nil, false
	}
	ctx := l.stop
	l.drains.Add(1)
	return func(drain func(context.Context) (bool, error)) {
		if drain == nil {
			<-l.slots
			l.drains.Done()
			return
		}
		go func() {
			defer l.drains.Done()
			l.drain(ctx, shard, drain)
		}()
	}, true
}

// answer handles a task of asynq. It never fails: whatever goes wrong, the
// lanes stay due, and a sweep rings again.
func (l *Line) answer(_ context.Context, task *asynq.Task) error {
	shard, err := strconv.Atoi(string(task.Payload()))
	if err != nil || shard < 0 || shard >= l.opts.Shards {
		l.log.LogAttrs(context.Background(), slog.LevelError, "ring names no shard", slog.String("lane", string(l.kind)))
		return nil //nolint:nilerr // asynq would try again what can never work
	}
	l.mu.Lock()
	ctx := l.stop
	l.mu.Unlock()
	select {
	case l.slots <- struct{}{}:
		l.drain(ctx, shard, l.drainShard(shard))
	case <-ctx.Done():
	}
	return nil
}

// drainShard returns what works whatever is due in a shard.
func (l *Line) drainShard(shard int) func(context.Context) (more bool, err error) {
	l.mu.Lock()
	d := l.drainer
	l.mu.Unlock()
	if d == nil { // the line has just stopped
		return func(context.Context) (bool, error) { return false, nil }
	}
	return func(ctx context.Context) (bool, error) { return d.Drain(ctx, shard) }
}

// drain works in a slot that is taken, and gives the slot back.
func (l *Line) drain(ctx context.Context, shard int, drain func(context.Context) (bool, error)) {
	more, err := l.inSlot(ctx, drain)
	if err != nil && ctx.Err() == nil {
		l.log.LogAttrs(ctx, slog.LevelWarn, "drain broke off",
			slog.String("lane", string(l.kind)), slog.Int("shard", shard), slog.Any("err", err))
	}
	if more && ctx.Err() == nil {
		l.Ring(ctx, shard)
	}
}

// inSlot gives the slot back whatever happens, because asynq recovers panics.
func (l *Line) inSlot(ctx context.Context, drain func(context.Context) (bool, error)) (more bool, err error) {
	done := l.meter.Working(l.kind)
	defer func() {
		done()
		<-l.slots
	}()
	return drain(ctx)
}

// Run answers rings and sweeps until ctx is done and every lane being worked
// is let go of.
func (l *Line) Run(ctx context.Context, d Drainer, s Sweeper) error {
	l.mu.Lock()
	l.drainer, l.stop = d, ctx
	l.mu.Unlock()

	servers, err := l.start()
	if err == nil {
		l.sweep(ctx, s)
	}
	for _, srv := range servers { // all of them, before one is waited for
		srv.Stop()
	}
	for _, srv := range servers {
		srv.Shutdown()
	}
	l.mu.Lock()
	l.drainer = nil
	l.mu.Unlock()
	l.drains.Wait()
	return err
}

func (l *Line) start() (servers []*asynq.Server, err error) {
	for range l.opts.Servers {
		srv := asynq.NewServerFromRedisClient(l.rdb, asynq.Config{
			Concurrency:       (l.opts.Concurrency + l.opts.Servers - 1) / l.opts.Servers,
			Queues:            map[string]int{QueueName(l.kind): 1},
			TaskCheckInterval: 20 * time.Millisecond,
			ShutdownTimeout:   l.opts.Grace + time.Second,
			Logger:            asynqLog{l.log},
			LogLevel:          asynq.WarnLevel,
		})
		if err := srv.Start(asynq.HandlerFunc(l.answer)); err != nil {
			return servers, fmt.Errorf("start an asynq server for the %s lanes: %w", l.kind, err)
		}
		servers = append(servers, srv)
	}
	return servers, nil
}

type silent struct{}

func (silent) Rang(lane.Kind, string)   {}
func (silent) SweepFound(lane.Kind)     {}
func (silent) Working(lane.Kind) func() { return func() {} }
