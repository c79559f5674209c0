package webhooks

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/bench"
)

// Options adjusts a run. The zero value of all but the worker is the run whose figures
// are published.
type Options struct {
	Worker   []string  // command line of the worker
	Only     string    // the name of the one row to run; all if empty
	Scale    float64   // of the number of events, and of how long is measured; 1 if zero
	Progress io.Writer // is told what runs; nobody if nil
}

// A row is something to measure, with a worker of its own.
type row struct {
	name     string
	settings []string // other than the default ones
	measure  func(*scene, context.Context) ([]Figure, error)
}

func rows() []row {
	return []row{
		{"calm", nil, (*scene).calm},
		{"retries", []string{"TURNWISE_WEBHOOK_BACKOFF_INITIAL=500ms"}, (*scene).retries},
		{"rate", nil, (*scene).rate},
		{"trouble", nil, (*scene).trouble},
		{"resend", nil, (*scene).resend},
	}
}

// Run runs the rows one after another. When one fails it returns what the others have
// found out so far.
func Run(ctx context.Context, opts Options) (report Report, err error) {
	opts.Scale, opts.Progress = cmp.Or(opts.Scale, 1), bench.Locked(cmp.Or(opts.Progress, io.Discard))
	chosen, err := choose(rows(), opts.Only)
	if err != nil {
		return Report{}, err
	}
	report = Report{Scale: opts.Scale}
	for _, r := range chosen {
		began := time.Now()
		figures, machine, err := run(ctx, r, opts)
		if report.Machine == (bench.Machine{}) {
			report.Machine = machine
		}
		for _, f := range figures {
			f.Row = r.name
			report.Figures = append(report.Figures, f)
		}
		if err != nil {
			return report, fmt.Errorf("%s: %w", r.name, err)
		}
		fmt.Fprintf(opts.Progress, "  ran %s in %.1f s\n", r.name, time.Since(began).Seconds())
	}
	return report, nil
}

// run runs one row.
func run(ctx context.Context, r row, opts Options) ([]Figure, bench.Machine, error) {
	s, err := openScene(ctx, opts, r.settings)
	if err != nil {
		return nil, bench.Machine{}, err
	}
	defer s.close()
	machine, err := bench.Inspect(ctx, s.Redis)
	if err != nil {
		return nil, machine, err
	}
	figures, err := r.measure(s, ctx)
	return figures, machine, err
}

// choose returns the row of that name, or all.
func choose(all []row, only string) ([]row, error) {
	if only == "" {
		return all, nil
	}
	var names []string
	for _, r := range all {
		if r.name == only {
			return []row{r}, nil
		}
		names = append(names, fmt.Sprintf("%q", r.name))
	}
	return nil, fmt.Errorf("there is no row %q; there are %s", only, strings.Join(names, ", "))
}
