package bench

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

const shards = 16

// A system is Turnwise in this process, without its HTTP edge.
type system struct {
	store   *store.Store
	bells   queue.Doorbells
	runner  *jobs.Runner
	service *jobs.Service
	counter *counter
}

func (b *bench) newSystem(ctx context.Context) (*system, error) {
	s := &system{store: store.New(b.rdb, store.Options{Shards: shards}), counter: newCounter()}
	if err := s.store.Open(ctx); err != nil {
		return nil, err
	}
	pool := func(kind lane.Kind, concurrency int) *queue.Pool {
		return queue.NewPool(kind, b.asynq, queue.Options{Shards: shards, Concurrency: concurrency})
	}
	// As a worker does by default.
	s.bells = queue.Doorbells{Append: pool(lane.Append, 4*runtime.GOMAXPROCS(0)), Deliver: pool(lane.Deliver, 64)}
	s.runner = jobs.NewRunner(s.store, unchanged{}, s.bells, jobs.RunnerOptions{Meter: s.counter})
	s.service = jobs.NewService(s.store, s.bells, shards, jobs.ServiceOptions{LocalSlots: s.bells.Append, Runner: s.runner})
	return s, nil
}

// work runs workers until fn returns.
func (s *system) work(ctx context.Context, fn func(context.Context) error) error {
	return s.run(ctx, s.bells.Append, s.runner, fn)
}

// deliver runs dispatchers until fn returns.
func (s *system) deliver(ctx context.Context, fn func(context.Context) error) error {
	secret, err := webhook.ParseSecret(webhook.NewSecret())
	if err != nil {
		return err
	}
	sender := webhook.NewSender(func(string) []webhook.Secret { return []webhook.Secret{secret} }, loopback(), webhook.SenderOptions{})
	return s.run(ctx, s.bells.Deliver, webhook.NewDispatcher(s.store, sender, s.bells, webhook.DispatcherOptions{}), fn)
}

// run serves the shards of a kind until fn returns.
func (s *system) run(ctx context.Context, pool *queue.Pool, d queue.Drainer, fn func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return pool.Run(ctx, d, s.store) })
	g.Go(func() error {
		defer cancel()
		return fn(ctx)
	})
	return g.Wait()
}

// unchanged is an analyzer that returns every message as one sentence.
type unchanged struct{}

func (unchanged) Analyze(_ context.Context, t jobs.Task) (analysis.Result, error) {
	var r analysis.Result
	for n, u := range t.Input.Utterances {
		r.Sentences = append(r.Sentences, analysis.Sentence{Utterance: n, Message: conversation.Message{
			ID: conversation.MessageID(t.JobID, n), Text: u.Text,
			Start: t.Input.AcceptedAt, End: t.Input.AcceptedAt.Add(time.Second),
		}})
	}
	return r, nil
}

// A counter is the Meter of a bench. It counts finished jobs, and wait waits for
// a number of them.
type counter struct {
	finished atomic.Int64
	mu       sync.Mutex
	target   int64
	reached  chan struct{}
}

func newCounter() *counter { return &counter{reached: make(chan struct{})} }

// wait waits until n jobs are finished.
func (c *counter) wait(ctx context.Context, n int) error {
	c.mu.Lock()
	c.target, c.reached = int64(n), make(chan struct{})
	reached := c.reached
	c.mu.Unlock()
	c.check(c.finished.Load())
	select {
	case <-reached:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *counter) check(n int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.target > 0 && n >= c.target {
		c.target = 0
		close(c.reached)
	}
}

func (c *counter) JobFinished(jobs.Status, time.Duration, time.Duration, time.Duration) {
	c.check(c.finished.Add(1))
}
func (c *counter) JobSubmitted()           {}
func (c *counter) JobRetried()             {}
func (c *counter) Claimed(lane.Kind, bool) {}
func (c *counter) StaleRefused(lane.Kind)  {}
func (c *counter) LaneMended(lane.Kind)    {}
