package bench_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Every workload runs in each round, on a thousandth of its jobs, finds no
// violation and leaves an empty Redis.
func TestRun(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	var progress strings.Builder
	report, err := bench.Run(t.Context(), bench.Options{RedisURL: srv.URL(), Rounds: 2, Scale: 0.001, Progress: &progress})
	if err != nil {
		t.Fatalf("Run: %v; it ran\n%s", err, &progress)
	}
	var sections []bench.Section
	for _, w := range report.Workloads {
		sections = append(sections, w.Section)
		if len(w.Runs) < 2 || w.Median.Violations != 0 {
			t.Errorf("%s: %s ran %d times with %d violations, want two times or more and none", w.Section, w.Name, len(w.Runs), w.Median.Violations)
		}
		if compared := w.Section != bench.Latency; compared && !w.Baseline != (w.RatioMin > 0) {
			t.Errorf("%s: %s is a baseline: %t, and its least ratio is %.2f", w.Section, w.Name, w.Baseline, w.RatioMin)
		}
		if w.Section != bench.Latency && (w.Median.RedisCPU <= 0 || w.Median.Commands < 1 || w.Median.OwnCPU <= 0) {
			t.Errorf("%s: %s costs nothing: %+v", w.Section, w.Name, w.Median.Cost)
		}
	}
	for _, s := range []bench.Section{bench.Submit, bench.Drain, bench.Mixed, bench.Latency} {
		if !slices.Contains(sections, s) {
			t.Errorf("no workload of section %s has run", s)
		}
	}
	if n := srv.Client().DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("Redis has %d keys at the end, want none", n)
	}
	if err := report.Print(os.Stdout); err != nil {
		t.Fatal(err)
	}
}

// A bench empties its Redis, so it does not touch one that holds anything.
func TestRunRefusesARedisInUse(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	rdb := srv.Client()
	if err := rdb.Set(t.Context(), "precious", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	report, err := bench.Run(t.Context(), bench.Options{RedisURL: srv.URL(), Scale: 0.001})
	if err == nil || !strings.Contains(err.Error(), "this one has 1 keys") || len(report.Workloads) != 0 {
		t.Errorf("Run = %v, %v; want a refusal that says how many keys there are", report, err)
	}
	if got := rdb.Get(t.Context(), "precious").Val(); got != "1" {
		t.Error("the key that was there is gone")
	}
}

// A workload alone runs with what it is compared with, on a Redis of the
// bench's own.
func TestRunOnly(t *testing.T) {
	t.Parallel()

	redistest.Binary(t)
	report, err := bench.Run(t.Context(), bench.Options{Rounds: 1, Scale: 0.001, Only: "mixed, end to end"})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range report.Workloads {
		names = append(names, w.Name)
	}
	want := []string{"asynq, mixed, concurrency 10", "asynq, mixed, concurrency 50", "mixed, end to end"}
	if !slices.Equal(names, want) {
		t.Errorf("ran %q, want %q", names, want)
	}
	if m := report.Machine; m.Redis == "" || m.Persistence != "none" || m.Cores < 1 {
		t.Errorf("machine = %+v, want a Redis that keeps nothing and the cores", m)
	}

	_, err = bench.Run(t.Context(), bench.Options{Only: "nothing"})
	if err == nil || !strings.Contains(err.Error(), `"mixed, end to end"`) {
		t.Errorf("Run of no known workload = %v, want an error that lists them", err)
	}
}
