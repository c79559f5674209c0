package jobs_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
)

// keyed returns a request under the key "order-7".
func keyed(id, text, fingerprint string) jobs.Append {
	a := request(id, text)
	a.IdempotencyKey, a.Fingerprint = "order-7", fingerprint
	return a
}

func TestKeyMakesOneJob(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		first, err := w.service.Submit(t.Context(), keyed(id, "Once.", "a"))
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if again, err := w.service.Submit(t.Context(), keyed(id, "Once.", "a")); again != first || err != nil {
				t.Errorf("Submit again = %+v, %v; want %+v", again, err, first)
			}
		}
		_, err = w.service.Submit(t.Context(), keyed(id, "Other.", "b"))
		if !errors.Is(err, jobs.ErrKeyReused) {
			t.Errorf("Submit of another request = %v, want ErrKeyReused", err)
		}
		other := keyed("", "Other.", "b")
		other.Account = "other"
		if _, err = w.service.Submit(t.Context(), other); err != nil {
			t.Errorf("Submit of another account under the same key: %v", err)
		}
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Once."})
		if again, err := w.service.Submit(t.Context(), keyed(id, "Once.", "a")); again != first || err != nil {
			t.Errorf("Submit once the job is completed = %+v, %v; want %+v", again, err, first)
		}
		equal(t, "submissions counted", w.meter.submitted, 3)
	})
}

func TestKeyOfManyCallersAtOnce(t *testing.T) {
	crowded(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		var (
			mu       sync.Mutex
			receipts = map[jobs.Receipt]int{}
			wg       sync.WaitGroup
		)
		for range 50 {
			wg.Go(func() {
				r, err := w.service.Submit(t.Context(), keyed(id, "Once.", "a"))
				mu.Lock()
				defer mu.Unlock()
				receipts[r]++
				if err != nil {
					t.Errorf("Submit: %v", err)
				}
			})
		}
		wg.Wait()
		if len(receipts) != 1 {
			t.Errorf("receipts = %v, want one for all", receipts)
		}
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Once."})
	})
}

// meeting is a store whose first Accept waits until another request is
// accepted.
type meeting struct {
	*store.Store
	meet func()
}

func (m *meeting) Accept(ctx context.Context, job jobs.Job, terms jobs.Terms) (*jobs.Claim, lane.Wake, error) {
	if meet := m.meet; meet != nil {
		m.meet = nil
		meet()
	}
	return m.Store.Accept(ctx, job, terms)
}

// A repetition that overtakes its request, in another process, makes the same
// job.
func TestKeyOfARequestThatIsOvertaken(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		var second jobs.Receipt
		first, err := w.serve(&meeting{w.Store, func() {
			var err error
			if second, err = w.service.Submit(t.Context(), keyed(id, "Once.", "a")); err != nil {
				t.Errorf("second Submit: %v", err)
			}
		}}, jobs.Limits{}).Submit(t.Context(), keyed(id, "Once.", "a"))
		if err != nil || first != second {
			t.Errorf("Submit = %+v, %v; want the receipt of its repetition, %+v", first, err, second)
		}
		w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Once."})
	})
}

// A request that was refused has had no effect, so its key is free, for
// another request too.
func TestRefusedRequestFreesItsKey(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		_, err := w.serve(w.Store, jobs.Limits{Pending: 1}).Submit(t.Context(), keyed(id, "Too much.", "a"))
		if full, _ := errors.AsType[*jobs.BacklogError](err); full == nil {
			t.Fatalf("Submit to a full conversation = %v, want a BacklogError", err)
		}
		_, err = w.service.Submit(t.Context(), keyed("1000000000000000", "Nobody.", "b"))
		if !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Fatalf("Submit to no conversation = %v, want ErrUnknownConversation", err)
		}
		if _, err = w.service.Submit(t.Context(), keyed(id, "Now.", "c")); err != nil {
			t.Errorf("Submit under a key that was refused: %v", err)
		}
	})
}

// What has changed since a request was accepted does not refuse its
// repetition, and a request that it refused does not keep its key.
func TestKeyOfACheckedRequest(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		gone := errors.New("the tracker is gone")
		checked := keyed("", "Once.", "a")
		checked.Check = func(context.Context) error { return nil }
		first, err := w.service.Submit(t.Context(), checked)
		if err != nil {
			t.Fatal(err)
		}
		checked.Check = func(context.Context) error { return gone }
		if again, err := w.service.Submit(t.Context(), checked); again != first || err != nil {
			t.Errorf("Submit again = %+v, %v; want %+v", again, err, first)
		}
		refused := keyed("", "Never.", "b")
		refused.IdempotencyKey, refused.Check = "order-8", checked.Check
		if _, err = w.service.Submit(t.Context(), refused); !errors.Is(err, gone) {
			t.Errorf("Submit = %v, want %v", err, gone)
		}
		if _, err = w.service.Submit(t.Context(), refused); !errors.Is(err, gone) {
			t.Errorf("Submit again = %v, want %v", err, gone)
		}
		refused.Check = func(context.Context) error { return jobs.ErrUnavailable }
		if _, err = w.service.Submit(t.Context(), refused); !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("Submit while nobody knows of trackers = %v, want %v", err, jobs.ErrUnavailable)
		}
		refused.Check, refused.Fingerprint = nil, "c"
		if _, err = w.service.Submit(t.Context(), refused); err != nil {
			t.Errorf("Submit under a key that was refused: %v", err)
		}
		equal(t, "submissions counted", w.meter.submitted, 2)
	})
}

// After ErrUnavailable nobody knows whether the request was accepted. Its key
// settles that: repeated until there is a receipt, it takes effect once.
func TestKeyAfterUnavailable(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		effect bool // the job was accepted, its reply got lost
	}{
		{"the request got lost", false},
		{"the reply got lost", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, _ := w.talk(1)
				service := w.serve(&faulty{Store: w.Store, faults: []fault{{jobs.ErrUnavailable, tt.effect}}}, jobs.Limits{})
				if _, err := service.Submit(t.Context(), keyed(id, "Once.", "a")); !errors.Is(err, jobs.ErrUnavailable) {
					t.Fatalf("Submit = %v, want ErrUnavailable", err)
				}
				r, err := service.Submit(t.Context(), keyed(id, "Once.", "a"))
				if err != nil {
					t.Fatalf("Submit at once after it: %v", err)
				}
				if again, err := service.Submit(t.Context(), keyed(id, "Once.", "a")); again != r || err != nil {
					t.Errorf("Submit after that = %+v, %v; want the same receipt", again, err)
				}
				equal(t, "number of the job", w.job(r.JobID).Sequence, int64(2))
				w.work(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
				equal(t, "messages", w.texts(id), []string{"Message 1.", "Once."})
			})
		})
	}
}

// The reply of an accepted request got lost, its job is long completed, and
// when the caller asks again the account has no room: that is no reason to
// forget the key, or the third time would append the message again.
func TestKeyOfAnAcceptedRequestOutlivesAFullAccount(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		worker := w.runner(jobs.Local{}, jobs.RunnerOptions{})
		w.work(worker)
		service := w.serve(&faulty{Store: w.Store, faults: []fault{{jobs.ErrUnavailable, true}}},
			jobs.Limits{Concurrent: func(string) int { return 1 }})
		if _, err := service.Submit(t.Context(), keyed(id, "Once.", "a")); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Submit = %v, want ErrUnavailable", err)
		}
		w.work(worker)
		if _, err := service.Submit(t.Context(), request(id, "Between.")); err != nil {
			t.Fatal(err)
		}
		for range 3 { // a client that is told to come back comes back
			time.Sleep(11 * time.Second)
			_, err := service.Submit(t.Context(), keyed(id, "Once.", "a"))
			if full, _ := errors.AsType[*jobs.ConcurrencyError](err); full == nil && err != nil {
				t.Errorf("Submit = %v, want a receipt, or a ConcurrencyError while there is no room", err)
			}
			w.work(worker)
		}
		equal(t, "messages", w.texts(id), []string{"Message 1.", "Once.", "Between."})
	})
}
