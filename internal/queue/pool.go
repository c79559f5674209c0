package queue

import (
	"cmp"
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Drainer works the due lanes of a shard until none is left or its shift is
// over; more reports that lanes may be left. Wherever it waits for Redis it
// says so by [lane.Wait].
type Drainer interface {
	Drain(ctx context.Context, shard int) (more bool, err error)
}

// A Meter counts wake-ups.
type Meter interface {
	Rang(k lane.Kind, via string) // via is one of the Via constants
	SweepFound(k lane.Kind)
	Working(k lane.Kind) (done func())
	DrainPanicked(k lane.Kind)
}

// How a ring went.
const (
	ViaLocal   = "local"   // to a slot of this process
	ViaAsynq   = "asynq"   // to whichever process fetches the task first
	ViaWaiting = "waiting" // into one of the shard that waits in asynq already
	ViaFailed  = "failed"  // to nobody; a sweep repeats it
)

// Options adjusts a [Pool]. The zero value is fit for production.
type Options struct {
	Shards      int           // 16 if zero
	Concurrency int           // lanes worked at once in this process; 16 if zero
	Servers     int           // asynq Servers; 1 if zero
	Grace       time.Duration // for lanes being worked at a shutdown; 10s if zero
	Log         *slog.Logger  // discarded if nil
	Meter       Meter         // may be nil
}

// A Pool works the lanes of one kind in the slots of this process while it runs,
// and rings for them whether it runs or not.
type Pool struct {
	kind         lane.Kind
	rdb          redis.UniversalClient
	opts         Options
	log          *slog.Logger
	meter        Meter
	asynqLog     *asynqLog
	rings        *ringer
	reachability *reachability
	schedule     *schedule
	abandoned    atomic.Bool // Run has left something behind

	mu      sync.Mutex      // guards what follows
	drainer Drainer         // that of Run
	stop    context.Context //nolint:containedctx // that of Run
}

// NewPool returns the pool of a kind of lanes. It uses rdb for asynq alone and must
// not share it: see [PauseOnFailure].
func NewPool(kind lane.Kind, rdb redis.UniversalClient, opts Options) *Pool {
	opts.Shards = cmp.Or(opts.Shards, 16)
	opts.Concurrency = cmp.Or(opts.Concurrency, 16)
	opts.Servers = min(cmp.Or(opts.Servers, 1), opts.Concurrency)
	opts.Grace = cmp.Or(opts.Grace, 10*time.Second)
	l := &Pool{kind: kind, rdb: rdb, opts: opts, log: opts.Log, meter: opts.Meter, reachability: newReachability()}
	if l.log == nil {
		l.log = slog.New(slog.DiscardHandler)
	}
	if l.meter == nil {
		l.meter = noMeter{}
	}
	l.asynqLog = &asynqLog{log: l.log, lane: slog.String("lane", string(kind))}
	l.rings = newRinger(l)
	l.schedule = newSchedule(opts.Concurrency, opts.Shards)
	return l
}

// QueueName returns the name of the asynq queue of a kind.
func QueueName(kind lane.Kind) string { return "turnwise:" + string(kind) }

// Ring wakes a worker up for a shard: in this process if it has a free slot,
// which costs nothing, else through asynq, for which Ring does not wait.
func (l *Pool) Ring(ctx context.Context, shard int) {
	switch {
	case !l.valid(shard):
		l.log.LogAttrs(ctx, slog.LevelError, "ring names no shard", slog.String("lane", string(l.kind)))
	case l.schedule.ring(shard):
		l.meter.Rang(l.kind, ViaLocal)
	default:
		l.rings.ring(shard)
	}
}

func (l *Pool) valid(shard int) bool { return shard >= 0 && shard < l.opts.Shards }

// Reserve takes a slot of this process, if the pool runs and one is free. The
// caller then calls run exactly once: with a drain of lanes of the shard, or with
// nil to return the slot. Until then the slot counts as waiting for Redis.
func (l *Pool) Reserve(shard int) (run func(drain func(context.Context) (more bool, err error)), ok bool) {
	if !l.valid(shard) {
		return nil, false
	}
	t := l.schedule.reserve(shard)
	if t == nil {
		return nil, false
	}
	l.mu.Lock()
	ctx := l.stop
	l.mu.Unlock()
	answered := t.Wait()
	return func(drain func(context.Context) (bool, error)) {
		answered()
		if drain == nil {
			l.schedule.release(t, unused)
			return
		}
		go l.drain(ctx, t, drain)
	}, true
}

// begin starts a drain of whatever is due in a shard.
func (l *Pool) begin(t *slot) {
	l.mu.Lock()
	ctx, d := l.stop, l.drainer
	l.mu.Unlock()
	go l.drain(ctx, t, func(ctx context.Context) (bool, error) { return d.Drain(ctx, t.shard) })
}

// What is broken off at the end of the grace is given back, for which there is
// margin more, or slack if the machine, not Redis, is what takes its time.
const (
	margin = 500 * time.Millisecond
	slack  = 3 * time.Second
)

// Run answers rings and sweeps until ctx is done and every lane being worked
// is let go of. What does not end within the grace, because Redis does not
// answer, is left behind: it ends with the process.
func (l *Pool) Run(ctx context.Context, d Drainer, s Sweeper) error {
	l.mu.Lock()
	l.drainer, l.stop = d, ctx
	l.mu.Unlock()
	l.schedule.start(l.begin)

	client := serverClient{UniversalClient: l.rdb, reachability: l.reachability, rung: rungKey(l.kind), stop: ctx}
	servers, err := l.start(client)
	var sweeps sync.WaitGroup
	if err == nil {
		l.sweep(ctx, s, &sweeps)
		sweeps.Go(func() { l.drainUnasked(ctx) })
		<-ctx.Done()
	}
	l.schedule.stop()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		shutDown(client, servers)
		sweeps.Wait()
		l.schedule.drains.Wait()
	}()
	if !l.awaitEnd(ended) {
		l.abandoned.Store(true)
		l.log.LogAttrs(ctx, slog.LevelWarn, "work was left behind at the end of the grace", slog.String("lane", string(l.kind)))
	}
	l.asynqLog.close()
	return err
}

// awaitEnd waits until the channel is closed, or until the grace is over and
// whoever is still at work waits for Redis in vain: seen twice, because a drain
// that has just ended leaves its slot before the channel is closed.
func (l *Pool) awaitEnd(ended <-chan struct{}) bool {
	begun := time.Now()
	timer := time.NewTimer(l.opts.Grace + margin)
	defer timer.Stop()
	for idle := 0; ; timer.Reset(lendAfter) {
		select {
		case <-ended:
			return true
		case <-timer.C:
		}
		if idle++; !l.schedule.idle() {
			idle = 0
		}
		if idle == 2 || time.Since(begun) > l.opts.Grace+slack {
			return false
		}
	}
}

// Close waits, a second at most, until the rings that are on their way have
// arrived. The line rings nobody afterwards. It returns false if something was
// left behind that still uses the client of asynq: then that must not be
// closed, because asynq panics over it.
func (l *Pool) Close() bool {
	return l.rings.close(time.Second) && !l.abandoned.Load()
}

type noMeter struct{}

func (noMeter) Rang(lane.Kind, string)   {}
func (noMeter) SweepFound(lane.Kind)     {}
func (noMeter) Working(lane.Kind) func() { return func() {} }
func (noMeter) DrainPanicked(lane.Kind)  {}
