package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// ledger are the lanes, and how many jobs of a lane each commit had.
type ledger struct {
	jobs.Lanes
	commits []int
}

func (l *ledger) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	for _, d := range done {
		l.commits = append(l.commits, len(d.Effects))
	}
	return l.Lanes.Commit(ctx, shard, done, want)
}

// TestBatches says how 16 jobs that wait are committed, by how long the
// analysis of one takes: quick ones together, slow ones soon.
func TestBatches(t *testing.T) {
	t.Parallel()

	tests := []struct {
		takes   time.Duration
		batch   int
		commits []int
	}{
		{0, 16, []int{16}},
		{0, 1, slices.Repeat([]int{1}, 16)},
		{0, 5, []int{5, 5, 5, 1}},
		{6 * time.Millisecond, 16, []int{5, 5, 5, 1}}, // the first waits for 24 ms
		{20 * time.Millisecond, 16, []int{3, 3, 3, 3, 3, 1}},
		{21 * time.Millisecond, 16, slices.Repeat([]int{2}, 8)},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%v each, %d at most", tt.takes, tt.batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, _ := w.talk(16)
				l := &ledger{Lanes: w.Store}
				w.work(w.runnerOn(l, taking(tt.takes), jobs.RunnerOptions{Batch: tt.batch}))
				equal(t, "jobs of each commit", l.commits, tt.commits)
				equal(t, "messages", w.texts(id), texts(1, 16))
			})
		})
	}
}

// A large job may take long, so what is done is committed before it begins;
// and it is in progress, as it ought to be, while it runs.
func TestLargeJobKeepsNobodyWaiting(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		size int // of the third of five jobs
		want string
	}{
		{"large", largeJob + 1, "ccis" + "s"},
		{"not quite", largeJob, "isss" + "s"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, ids := w.talk(2)
				ids = append(ids, w.submit(id, strings.Repeat("x", tt.size)).JobID)
				for range 2 {
					ids = append(ids, w.submit(id, "Small.").JobID)
				}
				seen := ""
				w.drain(w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
					if t.JobID == ids[2] {
						seen = w.statuses(ids)
					}
					return jobs.Local{}.Analyze(ctx, t)
				}), jobs.RunnerOptions{}))
				equal(t, "statuses while it runs", seen, tt.want)
				equal(t, "statuses at the end", w.statuses(ids), "ccccc")
			})
		})
	}
}

// The jobs of a batch have their own times, in order, though one step stores
// them all.
func TestJobsOfABatchHaveTimesOfTheirOwn(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, ids := w.talk(4)
		begun := time.Now()
		w.drain(w.runner(taking(5*time.Millisecond), jobs.RunnerOptions{}))
		for n, id := range ids {
			job := w.job(id)
			started, finished := job.StartedAt.Sub(begun), job.FinishedAt.Sub(begun)
			if want := time.Duration(5*n) * time.Millisecond; started != want || finished != want+5*time.Millisecond {
				t.Errorf("job %d ran from %v to %v, want from %v for 5 ms", n+1, started, finished, want)
			}
		}
	})
}
