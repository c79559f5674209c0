package jobs_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

func limit(n int) jobs.Limits {
	return jobs.Limits{Concurrent: func(a string) int {
		if a == account {
			return n
		}
		return 0
	}}
}

// crowd submits that many requests at once and returns how many were accepted. All others
// are to be refused with this error.
func crowd(t *testing.T, s *jobs.Service, requests int, refusal error) (accepted int) {
	t.Helper()
	var (
		mu sync.Mutex
		wg sync.WaitGroup
	)
	for n := range requests {
		wg.Go(func() {
			_, err := s.Submit(t.Context(), request("", fmt.Sprintf("Message %d.", n)))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				accepted++
			case fmt.Sprintf("%T %[1]v", err) != fmt.Sprintf("%T %[1]v", refusal):
				t.Errorf("Submit = %T %[1]v, want a receipt or %T %[2]v", err, refusal)
			}
		})
	}
	wg.Wait()
	return accepted
}

func TestSlotsAreExactInACrowd(t *testing.T) {
	crowded(t, func(t *testing.T, w *world) {
		service := w.serve(w.Store, limit(7))
		for round := range 3 { // after each of them all jobs complete, and there is room again
			if got := crowd(t, service, 100, &jobs.ConcurrencyError{Limit: 7}); got != 7 {
				t.Errorf("round %d: %d requests accepted of 100, want 7", round+1, got)
			}
			if got := crowd(t, service, 5, &jobs.ConcurrencyError{Limit: 7}); got != 0 {
				t.Errorf("round %d: %d requests more accepted, want none", round+1, got)
			}
			w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		}
		equal(t, "jobs completed", w.meter.finished[jobs.Completed], 21)
	})
}

func TestAccountsHaveSlotsOfTheirOwn(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		service := w.serve(w.Store, limit(1))
		if got := crowd(t, service, 2, &jobs.ConcurrencyError{Limit: 1}); got != 1 {
			t.Fatalf("%d requests accepted, want 1", got)
		}
		for range 3 {
			a := request("", "One.")
			a.Account = "other"
			if _, err := service.Submit(t.Context(), a); err != nil {
				t.Errorf("Submit of an account without a limit: %v", err)
			}
		}
	})
}

// The slot of a failed job is as free as that of a completed one, and so is
// that of a request that was refused.
func TestSlotsComeBack(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		service := w.serve(w.Store, limit(1))
		for range 3 {
			if _, err := service.Submit(t.Context(), request("1000000000000000", "Nobody.")); !errors.Is(err, jobs.ErrUnknownConversation) {
				t.Fatalf("Submit to no conversation = %v, want ErrUnknownConversation", err)
			}
		}
		r, err := service.Submit(t.Context(), request("", "Hopeless."))
		if err != nil {
			t.Fatalf("Submit after requests that were refused: %v", err)
		}
		w.work(w.runner(refusing("no use"), jobs.RunnerOptions{}))
		equal(t, "status", w.job(r.JobID).Status, jobs.Failed)
		if _, err := service.Submit(t.Context(), request("", "Next.")); err != nil {
			t.Errorf("Submit after a job that failed: %v", err)
		}
	})
}

// A process that dies between its slot and its job leaves a slot without one.
func TestSlotWithoutAJobFreesItself(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		dying := w.serve(&faulty{Store: w.Store, faults: []fault{{err: jobs.ErrUnavailable}}}, limit(1))
		if _, err := dying.Submit(t.Context(), request("", "Lost.")); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Submit = %v, want ErrUnavailable", err)
		}
		service := w.serve(w.Store, limit(1))
		time.Sleep(10 * time.Second)
		if got := crowd(t, service, 1, &jobs.ConcurrencyError{Limit: 1}); got != 0 {
			t.Error("accepted within ten seconds, when the request may still be on its way")
		}
		time.Sleep(time.Second)
		if got := crowd(t, service, 2, &jobs.ConcurrencyError{Limit: 1}); got != 1 {
			t.Errorf("%d requests accepted after ten seconds, want 1", got)
		}
	})
}
