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
// violation and leaves an empty Redis. What is not installed is skipped.
func TestRun(t *testing.T) {
	t.Parallel()

	srv := redistest.Server(t)
	var progress strings.Builder
	report, err := bench.Run(t.Context(), bench.Options{
		RedisURL: srv.URL(), Rounds: 2, Scale: 0.001, Large: true, Helper: []string{os.Args[0], asHelper},
		Peers: t.TempDir(), Progress: &progress,
	})
	if err != nil {
		t.Fatalf("Run: %v; it ran\n%s", err, &progress)
	}
	has := map[bench.Section]bool{}
	for _, w := range report.Workloads {
		has[w.Section] = true
		checkResult(t, w)
	}
	for _, f := range report.Figures {
		has[f.Section] = true
		if f.Violations != 0 || len(f.Values) == 0 {
			t.Errorf("%s: %s has the values %v and %d violations, want some and none", f.Section, f.Name, f.Values, f.Violations)
		}
	}
	for _, s := range []bench.Section{
		bench.Submit, bench.Drain, bench.Mixed, bench.Away, bench.Everysec, bench.Always,
		bench.Deliver, bench.Latency, bench.Large, bench.Memory, bench.Idle,
	} {
		if !has[s] {
			t.Errorf("no workload of section %s has run", s)
		}
	}
	if len(report.Skipped) != 2 || !strings.Contains(report.Skipped[0].Why, "groupmq is not installed") {
		t.Errorf("skipped %+v, want the two of groupmq, which is not installed", report.Skipped)
	}
	if n := srv.Client().DBSize(t.Context()).Val(); n != 0 {
		t.Errorf("Redis has %d keys at the end, want none", n)
	}
	var printed strings.Builder
	if err := report.Print(&printed); err != nil {
		t.Fatal(err)
	}
	t.Log(printed.String())
}

// checkResult checks that a workload was run, compared and found in order.
func checkResult(t *testing.T, w bench.Result) {
	t.Helper()
	once, alone := w.Section == bench.Large, w.Section == bench.Large || w.Section == bench.Latency || w.Section == bench.Deliver
	if len(w.Runs) < 2 && !once || w.Median.Violations != 0 {
		t.Errorf("%s: %s ran %d times with %d violations, want every round and none", w.Section, w.Name, len(w.Runs), w.Median.Violations)
	}
	if compared := w.RatioMin > 0; !alone && compared == w.Baseline {
		t.Errorf("%s: %s is a baseline: %t, and its least ratio is %.2f", w.Section, w.Name, w.Baseline, w.RatioMin)
	}
	if w.Section != bench.Latency && (w.Median.RedisCPU <= 0 || w.Median.Commands < 1 || w.Median.OwnCPU <= 0) {
		t.Errorf("%s: %s costs nothing: %+v", w.Section, w.Name, w.Median.Cost)
	}
	if http := w.Section == bench.Everysec || w.Section == bench.Always; (http || w.Section == bench.Latency) && w.Median.P99 <= 0 {
		t.Errorf("%s: %s has no latency", w.Section, w.Name)
	}
}

// groupmq runs where its modules are installed, and keeps its order.
func TestPeers(t *testing.T) {
	t.Parallel()

	const peers = "peers"
	if _, err := os.Stat(peers + "/node_modules"); err != nil {
		t.Skip("groupmq is not installed: npm ci --prefix internal/bench/peers")
	}
	srv := redistest.Server(t)
	report, err := bench.Run(t.Context(), bench.Options{
		RedisURL: srv.URL(), Rounds: 1, Scale: 0.002, Only: "groupmq, 1,000 groups × 40", Peers: peers,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range report.Workloads {
		checkOrder := strings.HasPrefix(w.Name, "groupmq")
		if checkOrder && (w.Median.Violations != 0 || w.Median.Jobs != 80 || w.Median.RedisCPU <= 0 || w.Median.OwnCPU <= 0) {
			t.Errorf("%s: %s = %+v, want 80 jobs in order with their cost", w.Section, w.Name, w.Median)
		}
	}
	if len(report.Skipped) != 0 {
		t.Errorf("skipped %+v", report.Skipped)
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
