package bench

import (
	"context"
	"time"
)

// backlog returns a workload that submits everything first, and then drains it.
func backlog(name string, conversations, each int) func(*bench, context.Context) (outcome, error) {
	return func(b *bench, ctx context.Context) (outcome, error) {
		f := batch{conversations: b.count(conversations), each: each}
		if conversations == 1 {
			f = batch{conversations: 1, each: b.count(each)}
		}
		s, err := newSystem(ctx, b.server)
		if err != nil {
			return outcome{}, err
		}
		defer s.close()
		var ids []string
		submitted, err := b.server.timed(ctx, f.jobs(), func() error {
			ids, err = s.submitAll(ctx, f)
			return err
		})
		if err != nil {
			return outcome{}, err
		}
		drained, err := s.workAll(ctx, b.server, f.jobs())
		if err != nil {
			return outcome{}, err
		}
		drained.Violations, err = s.check(ctx, ids, f.each)
		o := outcome{runs: []measured{{section: Drain, name: name, Sample: drained}}}
		if conversations > 1 { // one producer alone is no measure of what can be submitted
			o.runs = append(o.runs, measured{section: Submit, name: name, Sample: submitted})
		}
		return o, err
	}
}

// mixed submits and works at the same time.
func (b *bench) mixed(ctx context.Context) (outcome, error) {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	f := batch{conversations: b.count(1000), each: 20}
	var ids []string
	var took Sample
	err = s.work(ctx, func(ctx context.Context) error {
		took, err = b.server.timed(ctx, f.jobs(), func() error {
			if ids, err = s.submitAll(ctx, f); err != nil {
				return err
			}
			return s.counter.wait(ctx, f.jobs())
		})
		return err
	})
	if err != nil {
		return outcome{}, err
	}
	took.Violations, err = s.check(ctx, ids, f.each)
	return outcome{runs: []measured{{section: Mixed, name: "mixed, end to end", Sample: took}}}, err
}

// The first jobs load scripts and connections, and there is a pause between two.
const (
	warmUp = 20
	pause  = 2 * time.Millisecond
)

// latency measures the time from the submission of a job to its completion, one
// job at a time.
func (b *bench) latency(ctx context.Context) (outcome, error) {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	n := b.count(300)
	var took []time.Duration
	var ids []string
	err = s.work(ctx, func(ctx context.Context) error {
		for len(ids) < n+warmUp {
			began := time.Now()
			r, err := s.service.Submit(ctx, batch{}.job("", 0))
			if err != nil {
				return err
			}
			ids = append(ids, r.ConversationID)
			if err := s.counter.wait(ctx, len(ids)); err != nil {
				return err
			}
			took = append(took, time.Since(began))
			select {
			case <-time.After(pause):
			case <-ctx.Done():
			}
		}
		return nil
	})
	if err != nil {
		return outcome{}, err
	}
	run := Sample{Jobs: n}
	run.P50, run.P99 = quantiles(took[warmUp:])
	run.Violations, err = s.check(ctx, ids, 1)
	return outcome{runs: []measured{{section: Latency, name: "idle latency", Sample: run}}}, err
}
