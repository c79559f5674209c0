package attack

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/bench"
)

// Options adjusts a run. The zero value of all but the commands is the run whose
// figures are published.
type Options struct {
	Worker   []string      // command line of the worker
	Attacker []string      // command line that runs [Assist]
	Only     string        // the name of the one row to run; all if empty
	Alone    time.Duration // how long the neighbour is measured alone, before each row; 4s if zero
	During   time.Duration // and beside it; 10s if zero
	Scale    float64       // of what the attacker has and sends; 1 if zero
	Progress io.Writer     // is told what runs; nobody if nil
}

// Run runs the rows one after another, on one worker. When one fails it returns
// what the others have found out so far.
func Run(ctx context.Context, opts Options) (report Report, err error) {
	opts.Alone, opts.During = cmp.Or(opts.Alone, 4*time.Second), cmp.Or(opts.During, 10*time.Second)
	opts.Scale, opts.Progress = cmp.Or(opts.Scale, 1), bench.Locked(cmp.Or(opts.Progress, io.Discard))
	chosen, err := choose(rows(), opts.Only)
	if err != nil {
		return Report{}, err
	}
	s, err := openScene(ctx, opts)
	if err != nil {
		return Report{}, err
	}
	defer s.close()
	report = Report{Scale: opts.Scale, Urgent: s.Urgent}
	if report.Machine, err = bench.Inspect(ctx, s.Redis); err != nil {
		return Report{}, err
	}
	defer report.finish()
	for _, r := range chosen {
		began := time.Now()
		result, err := s.measure(ctx, r, opts)
		if err != nil {
			return report, fmt.Errorf("%s: %w", r.name, err)
		}
		report.Rows = append(report.Rows, result)
		fmt.Fprintf(opts.Progress, "  ran %s in %.1f s\n", r.name, time.Since(began).Seconds())
	}
	return report, nil
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
	return nil, fmt.Errorf("there is no attack %q; there are %s", only, strings.Join(names, ", "))
}

// settleMost is how long the worker has for what was left to it.
const settleMost = time.Minute

// measure has the attacker prepare a row, and measures the neighbour alone and beside
// it.
func (s *scene) measure(ctx context.Context, r row, opts Options) (Result, error) {
	result := Result{Name: r.name}
	if err := s.attacker.tell(ctx, prepare, r.name); err != nil {
		return result, err
	}
	if err := s.Settle(ctx, settleMost); err != nil {
		return result, err
	}
	var err error
	if result.Alone, err = s.neighbour.measure(ctx, opts.Alone); err != nil {
		return result, err
	}
	if err := s.Watch(ctx); err != nil {
		return result, err
	}
	if err := s.attacker.tell(ctx, begin, r.name); err != nil {
		return result, err
	}
	if result.Beside, err = s.neighbour.measure(ctx, opts.During); err != nil {
		return result, err
	}
	if err := s.look(ctx, &result); err != nil {
		return result, err
	}
	if result.Answers, err = s.attacker.stop(ctx, r.name); err != nil {
		return result, err
	}
	if err := s.Settle(ctx, settleMost); err != nil {
		return result, err
	}
	return result, s.look(ctx, &result) // what it left to be done included
}

// sorted returns the durations in order, in milliseconds.
func sorted(all []time.Duration) []float64 {
	ms := make([]float64, len(all))
	for n, d := range all {
		ms[n] = float64(d.Microseconds()) / 1000
	}
	slices.Sort(ms)
	return ms
}
