package benchmark_test

import (
	"encoding/json"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func TestBench(t *testing.T) {
	t.Parallel()

	redis := redistest.Server(t)
	args := []string{"bench", "--rounds", "2", "--scale", "0.001", "--only", "backlog, 1,000 conversations", "--redis-url", redis.URL()}
	got := clitest.Run(t, clitest.Environment{}, "", args...)
	for _, want := range []string{"asynq, concurrency 10", "backlog, 1,000 conversations", "violations"} {
		if got.Code != exit.OK || !strings.Contains(got.Stdout, want) {
			t.Fatalf("bench: got %+v, want a table with %q", got, want)
		}
	}
	if strings.Contains(got.Stdout, "mixed") {
		t.Errorf("bench --only ran another workload:\n%s", got.Stdout)
	}
	if !strings.Contains(got.Stderr, "round 2 of 2") {
		t.Errorf("bench tells of its progress: %q, want the second of two rounds", got.Stderr)
	}

	got = clitest.Run(t, clitest.Environment{}, "", append(args, "-o", "json")...)
	var report struct {
		Machine   struct{ Go string }
		Workloads []struct {
			Name string
			Runs []struct{ PerSecond, RedisCPUMicros float64 }
		}
	}
	if err := json.Unmarshal([]byte(got.Stdout), &report); err != nil || report.Machine.Go == "" || len(report.Workloads) == 0 {
		t.Fatalf("bench -o json: got %+v, want a document (%v)", got, err)
	}
	for _, w := range report.Workloads {
		if len(w.Runs) < 2 || w.Runs[1].PerSecond <= 0 || w.Runs[1].RedisCPUMicros <= 0 {
			t.Errorf("%s has %+v, want the figures of each round", w.Name, w.Runs)
		}
	}

	if err := redis.Client().Set(t.Context(), "somebody's", "data", 0).Err(); err != nil {
		t.Fatal(err)
	}
	got = clitest.Run(t, clitest.Environment{}, "", args...)
	if got.Code == exit.OK || !strings.Contains(got.Stderr, "the bench empties its Redis") {
		t.Errorf("bench on a Redis with data: got %+v, want it refused", got)
	}
}

func TestBenchRefuses(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{"--rounds", "0"}, {"--scale", "0"}, {"--shards", "-1"}, {"--shards", "4097"}, {"--redis-url", "nowhere"}} {
		if got := clitest.Run(t, clitest.Environment{}, "", append([]string{"bench"}, args...)...); got.Code != exit.Usage {
			t.Errorf("bench %q: got %+v, want it refused", args, got)
		}
	}
}

// The program plays the parts of a bench that run in processes of their own.
func TestBenchStartsHelpers(t *testing.T) {
	t.Parallel()

	redis := redistest.Server(t)
	args := []string{"bench", "--rounds", "1", "--scale", "0.001", "--only", "webhooks", "--redis-url", redis.URL()}
	if got := clitest.Run(t, clitest.Environment{}, "", args...); got.Code != exit.OK || !strings.Contains(got.Stdout, "webhooks") || strings.Contains(got.Stdout, "skipped") {
		t.Errorf("bench: got %+v, want the figures of webhooks", got)
	}
}

// One attack runs, and the exit code says whether the neighbour had to bear too much.
func TestBenchAttack(t *testing.T) {
	t.Parallel()

	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	const only = "guesses at the token of an application"
	got := clitest.Run(t, clitest.Environment{}, "", "bench", "attack", "--worker", worker, "--only", only, "--alone", "200ms", "--during", "200ms", "--scale", "0.1")
	good := strings.Contains(got.Stdout, "good")
	if !strings.Contains(got.Stdout, only) || !strings.Contains(got.Stdout, "401") || good != (got.Code == exit.OK) || !good && got.Code != exit.Unexpected {
		t.Errorf("bench attack: got %+v, want a table with the guesses and an exit code that goes with the verdict", got)
	}
	for name, args := range map[string][]string{
		"no time":      {"--during", "0s"},
		"no worker":    {}, // neither beside the test nor as source
		"no such one":  {"--worker", worker, "--only", "nothing"},
		"no such file": {"--worker", worker + "-not"},
	} {
		if got := clitest.Run(t, clitest.Environment{}, "", append([]string{"bench", "attack"}, args...)...); got.Code == exit.OK {
			t.Errorf("%s: got %+v, want it refused", name, got)
		}
	}
}

// One address is called, of so much as was asked for, or the flag that is wrong is
// named. That the addresses can be called is for the bench's own test to show.
func TestBenchCosts(t *testing.T) {
	t.Parallel()

	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	got := clitest.Run(t, clitest.Environment{}, "", "bench", "costs", "--worker", worker, "--sizes", "2", "--each", "1ms", "--only", "/members")
	if got.Code != exit.OK || !strings.Contains(got.Stdout, "there is: 2\n") || !strings.Contains(got.Stdout, "GET /v1/conversations/{conversation}/members ") {
		t.Errorf("bench costs: got %+v, want a table with the members", got)
	}
	for wrong, args := range map[string][]string{
		"--sizes":         {"--sizes", "10,0"},
		"--each":          {"--each", "0s"},
		"no such address": {"--worker", worker, "--only", "no such address"},
	} {
		if got := clitest.Run(t, clitest.Environment{}, "", append([]string{"bench", "costs"}, args...)...); got.Code == exit.OK || !strings.Contains(got.Stderr, wrong) {
			t.Errorf("costs %q: got %+v, want %s named", args, got, wrong)
		}
	}
}

// One row runs, and the exit code says whether a figure is beyond its bound.
func TestBenchWebhooks(t *testing.T) {
	t.Parallel()

	redistest.Binary(t)
	worker := filepath.Join(t.TempDir(), "worker")
	if out, err := exec.Command("go", "build", "-o", worker, "../../../cmd/worker").CombinedOutput(); err != nil {
		t.Fatalf("build the worker: %v\n%s", err, out)
	}
	got := clitest.Run(t, clitest.Environment{}, "", "bench", "webhooks", "--worker", worker, "--only", "calm", "--scale", "0.01")
	beyond := strings.Contains(got.Stdout, "NOT SO")
	if !strings.Contains(got.Stdout, "from the change to the receiver, p99") || beyond != (got.Code == exit.Unexpected) || !beyond && got.Code != exit.OK {
		t.Errorf("bench webhooks: got %+v, want the figures of calm traffic and an exit code that goes with them", got)
	}
	for wrong, args := range map[string][]string{
		"--scale":              {"--scale", "0"},
		`there is no row "no"`: {"--worker", worker, "--only", "no"},
	} {
		if got := clitest.Run(t, clitest.Environment{}, "", append([]string{"bench", "webhooks"}, args...)...); got.Code == exit.OK || !strings.Contains(got.Stderr, wrong) {
			t.Errorf("webhooks %q: got %+v, want %s named", args, got, wrong)
		}
	}
}
