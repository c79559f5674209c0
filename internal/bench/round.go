package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// skip is the reason why a workload cannot run here.
type skip string

func (s skip) Error() string { return string(s) }

// rounds runs the workloads again and again.
func (b *bench) rounds(ctx context.Context, chosen []workload) error {
	for round := 1; round <= b.opts.Rounds; round++ {
		fmt.Fprintf(b.opts.Progress, "round %d of %d, load %s\n", round, b.opts.Rounds, loadAverage())
		err := b.inOrder(ctx, b.order(chosen, round), round)
		b.report.compare(round)
		if err != nil {
			return err
		}
	}
	return nil
}

// order returns the workloads of a round. Every second round runs backwards, so
// that what grows or wanes meanwhile does not always hit the same ones.
func (b *bench) order(chosen []workload, round int) []workload {
	order := slices.DeleteFunc(slices.Clone(chosen), func(w workload) bool { return round > 1 && (w.once || b.skipped(w)) })
	if round%2 == 0 {
		slices.Reverse(order)
	}
	return order
}

// inOrder runs workloads one after the other.
func (b *bench) inOrder(ctx context.Context, order []workload, round int) error {
	for _, w := range order {
		if err := b.measure(ctx, w, round); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
	}
	return nil
}

func (b *bench) skipped(w workload) bool {
	return slices.ContainsFunc(b.report.Skipped, func(s Skipped) bool { return s.Name == w.name })
}

// measure runs one workload on an empty Redis, and empties it again.
func (b *bench) measure(ctx context.Context, w workload, round int) error {
	began := time.Now()
	if err := b.flush(ctx); err != nil {
		return err
	}
	found, err := w.run(b, ctx)
	if why, ok := errors.AsType[skip](err); ok {
		b.report.Skipped = append(b.report.Skipped, Skipped{Name: w.name, Why: string(why)})
		fmt.Fprintf(b.opts.Progress, "  skipped %s: %s\n", w.name, why)
		return nil
	}
	if err != nil {
		return err
	}
	b.report.add(found, round)
	err = b.flush(ctx)
	fmt.Fprintf(b.opts.Progress, "  ran %s in %.1f s\n", w.name, time.Since(began).Seconds())
	return err
}

// flushTime is how long Redis may take to forget a million jobs.
const flushTime = 2 * time.Minute

// flush empties Redis, and waits for it: a Redis that still tidies up would have
// the next workload pay for the last one.
func (b *bench) flush(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	rdb := b.server.rdb
	if c, ok := rdb.(*redis.Client); ok {
		rdb = c.WithTimeout(flushTime) // on the same connections
	}
	if err := rdb.FlushAll(ctx).Err(); err != nil {
		return fmt.Errorf("empty Redis: %w", err)
	}
	return nil
}
