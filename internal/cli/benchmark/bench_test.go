package benchmark_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func TestBench(t *testing.T) {
	t.Parallel()

	redis := redistest.Server(t)
	args := []string{"bench", "--scale", "0.001", "--only", "backlog, 1,000 conversations", "--redis-url", redis.URL()}
	got := clitest.Run(t, clitest.Environment{}, "", args...)
	for _, want := range []string{"asynq, concurrency 10", "backlog, 1,000 conversations", "violations"} {
		if got.Code != exit.OK || !strings.Contains(got.Stdout, want) {
			t.Fatalf("bench: got %+v, want a table with %q", got, want)
		}
	}
	if strings.Contains(got.Stdout, "webhooks") {
		t.Errorf("bench --only ran another workload:\n%s", got.Stdout)
	}

	if err := redis.Client().Set(t.Context(), "somebody's", "data", 0).Err(); err != nil {
		t.Fatal(err)
	}
	got = clitest.Run(t, clitest.Environment{}, "", args...)
	if got.Code == exit.OK || !strings.Contains(got.Stderr, "the bench empties its Redis") {
		t.Errorf("bench on a Redis with data: got %+v, want it refused", got)
	}
}
