package bench

import (
	"context"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/store"
)

// A system is Turnwise in this process, without its HTTP edge. It runs workers
// once: for more, make another one on the same Redis.
type system struct {
	store   *store.Store
	bells   queue.Doorbells
	runner  *jobs.Runner
	service *jobs.Service
	counter *counter
}

func newSystem(ctx context.Context, on *server) (*system, error) {
	s := &system{store: store.New(on.rdb, store.Options{Shards: on.shards}), counter: new(counter)}
	if err := s.store.Open(ctx); err != nil {
		return nil, err
	}
	shards := s.store.Shards()
	pool := func(kind lane.Kind, concurrency int) *queue.Pool {
		return queue.NewPool(kind, on.wake, queue.Options{Shards: shards, Concurrency: concurrency})
	}
	// As a worker does by default.
	s.bells = queue.Doorbells{Append: pool(lane.Append, 4*runtime.GOMAXPROCS(0)), Deliver: pool(lane.Deliver, 64)}
	s.runner = jobs.NewRunner(s.store, unchanged{}, s.bells, jobs.RunnerOptions{Meter: s.counter})
	s.service = jobs.NewService(s.store, s.bells, shards, jobs.ServiceOptions{LocalSlots: s.bells.Append, Runner: s.runner})
	return s, nil
}

// close waits for the last wake-ups. The clients may be closed then.
func (s *system) close() { s.bells.Close() }

// work runs workers until fn returns.
func (s *system) work(ctx context.Context, fn func(context.Context) error) error {
	return s.run(ctx, fn, func(ctx context.Context) error { return s.bells.Append.Run(ctx, s.runner, s.store) })
}

// workAll runs workers until n jobs are finished, and measures them.
func (s *system) workAll(ctx context.Context, on *server, n int) (Sample, error) {
	return s.workFirst(ctx, on, n, n)
}

// workFirst runs workers until all jobs are finished, and measures the first n.
func (s *system) workFirst(ctx context.Context, on *server, n, all int) (took Sample, err error) {
	watch, err := on.start(ctx)
	if err != nil {
		return Sample{}, err
	}
	err = s.work(ctx, func(ctx context.Context) error {
		if err := s.counter.wait(ctx, n); err != nil {
			return err
		}
		if took, err = watch.stop(ctx, max(n, int(s.counter.count.Load()))); err != nil {
			return err
		}
		return s.counter.wait(ctx, all)
	})
	return took, err
}

// run has parts of the system run until fn returns.
func (s *system) run(ctx context.Context, fn func(context.Context) error, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return s.store.Run(ctx) })
	for _, part := range parts {
		g.Go(func() error { return part(ctx) })
	}
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

// A counter is the Meter of a system. It tallies finished jobs.
type counter struct{ tally }

func (c *counter) JobFinished(jobs.Status, time.Duration, time.Duration, time.Duration) { c.add() }
func (c *counter) JobSubmitted()                                                        {}
func (c *counter) JobRefused(jobs.Limit)                                                {}
func (c *counter) AccountSent(string, int)                                              {}
func (c *counter) AccountWorked(string, time.Duration)                                  {}
func (c *counter) AccountAsked(string)                                                  {}
func (c *counter) JobRetried()                                                          {}
func (c *counter) Claimed(lane.Kind, bool)                                              {}
func (c *counter) StaleRefused(lane.Kind)                                               {}
func (c *counter) LaneMended(lane.Kind)                                                 {}
