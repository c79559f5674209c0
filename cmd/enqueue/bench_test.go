package main

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func TestBench(t *testing.T) {
	t.Parallel()

	redis := redistest.Server(t)
	args := []string{"bench", "--scale", "0.001", "--only", "backlog, 1,000 conversations", "--redis-url", redis.URL()}
	got := enqueue(t, environment{}, "", args...)
	for _, want := range []string{"asynq, concurrency 10", "backlog, 1,000 conversations", "violations"} {
		if got.code != exitOK || !strings.Contains(got.stdout, want) {
			t.Fatalf("bench: got %+v, want a table with %q", got, want)
		}
	}
	if strings.Contains(got.stdout, "webhooks") {
		t.Errorf("bench --only ran another workload:\n%s", got.stdout)
	}

	if err := redis.Client().Set(t.Context(), "somebody's", "data", 0).Err(); err != nil {
		t.Fatal(err)
	}
	got = enqueue(t, environment{}, "", args...)
	if got.code == exitOK || !strings.Contains(got.stderr, "the bench empties its Redis") {
		t.Errorf("bench on a Redis with data: got %+v, want it refused", got)
	}
}
