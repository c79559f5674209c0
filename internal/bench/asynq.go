package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hibiken/asynq"
	"golang.org/x/sync/errgroup"
)

// Plain asynq, with a handler that does nothing: what others are compared with.
const (
	asynqQueue = "plain"
	plainTasks = 15000

	// asynqCheck is how soon asynq looks again at a queue that it found empty.
	// Its default of a second would have it wait for longer than it works.
	asynqCheck = 10 * time.Millisecond
)

// A plainRun is a number of tasks that asynq processes.
type plainRun struct {
	tally
	server *server
	seen   []atomic.Int32 // how often the handler had each task
}

func newPlainRun(on *server, n int) *plainRun {
	return &plainRun{server: on, seen: make([]atomic.Int32, n)}
}

// asynqDrain returns a workload that enqueues everything first.
func asynqDrain(concurrency int) func(*bench, context.Context) (outcome, error) {
	return func(b *bench, ctx context.Context) (outcome, error) {
		n := b.count(plainTasks)
		plain := newPlainRun(b.server, n)
		enqueued, err := b.server.timed(ctx, n, func() error { return plain.fill(ctx) })
		if err != nil {
			return outcome{}, err
		}
		drained, err := plain.work(ctx, concurrency, func(context.Context) error { return nil })
		return outcome{runs: []measured{
			{section: Submit, name: "asynq", baseline: true, Sample: enqueued},
			{section: Drain, name: fmt.Sprintf("asynq, concurrency %d", concurrency), baseline: true, Sample: drained},
		}}, err
	}
}

// asynqMixed returns a workload that enqueues and processes at the same time.
func asynqMixed(concurrency int) func(*bench, context.Context) (outcome, error) {
	return func(b *bench, ctx context.Context) (outcome, error) {
		plain := newPlainRun(b.server, b.count(plainTasks))
		took, err := plain.work(ctx, concurrency, plain.fill)
		name := fmt.Sprintf("asynq, mixed, concurrency %d", concurrency)
		return outcome{runs: []measured{{section: Mixed, name: name, baseline: true, Sample: took}}}, err
	}
}

// fill enqueues the tasks from as many producers as there are.
func (p *plainRun) fill(ctx context.Context) error {
	client := asynq.NewClientFromRedisClient(p.server.wake)
	g, ctx := errgroup.WithContext(ctx)
	for producer := range producers {
		g.Go(func() error {
			for n := producer; n < len(p.seen); n += producers {
				if _, err := client.EnqueueContext(ctx, asynq.NewTask("plain", []byte(message(n))), asynq.Queue(asynqQueue)); err != nil {
					return fmt.Errorf("enqueue a plain task: %w", err)
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// work processes the tasks while fn runs, and measures it up to the moment when
// the handler has had the last one. How long asynq takes to stop does not count.
func (p *plainRun) work(ctx context.Context, concurrency int, fn func(context.Context) error) (Sample, error) {
	processor := asynq.NewServerFromRedisClient(p.server.wake, asynq.Config{
		Concurrency: concurrency, Queues: map[string]int{asynqQueue: 1}, TaskCheckInterval: asynqCheck, LogLevel: asynq.FatalLevel,
	})
	watch, err := p.server.start(ctx)
	if err != nil {
		return Sample{}, err
	}
	if err := processor.Start(asynq.HandlerFunc(p.handle)); err != nil {
		return Sample{}, fmt.Errorf("start a plain asynq server: %w", err)
	}
	defer processor.Shutdown()
	if err := fn(ctx); err != nil {
		return Sample{}, err
	}
	if err := p.wait(ctx, len(p.seen)); err != nil {
		return Sample{}, err
	}
	took, err := watch.stop(ctx, len(p.seen))
	took.Violations = p.violations()
	return took, err
}

func (p *plainRun) handle(_ context.Context, t *asynq.Task) error {
	if n := numberOf(string(t.Payload())); n >= 0 && n < len(p.seen) {
		p.seen[n].Add(1)
	}
	p.add()
	return nil
}

// violations counts the tasks that were lost or came twice. Order is nothing
// that asynq promises.
func (p *plainRun) violations() (wrong int) {
	for n := range p.seen {
		if p.seen[n].Load() != 1 {
			wrong++
		}
	}
	return wrong
}
