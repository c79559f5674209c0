package jobs_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// counting is a store that counts how often it is asked for the unfinished jobs of
// an account, and may do something first.
type counting struct {
	*store.Store
	asked  atomic.Int32
	before func(ctx context.Context) error
}

func (c *counting) CountUnfinished(ctx context.Context, account string) (int, error) {
	c.asked.Add(1)
	if c.before != nil {
		if err := c.before(ctx); err != nil {
			return 0, err
		}
	}
	return c.Store.CountUnfinished(ctx, account)
}

func backlog(n int) jobs.Limits {
	return jobs.Limits{Backlog: func(a string) int {
		if a == account {
			return n
		}
		return 0
	}}
}

// One process keeps an account at its limit exactly, with one reading for a crowd.
func TestBacklogInACrowd(t *testing.T) {
	crowded(t, func(t *testing.T, w *world) {
		s := &counting{Store: w.Store}
		service := w.serve(s, backlog(7))
		equal(t, "requests accepted of 60", crowd(t, service, 60, &jobs.AccountBacklogError{Limit: 7}), 7)
		if n := s.asked.Load(); n > 3 { // the crowd may be under way longer than a reading of a full account lasts
			t.Errorf("the number was read %d times for a crowd", n)
		}
		equal(t, "requests refused, as counted", w.meter.refused, map[jobs.Limit]int{jobs.MaxPending: 53})
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		time.Sleep(300 * time.Millisecond)
		equal(t, "requests accepted of 60 when all had ended", crowd(t, service, 60, &jobs.AccountBacklogError{Limit: 7}), 7)
		other := request("", "Hi.")
		other.Account = "other"
		if _, err := service.Submit(t.Context(), other); err != nil {
			t.Errorf("Submit of an account without a limit: %v", err)
		}
	})
}

// The number is read once in two seconds while there is room, once in a quarter of one
// while there is none, and not at all for an account that submits nothing or has no
// limit.
func TestBacklogIsReadSeldom(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &counting{Store: w.Store}
		service := w.serve(s, backlog(105))
		submit := func(n int) {
			for range n {
				if _, err := service.Submit(t.Context(), request("", "Hi.")); err != nil {
					if _, full := errors.AsType[*jobs.AccountBacklogError](err); !full {
						t.Fatal(err)
					}
				}
				time.Sleep(100 * time.Millisecond)
			}
		}
		submit(100)
		equal(t, "readings in ten seconds with room", s.asked.Swap(0), int32(5))
		time.Sleep(time.Hour)
		equal(t, "readings while nothing was submitted", s.asked.Swap(0), int32(0))
		submit(5) // the last places
		s.asked.Store(0)
		submit(30)
		equal(t, "readings in three seconds without room", s.asked.Swap(0), int32(10))
		equal(t, "refused", w.meter.refused[jobs.MaxPending], 30)
		unlimited := w.serve(s, jobs.Limits{})
		if _, err := unlimited.Submit(t.Context(), request("", "Hi.")); err != nil {
			t.Fatal(err)
		}
		equal(t, "readings without a limit", s.asked.Load(), int32(0))
	})
}

// A second process may exceed the limit by what the first one accepted since the
// second one's reading, and by no more.
func TestBacklogOfTwoProcesses(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		first, second := w.serve(w.Store, backlog(10)), w.serve(w.process(1), backlog(10))
		equal(t, "accepted by the first", crowd(t, first, 6, &jobs.AccountBacklogError{Limit: 10}), 6)
		equal(t, "accepted by the second, which knows of these", crowd(t, second, 20, &jobs.AccountBacklogError{Limit: 10}), 4)
		equal(t, "accepted by the first, which does not know of the last four", crowd(t, first, 20, &jobs.AccountBacklogError{Limit: 10}), 4)
		time.Sleep(2 * time.Second)
		equal(t, "accepted by either one when both have read again", crowd(t, first, 20, &jobs.AccountBacklogError{Limit: 10})+crowd(t, second, 20, &jobs.AccountBacklogError{Limit: 10}), 0)
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "jobs completed", w.meter.finished[jobs.Completed], 14)
		time.Sleep(250 * time.Millisecond)
		equal(t, "accepted when there is room again", crowd(t, first, 20, &jobs.AccountBacklogError{Limit: 10}), 10)
	})
}

// What was refused for another reason takes no place.
func TestBacklogCountsWhatWasAccepted(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		service := w.serve(w.Store, backlog(2))
		for range 5 {
			if _, err := service.Submit(t.Context(), request("1000000000000000", "Nobody.")); !errors.Is(err, jobs.ErrUnknownConversation) {
				t.Fatalf("Submit to no conversation = %v, want ErrUnknownConversation", err)
			}
		}
		equal(t, "accepted behind them", crowd(t, service, 5, &jobs.AccountBacklogError{Limit: 2}), 2)
	})
}

// A store that does not answer keeps only the caller who reads waiting, half a second,
// and nobody out.
func TestBacklogOfASilentStore(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		silent := false
		s := &counting{Store: w.Store, before: func(ctx context.Context) error {
			if !silent {
				return nil
			}
			<-ctx.Done()
			return jobs.ErrUnavailable
		}}
		service := w.serve(s, backlog(1000))
		timed := func() time.Duration {
			began := time.Now()
			if _, err := service.Submit(t.Context(), request("", "Hi.")); err != nil {
				t.Errorf("Submit: %v", err)
			}
			return time.Since(began)
		}
		timed()
		silent = true
		time.Sleep(2 * time.Second)
		var reader time.Duration
		var wg sync.WaitGroup
		wg.Go(func() { reader = timed() })
		synctest.Wait()
		equal(t, "time of one beside the reader", timed(), time.Duration(0))
		wg.Wait()
		equal(t, "time of the reader", reader, 500*time.Millisecond)
		equal(t, "time of the next one", timed(), time.Duration(0))
	})
}

// A reader who goes away leaves the others the number. Its own job takes a place until
// the next reading, as it may have been accepted.
func TestBacklogReaderGoesAway(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		s := &counting{Store: w.Store, before: func(ctx context.Context) error { return pause(ctx, 100*time.Millisecond) }}
		service := w.serve(s, backlog(6))
		w.talk(2)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
		defer cancel()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := service.Submit(ctx, request("", "Gone.")); err == nil {
				t.Error("a caller who had gone was accepted")
			}
		})
		time.Sleep(time.Millisecond)
		equal(t, "accepted", crowd(t, service, 5, &jobs.AccountBacklogError{Limit: 6}), 3)
		wg.Wait()
		equal(t, "readings", s.asked.Load(), int32(1))
	})
}
