package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/lane"
)

// MaxShards is the largest number of shards.
const MaxShards = lane.MaxShards

// Options adjusts a run. The zero value is the run whose figures are published.
type Options struct {
	RedisURL string    // an empty Redis, which is emptied again; one of the bench's own if empty
	Rounds   int       // 5 if zero
	Scale    float64   // of the number of jobs; 1 if zero
	Only     string    // the name of the one workload to run, beside what it is compared with; all if empty
	Large    bool      // run the workloads too that need a lot of memory
	Shards   int       // that Turnwise spreads its data over; as many as it takes by itself if zero
	Helper   []string  // command line that runs [Assist] with the role that follows; what needs one is skipped if empty
	Peers    string    // directory of the scripts for other queues, and of their modules
	Progress io.Writer // is told what runs; nobody if nil
}

// A bench is one run on one Redis.
type bench struct {
	opts   Options
	server *server
	report Report
}

// Run runs the workloads. When one of them fails it returns what the others
// have found out so far.
func Run(ctx context.Context, opts Options) (Report, error) {
	b := &bench{opts: opts}
	b.opts.Rounds = max(cmp.Or(opts.Rounds, 5), 1)
	b.opts.Scale = cmp.Or(opts.Scale, 1)
	b.opts.Progress = Locked(cmp.Or(opts.Progress, io.Discard))
	chosen, err := choose(workloads, opts)
	if err != nil {
		return Report{}, err
	}
	if err := b.open(ctx); err != nil {
		return Report{}, err
	}
	defer b.server.close()
	b.server.shards = opts.Shards
	machine, err := Inspect(ctx, b.server.rdb)
	if err != nil {
		return Report{}, err
	}
	b.report = Report{Machine: machine, Rounds: b.opts.Rounds, Scale: b.opts.Scale}
	err = b.rounds(ctx, chosen)
	b.report.finish()
	return b.report, err
}

// open connects to the Redis of the options, or starts one that keeps nothing.
func (b *bench) open(ctx context.Context) (err error) {
	if b.opts.RedisURL == "" {
		b.server, err = startServer(ctx, keepsNothing())
		return err
	}
	if b.server, err = openServer(b.opts.RedisURL); err != nil {
		return err
	}
	n, err := b.server.rdb.DBSize(ctx).Result()
	if err == nil && n > 0 {
		err = fmt.Errorf("the bench empties its Redis, and this one has %d keys: name one of its own", n)
	}
	if err != nil {
		b.server.close()
		return fmt.Errorf("look into the Redis: %w", err)
	}
	return nil
}

// choose returns the workloads that the options ask for.
func choose(all []workload, opts Options) ([]workload, error) {
	if opts.Only == "" {
		return slices.DeleteFunc(slices.Clone(all), func(w workload) bool { return w.large && !opts.Large }), nil
	}
	at := slices.IndexFunc(all, func(w workload) bool { return w.name == opts.Only })
	if at < 0 {
		var names []string
		for _, w := range all {
			names = append(names, fmt.Sprintf("%q", w.name))
		}
		return nil, fmt.Errorf("there is no workload %q; there are %s", opts.Only, strings.Join(names, ", "))
	}
	only := all[at]
	var chosen []workload
	for _, w := range all {
		if w.name == only.name || w.baseline && slices.ContainsFunc(w.sections, func(s Section) bool { return slices.Contains(only.sections, s) }) {
			chosen = append(chosen, w)
		}
	}
	return chosen, nil
}

// count scales a number of jobs.
func (b *bench) count(n int) int { return max(1, int(float64(n)*b.opts.Scale)) }
