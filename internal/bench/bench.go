package bench

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/redis/go-redis/v9"
)

// Options adjusts a run. The zero value is the run whose figures are published.
type Options struct {
	Scale float64 // of the number of jobs; 1 if zero
	Only  string  // the name of the one workload to run beside plain asynq; all if empty
}

// A Row is the result of one workload.
type Row struct {
	Name       string
	Jobs       int           // or tasks, or deliveries
	Took       time.Duration // for all of them; 0 if only latency counts
	Ratio      float64       // of the rate to the best rate of plain asynq of the same kind; 0 if there is none
	P50, P99   time.Duration // latency; 0 if not measured
	RedisCPU   time.Duration // per job
	OwnCPU     time.Duration // of this process, per job
	Violations int           // messages out of order, lost or stored twice
}

// Rate returns jobs per second.
func (r Row) Rate() float64 {
	if r.Took == 0 {
		return 0
	}
	return float64(r.Jobs) / r.Took.Seconds()
}

// A bench is one run on one Redis, which it may empty.
type bench struct {
	rdb   redis.UniversalClient // for the store
	asynq redis.UniversalClient
	scale float64
}

// The kinds of workloads that are compared.
const (
	drain = "drain" // submit everything, then work
	mix   = "mixed" // submit and work at the same time
)

type workload struct {
	name  string
	kind  string // drain, mix, or empty if plain asynq has no such workload
	plain bool   // asynq alone
	run   func(*bench, context.Context) (Row, error)
}

// workloads in the order in which they run; those of plain asynq come first.
var workloads = []workload{ //nolint:gochecknoglobals // a table
	{"asynq, concurrency 10", drain, true, func(b *bench, ctx context.Context) (Row, error) { return b.plainAsynq(ctx, 10) }},
	{"asynq, concurrency 50", drain, true, func(b *bench, ctx context.Context) (Row, error) { return b.plainAsynq(ctx, 50) }},
	{"asynq, mixed, concurrency 10", mix, true, func(b *bench, ctx context.Context) (Row, error) { return b.plainMixed(ctx, 10) }},
	{"asynq, mixed, concurrency 50", mix, true, func(b *bench, ctx context.Context) (Row, error) { return b.plainMixed(ctx, 50) }},
	{"backlog, 1,000 conversations", drain, false, func(b *bench, ctx context.Context) (Row, error) { return b.backlog(ctx, 1000, 40) }},
	{"30,000 conversations, 1 message", drain, false, func(b *bench, ctx context.Context) (Row, error) { return b.backlog(ctx, 30000, 1) }},
	{"one hot conversation", drain, false, func(b *bench, ctx context.Context) (Row, error) { return b.backlog(ctx, 1, 20000) }},
	{"mixed, end to end", mix, false, (*bench).mixed},
	{"idle latency", "", false, (*bench).idle},
	{"webhooks", "", false, (*bench).webhooks},
}

// Run runs the workloads on the Redis of the two clients, which must be empty,
// and prints a table. The first client is for the store.
func Run(ctx context.Context, rdb, asynq redis.UniversalClient, out io.Writer, opts Options) ([]Row, error) {
	b := &bench{rdb: rdb, asynq: asynq, scale: cmp.Or(opts.Scale, 1)}
	known := func(w workload) bool { return !w.plain && w.name == opts.Only }
	if opts.Only != "" && !slices.ContainsFunc(workloads, known) {
		return nil, fmt.Errorf("there is no workload %q", opts.Only)
	}
	n, err := rdb.DBSize(ctx).Result()
	if err != nil {
		return nil, fmt.Errorf("look into the Redis: %w", err)
	}
	if n > 0 {
		return nil, fmt.Errorf("the bench empties its Redis, and this one has %d keys: name one of its own", n)
	}
	var rows []Row
	best := map[string]float64{} // rate of plain asynq, by kind
	for _, w := range workloads {
		if !w.plain && opts.Only != "" && opts.Only != w.name {
			continue
		}
		row, err := b.measure(ctx, w)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", w.name, err)
		}
		if w.plain {
			best[w.kind] = max(best[w.kind], row.Rate())
		} else if best[w.kind] > 0 {
			row.Ratio = row.Rate() / best[w.kind]
		}
		rows = append(rows, row)
		fmt.Fprintf(out, "ran %s: %.0f/s\n", row.Name, row.Rate())
	}
	if err := b.rdb.FlushAll(ctx).Err(); err != nil {
		return rows, fmt.Errorf("empty Redis: %w", err)
	}
	fmt.Fprintln(out)
	return rows, Print(out, rows)
}

// measure runs one workload on an empty Redis.
func (b *bench) measure(ctx context.Context, w workload) (Row, error) {
	if err := b.rdb.FlushAll(ctx).Err(); err != nil {
		return Row{}, fmt.Errorf("empty Redis: %w", err)
	}
	row, err := w.run(b, ctx)
	row.Name = w.name
	return row, err
}

// count scales a number of jobs.
func (b *bench) count(n int) int { return max(1, int(float64(n)*b.scale)) }

// Print writes rows as a table. A figure that was not measured is a dash.
func Print(out io.Writer, rows []Row) error {
	tab := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tab, "workload\tjobs\trate/s\t× asynq\tp50\tp99\tRedis CPU/job\town CPU/job\tviolations\t")
	for _, r := range rows {
		fmt.Fprintf(tab, "%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%d\t\n", r.Name, r.Jobs,
			dash(r.Rate() > 0, "%.0f", r.Rate()), dash(r.Ratio > 0, "%.2f", r.Ratio),
			dash(r.P50 > 0, "%v", r.P50.Round(10*time.Microsecond)), dash(r.P99 > 0, "%v", r.P99.Round(10*time.Microsecond)),
			dash(r.RedisCPU > 0, "%v", r.RedisCPU.Round(100*time.Nanosecond)),
			dash(r.OwnCPU > 0, "%v", r.OwnCPU.Round(100*time.Nanosecond)), r.Violations)
	}
	return tab.Flush()
}

func dash(known bool, format string, v any) string {
	if !known {
		return "–"
	}
	return fmt.Sprintf(format, v)
}
