package jobs_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// Redis goes away in the middle of a job: the drain says so, and once Redis is
// back everything is completed once.
func TestRedisAwayInTheMiddle(t *testing.T) {
	t.Parallel()

	const short = 300 * time.Millisecond // lease
	srv := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	w := newWorld(t, srv.Client(), store.Options{Lease: short})
	id, ids := w.talk(30)
	kills := map[string]bool{"Message 1.": true, "Message 17.": true} // in the first batch, and between two
	var j analysisLog
	r := w.runner(j.of(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		if kills[text(t)] {
			delete(kills, text(t))
			srv.Kill()
		}
		return jobs.Local{}.Analyze(ctx, t)
	})), jobs.RunnerOptions{Lease: short, Batch: 16})

	for outage := range 2 {
		_, err := r.Drain(t.Context(), 0)
		for len(kills) > 1-outage && err == nil { // a shift ended first
			_, err = r.Drain(t.Context(), 0)
		}
		if !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Drain without Redis = %v, want ErrUnavailable", err)
		}
		if _, err = r.Drain(t.Context(), 0); !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("another Drain without Redis = %v, want ErrUnavailable", err)
		}
		srv.Restart()
		deadline := time.Now().Add(10 * time.Second)
		for w.rdb.Ping(t.Context()).Err() != nil && time.Now().Before(deadline) {
			time.Sleep(time.Millisecond) // the client forgets its broken connections
		}
		_, lease, err := w.Sweep(t.Context(), "append", 0)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(lease)
	}
	w.work(r)
	equal(t, "statuses", w.statuses(ids), strings.Repeat("c", 30))
	equal(t, "messages", w.texts(id), texts(1, 30))
	equal(t, "jobs failed", w.meter.finished[jobs.Failed], 0)
}
