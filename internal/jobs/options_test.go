package jobs_test

import (
	"context"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A service and a runner without a meter, or any other option, work.
func TestZeroOptionsWork(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		service := jobs.NewService(w.Store, w.bell, 1, jobs.ServiceOptions{})
		for _, text := range []string{"Good.", "Bad."} {
			if _, err := service.Submit(t.Context(), request("", text)); err != nil {
				t.Fatal(err)
			}
		}
		gone := w.submit("", "Gone.")
		w.spoil(gone.ConversationID, 0, gone.JobID)
		w.work(jobs.NewRunner(w.Store, failing(errBusy, "Bad."), w.bell, jobs.RunnerOptions{}))
		equal(t, "jobs counted by anybody else's meter", w.meter.done(), 0)
	})
}

// Up to 32 jobs are claimed and committed together unless the options say
// otherwise.
func TestBatchOf32(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(40)
		l := &ledger{Lanes: w.Store}
		w.work(w.runnerOn(l, jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "jobs of each commit", l.commits, []int{32, 8})
	})
}

// A job under way at a shutdown has ten seconds unless the options say
// otherwise.
func TestGraceOfTenSeconds(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(1)
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		begun := time.Now()
		if _, err := w.runner(taking(time.Hour), jobs.RunnerOptions{}).Drain(ctx, 0); err != nil {
			t.Errorf("Drain: %v", err)
		}
		equal(t, "time until it was broken off", time.Since(begun), 11*time.Second)
	})
}
