package queue_test

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hibiken/asynq"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// bubble runs a test on a miniredis whose clock, like that of asynq and all
// else in it, moves when all are waiting.
func bubble(t *testing.T, test func(t *testing.T, rdb redis.UniversalClient)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, redistest.New(t)) })
}

// each runs a test on miniredis and on a real Redis, by the real clock.
func each(t *testing.T, test func(t *testing.T, rdb redis.UniversalClient)) {
	t.Helper()
	t.Parallel()
	redistest.Each(t, test)
}

// drain is a Drainer.
type drain func(ctx context.Context, shard int) (more bool, err error)

func (d drain) Drain(ctx context.Context, shard int) (bool, error) { return d(ctx, shard) }

// sweep is a Sweeper.
type sweep func(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error)

func (s sweep) Sweep(ctx context.Context, kind lane.Kind, shard int) (bool, time.Duration, error) {
	return s(ctx, kind, shard)
}

// nothing is what a Sweeper finds in an empty index.
func nothing(context.Context, lane.Kind, int) (bool, time.Duration, error) { return false, 0, nil }

// start runs a pool until the returned function is called, or the test ends,
// and waits for it then.
func start(t *testing.T, l *queue.Pool, d queue.Drainer, s queue.Sweeper) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx, d, s) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// A tally records drains and is the Meter of a pool.
type tally struct {
	mu      sync.Mutex
	drained []int // shards
	vias    map[string]int
	found   int
	working int
	panics  int
	changed chan struct{} // closed with every change
}

func newTally() *tally { return &tally{vias: map[string]int{}, changed: make(chan struct{})} }

func (y *tally) note(fn func()) {
	y.mu.Lock()
	defer y.mu.Unlock()
	fn()
	close(y.changed)
	y.changed = make(chan struct{})
}

// Drain notes the shard and finds nothing to do.
func (y *tally) Drain(_ context.Context, shard int) (bool, error) {
	y.note(func() { y.drained = append(y.drained, shard) })
	return false, nil
}

func (y *tally) DrainPanicked(lane.Kind)      { y.note(func() { y.panics++ }) }
func (y *tally) Rang(_ lane.Kind, via string) { y.note(func() { y.vias[via]++ }) }
func (y *tally) SweepFound(lane.Kind)         { y.note(func() { y.found++ }) }
func (y *tally) Working(lane.Kind) func() {
	y.note(func() { y.working++ })
	return func() { y.note(func() { y.working-- }) }
}

// drains returns the shards drained so far.
func (y *tally) drains() []int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return slices.Clone(y.drained)
}

// rings returns how many rings went which way.
func (y *tally) rings() map[string]int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return maps.Clone(y.vias)
}

// atWork returns how many drains are at work.
func (y *tally) atWork() int {
	y.mu.Lock()
	defer y.mu.Unlock()
	return y.working
}

// await waits until a condition on the tally holds.
func (y *tally) await(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		y.mu.Lock()
		ok, changed := holds(), y.changed
		y.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-changed:
		case <-late:
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (y *tally) read(fn func()) {
	y.mu.Lock()
	defer y.mu.Unlock()
	fn()
}

// info returns what asynq knows of the append lanes' queue.
func info(t *testing.T, rdb redis.UniversalClient) *asynq.QueueInfo {
	t.Helper()
	got, err := asynq.NewInspectorFromRedisClient(rdb).GetQueueInfo(queue.QueueName(lane.Append))
	if err != nil {
		if strings.Contains(err.Error(), "NOT_FOUND") {
			return &asynq.QueueInfo{}
		}
		t.Fatal(err)
	}
	return got
}

// settled waits until asynq has processed that many tasks, and returns what it
// knows then.
func settled(t *testing.T, rdb redis.UniversalClient, tasks int) *asynq.QueueInfo {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		got := info(t, rdb)
		if got.Processed >= tasks && got.Size == 0 {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("asynq has processed %d tasks of %d: %+v", got.Processed, tasks, got)
		}
	}
}

// harmless checks that asynq holds no task back and counts none as failed.
func harmless(t *testing.T, q *asynq.QueueInfo) {
	t.Helper()
	got := map[string]int{"archived": q.Archived, "retry": q.Retry, "failed": q.Failed, "left": q.Size, "scheduled": q.Scheduled}
	equal(t, "tasks in asynq", got, map[string]int{"archived": 0, "retry": 0, "failed": 0, "left": 0, "scheduled": 0})
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// A logRecorder keeps the messages of a log.
type logRecorder struct {
	slog.Handler
	mu       sync.Mutex
	messages []string
	written  chan struct{} // closed with every message
}

func newLogRecorder() *logRecorder {
	return &logRecorder{Handler: slog.DiscardHandler, written: make(chan struct{})}
}

func (d *logRecorder) log() *slog.Logger { return slog.New(d) }

func (d *logRecorder) Enabled(context.Context, slog.Level) bool { return true }

func (d *logRecorder) Handle(_ context.Context, r slog.Record) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.messages = append(d.messages, r.Level.String()+" "+r.Message)
	close(d.written)
	d.written = make(chan struct{})
	return nil
}

// count returns how often a message was written.
func (d *logRecorder) count(message string) (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range d.messages {
		if m == message {
			n++
		}
	}
	return n
}

// await waits until a message is written.
func (d *logRecorder) await(t *testing.T, message string) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		d.mu.Lock()
		written := d.written
		d.mu.Unlock()
		if d.count(message) > 0 {
			return
		}
		select {
		case <-written:
		case <-late:
			t.Fatalf("nobody wrote %q", message)
		}
	}
}
