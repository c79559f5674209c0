package bench_test

import (
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Every workload runs, on a thousandth of its jobs, and finds no violation.
func TestRun(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t)
	scale := 0.001
	if os.Getenv("BENCH") != "" {
		scale = 1
	}
	rows, err := bench.Run(t.Context(), srv.Client(), srv.Client(), os.Stdout, bench.Options{Scale: scale})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.Violations > 0 {
			t.Errorf("%s: %d violations", r.Name, r.Violations)
		}
	}
}
