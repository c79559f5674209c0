package jobs_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// A shutdown in the middle of a batch commits what is done, lets the job under
// way finish, and gives the rest back at once.
func TestShutdownInTheMiddleOfABatch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, ids := w.talk(16)
		w.bell.heard()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		_, err := w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if text(t) == "Message 3." {
				stop()
			}
			if err := ctx.Err(); err != nil {
				return analysis.Result{}, err
			}
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{}).Drain(ctx, 0)
		if err != nil {
			t.Errorf("Drain: %v", err)
		}
		equal(t, "statuses", w.statuses(ids), "ccc"+"sssssssssssss")
		equal(t, "messages", w.texts(id), texts(1, 3))
		equal(t, "rings for the rest", w.bell.heard(), []ring{{0, lane.Wake{Append: true}}})

		var j analysisLog
		w.drain(w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{}))
		equal(t, "analyses by the next process", j.read(), once(texts(4, 16)))
		equal(t, "messages", w.texts(id), texts(1, 16))
	})
}

// No number of restarts fails a job: an attempt that a shutdown breaks off
// does not count.
func TestShutdownDoesNotCount(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(2)
		var j analysisLog
		for range 10 {
			w.bell.heard()
			ctx, stop := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, stop)
			begun := time.Now()
			more, err := w.runner(j.of(taking(time.Hour)), jobs.RunnerOptions{Grace: 9 * time.Second, MaxAttempts: 3}).Drain(ctx, 0)
			if took := time.Since(begun); err != nil || more || took != 10*time.Second {
				t.Fatalf("Drain = %t, %v after %v; want it to end with the grace, after 10s", more, err, took)
			}
			equal(t, "rings for the job", w.bell.heard(), []ring{{0, lane.Wake{Append: true}}})
			equal(t, "statuses", w.statuses(ids), "is")
		}
		w.drain(w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{MaxAttempts: 3}))
		for _, note := range j.read()[:11] {
			if note != "Message 1. 1" {
				t.Errorf("analysis %q, want the first attempt each time", note)
			}
		}
		equal(t, "messages", w.texts(id), texts(1, 2))
	})
}

// What ends within the grace is committed, at the end of it and not before;
// nothing else is begun, in this conversation or another one.
func TestShutdownWaitsForTheJobUnderWay(t *testing.T) {
	t.Parallel()

	for _, batch := range []int{1, 16} {
		t.Run(fmt.Sprintf("batches of %d", batch), func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, ids := w.talk(2)
				time.Sleep(time.Millisecond)
				ids = append(ids, w.submit("", "Other.").JobID)
				w.bell.heard()
				ctx, stop := context.WithCancel(t.Context())
				time.AfterFunc(50*time.Millisecond, stop)
				begun := time.Now()
				_, err := w.runner(taking(90*time.Millisecond), jobs.RunnerOptions{Batch: batch}).Drain(ctx, 0)
				if took := time.Since(begun); err != nil || took != 90*time.Millisecond {
					t.Errorf("Drain ended with %v after %v, want 90ms", err, took)
				}
				equal(t, "statuses", w.statuses(ids), "css")
				equal(t, "messages", w.texts(id), texts(1, 1))
				equal(t, "claims", w.meter.claims[true], 1)
			})
		})
	}
}

// The grace ends in the middle of the second job of a batch: the first one is
// committed, the second one untouched.
func TestShutdownCommitsWhatIsDone(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(3)
		ctx, stop := context.WithCancel(t.Context())
		_, err := w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
			if text(t) == "Message 2." {
				stop()
				<-ctx.Done()
				return analysis.Result{}, ctx.Err()
			}
			return jobs.Local{}.Analyze(ctx, t)
		}), jobs.RunnerOptions{}).Drain(ctx, 0)
		if err != nil {
			t.Errorf("Drain: %v", err)
		}
		equal(t, "statuses", w.statuses(ids), "css")
		equal(t, "messages", w.texts(id), texts(1, 1))
		equal(t, "retries counted", w.meter.retried, 0)
		var j analysisLog
		w.drain(w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{}))
		equal(t, "analyses by the next process", j.read(), once(texts(2, 3)))
	})
}

// A drain that begins after the end begins no job.
func TestDrainAfterTheEnd(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		_, ids := w.talk(1)
		ctx, stop := context.WithCancel(t.Context())
		stop()
		var j analysisLog
		l := &ledger{Lanes: w.Store}
		more, err := w.runnerOn(l, j.of(jobs.Local{}), jobs.RunnerOptions{}).Drain(ctx, 0)
		equal(t, "analyses and commits", len(j.read())+len(l.commits), 0)
		if more || err != nil {
			t.Errorf("Drain = %t, %v; want the lane given back, and no more", more, err)
		}
		w.drain(w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{}))
		equal(t, "status after the next drain", w.statuses(ids), "c")
		equal(t, "analyses", j.read(), once(texts(1, 1)))
	})
}
