package bench

import (
	"context"
	"fmt"
)

// probe is the jobs whose cost is compared.
func (b *bench) probe() batch { return batch{conversations: b.count(2000), each: 10} }

// large compares what the same jobs cost Redis when nothing waits, and beside
// jobs that wait in many lanes.
func (b *bench) large(ctx context.Context) (outcome, error) {
	var o outcome
	if err := b.beside(ctx, &o, batch{}); err != nil {
		return o, err
	}
	if err := b.flush(ctx); err != nil {
		return o, err
	}
	return o, b.beside(ctx, &o, batch{conversations: b.count(100_000), each: 10})
}

// beside submits jobs that wait, measures the probe beside them, and works all.
func (b *bench) beside(ctx context.Context, o *outcome, waiting batch) error {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return err
	}
	defer s.close()
	var ids []string
	bytes, err := b.taken(ctx, func() error {
		ids, err = s.submitAll(ctx, waiting)
		return err
	})
	if err != nil {
		return err
	}
	n := waiting.jobs()
	if n > 0 {
		name := fmt.Sprintf("memory of Redis with %d jobs that wait, each", n)
		o.figures = append(o.figures, Figure{Section: Large, Name: name, Value: bytes / float64(n), Unit: "B"})
	}
	var more []string
	accepted, err := b.server.timed(ctx, b.probe().jobs(), func() error {
		more, err = s.submitAll(ctx, b.probe())
		return err
	})
	if err != nil {
		return err
	}
	worked, err := s.workFirst(ctx, b.server, b.probe().jobs(), n+b.probe().jobs())
	if err != nil {
		return err
	}
	worked.Violations, err = s.check(ctx, append(ids, more...), b.probe().each)
	o.runs = append(o.runs,
		measured{section: Large, name: fmt.Sprintf("accept, %d wait", n), Sample: accepted},
		measured{section: Large, name: fmt.Sprintf("claim and commit, %d wait", n), Sample: worked})
	return err
}
