package bench_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// What is not known is a dash, not a zero.
func TestPrint(t *testing.T) {
	t.Parallel()

	var out strings.Builder
	err := bench.Print(&out, []bench.Row{
		{Name: "asynq", Jobs: 30000, Took: 3 * time.Second, RedisCPU: 81234 * time.Nanosecond, OwnCPU: 123456 * time.Nanosecond},
		{Name: "backlog", Jobs: 40000, Took: time.Second, Ratio: 4, RedisCPU: 9 * time.Microsecond, Violations: 2},
		{Name: "idle latency", Jobs: 500, P50: 1234567 * time.Nanosecond, P99: 9 * time.Millisecond},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `
      workload   jobs  rate/s  × asynq     p50  p99  Redis CPU/job  own CPU/job  violations
         asynq  30000   10000        –       –    –         81.2µs      123.5µs           0
       backlog  40000   40000     4.00       –    –            9µs            –           2
  idle latency    500       –        –  1.23ms  9ms              –            –           0
`
	if diff := cmp.Diff(want, "\n"+out.String()); diff != "" {
		t.Errorf("Print (-want +got):\n%s", diff)
	}
}

// A bench empties its Redis, so it does not touch one that holds anything.
func TestRunRefusesARedisInUse(t *testing.T) {
	t.Parallel()

	rdb := redistest.New(t)
	if err := rdb.Set(t.Context(), "precious", "1", 0).Err(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	rows, err := bench.Run(t.Context(), rdb, rdb, &out, bench.Options{Scale: 0.001})
	if err == nil || !strings.Contains(err.Error(), "this one has 1 keys") || len(rows) != 0 {
		t.Errorf("Run = %v, %v; want a refusal that says how many keys there are", rows, err)
	}
	if got := rdb.Get(t.Context(), "precious").Val(); got != "1" {
		t.Error("the key that was there is gone")
	}
}
