package costs

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/bench/process"
)

// Options adjusts a run. The zero value of all but the worker is the run whose figures
// are published.
type Options struct {
	Worker   []string      // command line of the worker
	Sizes    []int         // how much there is; 1,000, 10,000 and 100,000 if empty
	Only     string        // rows whose name contains it; all if empty
	Each     time.Duration // how long a row is called; 500ms if zero
	Progress io.Writer     // is told what runs; nobody if nil
}

// logged is from when on a step of Redis is told of a row.
const logged = time.Millisecond

// settleMost is how long the worker has for what there is to be made, webhooks included.
const settleMost = 15 * time.Minute

// Run measures all rows, with one worker a size. When it fails it returns what it has
// found out so far.
func Run(ctx context.Context, opts Options) (report Report, err error) {
	if len(opts.Sizes) == 0 {
		opts.Sizes = []int{1_000, 10_000, 100_000}
	}
	if opts.Each == 0 {
		opts.Each = 500 * time.Millisecond
	}
	if opts.Progress == nil {
		opts.Progress = io.Discard
	}
	chosen := slices.DeleteFunc(rows(), func(r row) bool { return !strings.Contains(r.name(), opts.Only) })
	if len(chosen) == 0 {
		return report, fmt.Errorf("no address has %q in its name", opts.Only)
	}
	report = Report{Sizes: opts.Sizes, Rows: make([]Row, len(chosen))}
	for n, r := range chosen {
		report.Rows[n].Name = r.name()
	}
	for _, size := range opts.Sizes {
		if err := measure(ctx, opts, size, chosen, &report); err != nil {
			return report, fmt.Errorf("with %d of each: %w", size, err)
		}
	}
	return report, nil
}

// measure measures the rows with a worker that has so much.
func measure(ctx context.Context, opts Options, size int, chosen []row, report *Report) error {
	token := account.NewToken()
	worker, err := process.Start(ctx, process.Options{
		Command:  opts.Worker,
		Accounts: []process.Account{{ID: "costs", Token: token}},
		Settings: []string{"TURNWISE_MAX_REQUESTS_PER_SECOND=0", "TURNWISE_MAX_PENDING_JOBS=0"},
	})
	if err != nil {
		return err
	}
	defer worker.Close()
	if report.Machine, err = bench.Inspect(ctx, worker.Redis); err != nil {
		return err
	}
	if err := worker.LogSlow(ctx, logged); err != nil {
		return err
	}
	c := newCaller(worker.API, token)
	defer c.close()
	began := time.Now()
	s, err := fill(ctx, c, size)
	if err != nil {
		return fmt.Errorf("make what there is: %w", err)
	}
	defer s.close()
	if err := settle(ctx, worker); err != nil {
		return err
	}
	if err := s.look(ctx, c); err != nil {
		return fmt.Errorf("find what there is: %w", err)
	}
	fmt.Fprintf(opts.Progress, "  made %d of each in %.1f s\n", size, time.Since(began).Seconds())
	for n, r := range chosen {
		cost, err := cost(ctx, worker, c, r, s, opts.Each)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name(), err)
		}
		cost.Size = size
		report.Rows[n].Costs = append(report.Rows[n].Costs, cost)
	}
	fmt.Fprintf(opts.Progress, "  called %d addresses, %.1f s after the start\n", len(chosen), time.Since(began).Seconds())
	return nil
}

// settle waits until no webhook waits any more, and then until the worker is idle: on a
// machine that is busy with others it looks so before.
func settle(ctx context.Context, worker *process.Worker) error {
	for began := time.Now(); ; {
		waiting := int64(0)
		for shard := range shards {
			accounts, err := worker.Redis.ZCard(ctx, fmt.Sprintf("tw:{%d}:ready:deliver", shard)).Result()
			if err != nil {
				return fmt.Errorf("count what waits: %w", err)
			}
			waiting += accounts
		}
		switch {
		case waiting == 0:
			return worker.Settle(ctx, settleMost)
		case time.Since(began) > settleMost:
			return fmt.Errorf("webhooks still wait after %v", settleMost)
		}
		if err := process.Rest(ctx, time.Second); err != nil {
			return err
		}
	}
}

// shards is how many a worker has at most that is not told otherwise.
const shards = 16
