package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// rounds are the lanes, and of how many lanes each commit was, and when.
type rounds struct {
	jobs.Lanes

	mu    sync.Mutex
	lanes []int
	at    []time.Time
}

func (r *rounds) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	r.mu.Lock()
	r.lanes, r.at = append(r.lanes, len(done)), append(r.at, time.Now())
	r.mu.Unlock()
	return r.Lanes.Commit(ctx, shard, done, want)
}

// conversations begins that many, of one message each, "1" and so on.
func (w *world) conversations(n int) (jobIDs []string) {
	w.t.Helper()
	for i := range n {
		jobIDs = append(jobIDs, w.submit("", fmt.Sprint(i+1)).JobID)
		time.Sleep(time.Millisecond) // they are due in this order
	}
	return jobIDs
}

// known returns a Runner that knows already how long a job takes.
func (w *world) known(lanes jobs.Lanes, takes time.Duration, then jobs.Analyzer, opts jobs.RunnerOptions) *jobs.Runner {
	w.t.Helper()
	first := true
	r := w.runnerOn(lanes, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		if first {
			first = false
			return taking(takes)(ctx, t)
		}
		return then.Analyze(ctx, t)
	}), opts)
	w.submit("", "The first one.")
	w.drain(r)
	return r
}

// Quick jobs of many conversations are committed together, of eight at most; slow
// ones by themselves.
func TestRounds(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		takes time.Duration
		batch int
		lanes []int
	}{
		{0, 32, []int{8, 8, 8, 8, 8}},
		{0, 3, append(slices.Repeat([]int{3}, 13), 1)},
		{3 * time.Millisecond, 32, []int{6, 6, 6, 6, 6, 6, 4}}, // 18 ms
		{20 * time.Millisecond, 32, slices.Repeat([]int{1}, 40)},
		{time.Second, 32, slices.Repeat([]int{1}, 40)},
		{0, 1, slices.Repeat([]int{1}, 40)},
	} {
		t.Run(fmt.Sprintf("%v each, %d at most", tt.takes, tt.batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				lanes := &rounds{Lanes: w.Store}
				r := w.known(lanes, tt.takes, taking(tt.takes), jobs.RunnerOptions{Batch: tt.batch})
				ids := w.conversations(40)
				lanes.lanes = nil
				w.work(r)
				equal(t, "lanes of each commit", lanes.lanes, tt.lanes)
				for _, id := range ids {
					equal(t, "status", w.job(id).Status, jobs.Completed)
				}
			})
		})
	}
}

// A slow job holds up no other conversation of its claim: after 20 ms those that
// are done are committed and the rest is free for others.
func TestSlowJobInARound(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		lanes := &rounds{Lanes: w.Store}
		r := w.known(lanes, 0, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if text(t) == "3" {
				return taking(time.Minute)(ctx, t)
			}
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{})
		ids := w.conversations(8)
		lanes.lanes, lanes.at = nil, nil
		begun := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() { w.drain(r) })
		time.Sleep(time.Millisecond)
		equal(t, "statuses while all are held", w.statuses(ids), "iiiiiiii")
		time.Sleep(20 * time.Millisecond)
		equal(t, "statuses after 21 ms", w.statuses(ids), "cciiiiii")
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "statuses after another worker", w.statuses(ids), "ccicc"+"ccc")
		wg.Wait()
		equal(t, "statuses at the end", w.statuses(ids), "cccccccc")
		equal(t, "lanes of each commit", lanes.lanes, []int{2, 1})
		equal(t, "time of the first commit", lanes.at[0].Sub(begun), 20*time.Millisecond)
		equal(t, "claims lost", w.meter.stale, 0)
	})
}

// Whatever becomes of one conversation of a claim, the others are committed.
func TestFailureInARound(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		lanes := &rounds{Lanes: w.Store}
		r := w.known(lanes, 0, failing(errBusy, "2"), jobs.RunnerOptions{MaxAttempts: 1})
		ids := w.conversations(4)
		lanes.lanes = nil
		w.drain(r)
		equal(t, "statuses", w.statuses(ids), "cfcc")
		equal(t, "lanes of each commit", lanes.lanes, []int{3})
	})
}

// A worker that dies leaves each conversation of its claim one attempt older, and
// these are then worked one by one, so that only the job that kills is found guilty.
func TestRoundWhoseWorkerDies(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ids := w.conversations(6)
		dead := w.process(5)
		claims, _, err := dead.Claim(t.Context(), 0, jobs.Want{Lanes: 4, Jobs: 32})
		if err != nil || len(claims) != 4 {
			t.Fatalf("Claim = %d lanes, %v; want 4", len(claims), err)
		}
		time.Sleep(20 * time.Second)
		var log analysisLog
		lanes := &rounds{Lanes: w.Store}
		r := w.runnerOn(lanes, log.of(jobs.Local{}), jobs.RunnerOptions{})
		w.work(r)
		equal(t, "statuses", w.statuses(ids), "cccccc")
		notes := log.read()
		slices.Sort(notes)
		equal(t, "analyses", notes, []string{"1 2", "2 2", "3 2", "4 2", "5 1", "6 1"})
		for n, count := range lanes.lanes {
			if count > 2 { // the two that the dead one had not
				t.Errorf("commit %d was of %d lanes", n, count)
			}
		}
	})
}

// At a shutdown the conversations that were not begun are given back at once.
func TestShutdownInARound(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		ctx, stop := context.WithCancel(t.Context())
		r := w.known(w.Store, 0, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			stop()
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{})
		ids := w.conversations(5)
		if more, err := r.Drain(ctx, 0); more || err != nil {
			t.Errorf("Drain = %t, %v; want false, nil", more, err)
		}
		equal(t, "statuses", w.statuses(ids), "ciiii")
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "statuses after another worker", w.statuses(ids), "ccccc")
	})
}
