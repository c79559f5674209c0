package jobs_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// faulty is a store whose Accept may go wrong: each call takes the next of the
// faults.
type faulty struct {
	*store.Store
	faults   []fault
	receipts []string // ids of the jobs that Accept was asked for
}

type fault struct {
	err    error // what Accept returns
	effect bool  // whether it took effect all the same
}

func (f *faulty) Accept(ctx context.Context, job jobs.Job, terms jobs.Terms) (*jobs.Claim, lane.Wake, error) {
	f.receipts = append(f.receipts, job.ID)
	if len(f.faults) == 0 {
		return f.Store.Accept(ctx, job, terms)
	}
	now := f.faults[0]
	f.faults = f.faults[1:]
	if now.effect {
		if _, _, err := f.Store.Accept(ctx, job, terms); err != nil {
			return nil, lane.Wake{}, err
		}
	}
	return nil, lane.Wake{}, now.err
}

func TestSubmit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		first := w.submit("", "One.")
		second := w.submit(first.ConversationID, "Two.")
		if second.ConversationID != first.ConversationID || second.JobID == first.JobID {
			t.Errorf("second receipt = %+v, want another job of %s", second, first.ConversationID)
		}
		for n, id := range []string{first.JobID, second.JobID} {
			job := w.job(id)
			if job.Status != jobs.Scheduled || job.Sequence != int64(n+1) || job.ConversationID != first.ConversationID {
				t.Errorf("job %d = %+v, want it scheduled as number %d of %s", n+1, job, n+1, first.ConversationID)
			}
		}
		other := w.submit("", "Three.")
		if other.ConversationID == first.ConversationID {
			t.Error("a request without a conversation went to an old one")
		}
		equal(t, "submissions counted", w.meter.submitted, 3)
	})
}

func TestJobOfAnotherAccount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		r := w.submit("", "One.")
		for _, id := range []string{jobs.NewID(0), jobs.NewID(lane.MaxShards - 1), "none"} {
			if _, err := w.service.Job(t.Context(), account, id); !errors.Is(err, jobs.ErrNotFound) {
				t.Errorf("Job(%s) = %v, want ErrNotFound", id, err)
			}
		}
		if _, err := w.service.Job(t.Context(), "other", r.JobID); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("Job of another account = %v, want ErrNotFound", err)
		}
	})
}

// A ring goes to the shard of the conversation, for the lanes that became due.
func TestSubmitRings(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		w := newWorld(t, rdb, store.Options{Shards: 8})
		rung := make([]time.Time, w.Shards()) // for half a second a ring is on its way there
		for range 40 {
			a := request("", "One.")
			a.WebhookURL = "http://receiver.example/"
			r, err := w.service.Submit(t.Context(), a)
			if err != nil {
				t.Fatal(err)
			}
			shard := lane.ShardOf(r.ConversationID, w.Shards())
			if _, of, _ := jobs.ParseID(r.JobID); of != shard {
				t.Errorf("the job's id carries shard %d, want %d", of, shard)
			}
			got, all := w.bell.heard(), []ring{{shard, lane.Wake{Append: true, Deliver: true}}}
			switch since := time.Since(rung[shard]); {
			case rung[shard].IsZero() && !slices.Equal(got, all):
				t.Errorf("rings = %v, want %v", got, all)
			case !rung[shard].IsZero() && since < 400*time.Millisecond && len(got) > 0:
				t.Errorf("rings = %v, %v after the last, want none", got, since)
			}
			if len(got) > 0 {
				rung[shard] = time.Now()
			}
		}
	})
}

func TestSubmitRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, _ := w.talk(2)
		limited := w.serve(w.Store, jobs.Limits{Pending: 2, Concurrent: func(a string) int { return len(a) }})
		w.bell.heard()

		_, err := w.service.Submit(t.Context(), request("1000000000000000", "Nobody."))
		if !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Submit to no conversation = %v, want ErrUnknownConversation", err)
		}
		other := request(id, "Not mine.")
		other.Account = "other"
		if _, err = w.service.Submit(t.Context(), other); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Submit to another account's conversation = %v, want ErrUnknownConversation", err)
		}
		_, err = limited.Submit(t.Context(), request(id, "Too many."))
		if full, ok := errors.AsType[*jobs.BacklogError](err); !ok || full.Limit != 2 {
			t.Errorf("Submit to a full conversation = %v, want a BacklogError of 2", err)
		}
		equal(t, "submissions counted", w.meter.submitted, 2)
		equal(t, "rings", len(w.bell.heard()), 0)
	})
}

// What the store says passes through as it is.
func TestSubmitPassesErrorsOn(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		odd := errors.New("odd")
		for _, want := range []error{jobs.ErrUnavailable, jobs.ErrUnknownConversation, odd} {
			f := &faulty{Store: w.Store, faults: []fault{{err: want}}}
			if _, err := w.serve(f, jobs.Limits{}).Submit(t.Context(), request("", "One.")); !errors.Is(err, want) {
				t.Errorf("Submit = %v, want %v", err, want)
			}
		}
	})
}

func TestSubmitDrawsAnotherIDIfOneIsTaken(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		tests := []struct {
			name string
			key  string
		}{
			{"without a key", ""},
			{"with a key", "k"},
		}
		for _, tt := range tests {
			taken := fault{err: jobs.ErrIDTaken}
			f := &faulty{Store: w.Store, faults: []fault{taken, taken, taken}}
			service := w.serve(f, jobs.Limits{Concurrent: func(string) int { return 2 }})
			a := request("", "One.")
			a.IdempotencyKey = tt.key
			r, err := service.Submit(t.Context(), a)
			if err != nil || len(f.receipts) != 4 || r.JobID != f.receipts[3] || w.job(r.JobID).Sequence != 1 {
				t.Errorf("%s: Submit = %+v, %v after %v; want the receipt of the fourth draw", tt.name, r, err, f.receipts)
			}
			if tt.key == "" {
				continue
			}
			again, err := service.Submit(t.Context(), a)
			if again != r || err != nil {
				t.Errorf("%s: second Submit = %+v, %v; want the first receipt", tt.name, again, err)
			}
		}
	})
}

// The error says that the outcome is unknown, whatever broke.
func TestSubmitWithoutRedis(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t)
	w := newWorld(t, srv.Client(), store.Options{})
	srv.Kill()
	if _, err := w.service.Submit(t.Context(), request("", "One.")); !errors.Is(err, jobs.ErrUnavailable) {
		t.Errorf("Submit without Redis = %v, want ErrUnavailable", err)
	}
}
