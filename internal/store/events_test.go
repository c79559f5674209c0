package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

func (f *fixture) claimEvent() *webhook.Claim {
	f.t.Helper()
	c, _, err := f.ClaimEvent(f.t.Context(), shard)
	if err != nil {
		f.t.Fatalf("ClaimEvent: %v", err)
	}
	return c
}

func (f *fixture) settle(c *webhook.Claim, s webhook.Settlement, next bool) *webhook.Claim {
	f.t.Helper()
	got, _, err := f.SettleEvents(f.t.Context(), c, []webhook.Settlement{s}, next)
	if err != nil {
		f.t.Fatalf("SettleEvents: %v", err)
	}
	return got
}

func TestEventCarriesWhatTheReceiverNeeds(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		c := f.claimEvent()
		accepted, _ := f.Job(t.Context(), account, job.ID)
		equal(t, "event", c.Event, webhook.Event{
			Account: account, JobID: job.ID, ConversationID: talk, URL: hook,
			Status: "scheduled", Sequence: 1, OccurredAt: accepted.AcceptedAt,
		})
		equal(t, "due", c.Due, accepted.AcceptedAt)
	})
}

func TestRetryHoldsTheLaneOfTheJobOnly(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		slow := f.accept("Slow.", true)
		f.commit(f.claim(1), 1, store.Next{})
		c := f.claimEvent()
		f.settle(c, webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour, Attempt: webhook.Attempt{Code: 503}}, true)
		if c := f.claimEvent(); c != nil {
			t.Fatalf("ClaimEvent during the backoff = %+v, want nothing", c)
		}
		quick := f.accept("Quick.", false)
		equal(t, "another job's event", f.events(), []string{quick.ID + " 1 scheduled"})

		f.expire(lane.Deliver)
		again := f.claimEvent()
		equal(t, "attempt", again.Attempt, 2)
		equal(t, "event", again.Event, c.Event)
		if again.Since.IsZero() || again.Since.After(time.Now().Add(time.Minute)) {
			t.Errorf("Since = %v, want the time of the first attempt", again.Since)
		}
		next := f.settle(again, webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{Code: 200}}, true)
		equal(t, "the next event of the job", []any{next.Event.JobID, next.Event.Status, next.Attempt}, []any{slow.ID, "in_progress", 1})

		attempts, err := f.Attempts(t.Context(), account, slow.ID)
		if err != nil || len(attempts) != 3 || attempts[0].Code != 503 || attempts[0].NextAt.IsZero() || attempts[1].Code != 200 || attempts[2].Outcome != webhook.InFlight {
			t.Errorf("Attempts = %+v, %v; want 503 with the time of the next, then 200, and one that is made", attempts, err)
		}
	})
}

func TestDeadEventLeavesTheLane(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		f.commit(f.claim(1), 1, store.Next{})
		f.settle(f.claimEvent(), webhook.Settlement{Outcome: webhook.Dead}, false)
		equal(t, "events after a dead one", f.events(), []string{job.ID + " 2 in_progress", job.ID + " 3 completed"})
	})
}

func TestLateSettlementIsRefused(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.commit(f.claim(1), 1, store.Next{})
		paused := f.claimEvent()
		f.expire(lane.Deliver)
		heir := f.claimEvent()
		equal(t, "attempt of the heir", heir.Attempt, 1) // the process of the paused one lives
		done := webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{At: time.Now()}}
		_, _, err := f.SettleEvents(t.Context(), paused, []webhook.Settlement{done}, true)
		stale(t, "late SettleEvents", err)
		stale(t, "late Renew", f.Renew(t.Context(), paused.Claim))
		done.Attempt.At = done.Attempt.At.Add(1)
		f.settle(heir, done, true)
		stale(t, "Renew of the claim that ended", f.Renew(t.Context(), heir.Claim))
	})
}

func TestAttemptsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		for n := range 120 {
			f.expire(lane.Deliver)
			f.settle(f.claimEvent(), webhook.Settlement{Outcome: webhook.Retry, Attempt: webhook.Attempt{Number: n}}, false)
		}
		attempts, err := f.Attempts(t.Context(), account, job.ID)
		if err != nil || len(attempts) != 100 || attempts[99].Number != 119 {
			t.Errorf("Attempts = %d, %v; want the last 100", len(attempts), err)
		}
	})
}

func TestLaneOfAForgottenJobGoesAway(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		if err := f.rdb.Del(t.Context(), fmt.Sprintf("tw:{%d}:j:%s:%s", shard, account, job.ID)).Err(); err != nil {
			t.Fatal(err)
		}
		_, _, err := f.ClaimEvent(t.Context(), shard)
		if mended, ok := errors.AsType[*lane.MendedError](err); !ok || mended.Lane != account+":"+job.ID {
			t.Errorf("ClaimEvent = %v, want that the lane of %s was mended", err, job.ID)
		}
		equal(t, "keys left", len(f.keys("tw:{*}:[ed]:*")), 0)
		equal(t, "ready index", len(f.keys("tw:{*}:ready:deliver")), 0)
	})
}

func TestKeys(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		job := f.accept("One.", true)
		never := jobs.NewID(shard)
		bind := func(acct, key, fingerprint, jobID string, want jobs.Receipt, refused error) {
			t.Helper()
			r, accepted, err := f.BindKey(ctx, acct, key, fingerprint, jobID)
			if r != want || accepted != (want != jobs.Receipt{}) || !errors.Is(err, refused) {
				t.Errorf("BindKey(%s, %s, %s) = %v, %t, %v; want %v, %v", acct, key, fingerprint, r, accepted, err, want, refused)
			}
		}
		none, receipt := jobs.Receipt{}, jobs.Receipt{ConversationID: talk, JobID: job.ID}
		bind(account, "key", "a", job.ID, none, nil)
		bind(account, "key", "a", job.ID, receipt, nil)
		bind(account, "key", "a", never, receipt, nil) // another draw
		bind(account, "key", "b", never, none, jobs.ErrKeyReused)
		bind("other", "key", "b", never, none, nil) // a key of its own
		bind(account, "other", "a", never, none, nil)
		bind(account, "other", "a", never, none, nil)
		bind(account, "other", "b", job.ID, none, nil) // in the place of what was never accepted
		bind(account, "other", "b", never, receipt, nil)
		for _, key := range f.keys("tw:{k:*") {
			if ttl := f.rdb.TTL(ctx, key).Val(); ttl <= 23*time.Hour || ttl > 24*time.Hour {
				t.Errorf("key expires in %v, want a day", ttl)
			}
		}
	})
}

func TestSlotsAreExactAndDoNotLeak(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		take := func(id string) error { return f.TakeSlot(ctx, account, id, 2) }
		one := f.accept("One.", true)
		two := f.accept("Two.", false)
		for _, id := range []string{one.ID, two.ID, one.ID} {
			if err := take(id); err != nil {
				t.Fatalf("TakeSlot = %v, want room for two", err)
			}
		}
		third := jobs.NewID(shard)
		if full, ok := errors.AsType[*jobs.ConcurrencyError](take(third)); !ok || full.Limit != 2 {
			t.Fatalf("third TakeSlot = %v, want a ConcurrencyError of 2", full)
		}
		f.commit(f.claim(1), 1, store.Next{}) // nobody gives the slot back
		if err := take(third); err != nil {
			t.Errorf("TakeSlot after a job completed = %v, want room", err)
		}
		if err := take(jobs.NewID(shard)); err == nil {
			t.Error("TakeSlot beside a job that is being accepted: want no room")
		}
		if err := f.FreeSlot(ctx, account, third); err != nil {
			t.Fatal(err)
		}
		if err := take(jobs.NewID(shard)); err != nil {
			t.Errorf("TakeSlot after FreeSlot = %v, want room", err)
		}
		if err := f.TakeSlot(ctx, "other", jobs.NewID(shard), 1); err != nil {
			t.Errorf("TakeSlot of another account = %v, want room", err)
		}
	})
}

func TestSweepRingsOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		sweep := func() bool {
			t.Helper()
			ring, _, err := f.Sweep(t.Context(), lane.Append, shard)
			if err != nil {
				t.Fatal(err)
			}
			return ring
		}
		equal(t, "ring for nothing", sweep(), false)
		f.accept("One.", true) // which rings
		equal(t, "ring while one is on its way", sweep(), false)
		f.lose(lane.Append)
		equal(t, "ring for a lost one", sweep(), true)
		equal(t, "ring of a second sweeper", sweep(), false)
		f.claim(1)
		equal(t, "ring under a lease", sweep(), false)
		_, again, _ := f.Sweep(t.Context(), lane.Append, shard)
		if again <= 0 || again > time.Minute {
			t.Errorf("again = %v, want the rest of the lease", again)
		}
		f.expire(lane.Append)
		equal(t, "ring for a dead worker's lane", sweep(), true)
	})
}

// lose makes the rings get lost that are on their way.
func (f *fixture) lose(kind lane.Kind) {
	f.t.Helper()
	for n := range shards {
		f.rdb.Del(f.t.Context(), fmt.Sprintf("tw:{%d}:bell:%s", n, kind))
	}
}

func TestStepsSayWhenToRing(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook}
		_, wake, err := f.Accept(ctx, job, jobs.Terms{Create: true})
		equal(t, "wake of the first job", []any{wake, err}, []any{lane.Wake{Append: true, Deliver: true}, nil})
		job.ID = jobs.NewID(shard)
		_, wake, err = f.Accept(ctx, job, jobs.Terms{})
		equal(t, "wake with a ring on its way", []any{wake, err}, []any{lane.Wake{}, nil})
		f.lose(lane.Deliver)
		c, wake, err := f.ClaimOne(ctx, shard, 1)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "wake of a claim whose event joins others", wake, lane.Wake{})
		wake, err = f.Release(ctx, c.Claim)
		equal(t, "wake of a release", []any{wake, err}, []any{lane.Wake{Append: true}, nil})
	})
}

// The receiver of two jobs of one conversation sees the first one end before
// the second one is in progress, whatever the order in which lanes are due.
func TestInProgressWaitsForTheJobBefore(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var ids []string
		for n := range 8 {
			ids = append(ids, f.accept("One.", n == 0).ID)
		}
		f.commit(f.claim(3), 3, store.Next{})
		f.commit(f.claim(16), 5, store.Next{})
		var got []string
		for _, e := range f.events() {
			if !strings.HasSuffix(e, "scheduled") {
				got = append(got, e)
			}
		}
		var want []string
		for _, id := range ids {
			want = append(want, id+" 2 in_progress", id+" 3 completed")
		}
		equal(t, "events", got, want)
		equal(t, "keys left", len(f.keys("tw:{*}:[ed]:*")), 0)
	})
}

// claimBoth claims the lanes of two jobs that are due at once, in their order.
func (f *fixture) claimBoth(first jobs.Job) (one, two *webhook.Claim) {
	f.t.Helper()
	one, two = f.claimEvent(), f.claimEvent()
	if one.Key != first.ID {
		one, two = two, one
	}
	return one, two
}

func TestInProgressWaitsNoLongerThanItMust(t *testing.T) {
	delivered := webhook.Settlement{Outcome: webhook.Delivered}
	for _, tt := range []struct {
		name string
		webhook.Settlement
		want string // the event that goes next
	}{
		{"until the job before is through", delivered, "in_progress of the first"},
		{"until the job before is in trouble", webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour}, "in_progress of the second"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				first := f.accept("One.", true)
				f.accept("Two.", false)
				f.commit(f.claim(16), 2, store.Next{})
				one, two := f.claimBoth(first)
				if c := f.settle(two, delivered, true); c != nil {
					t.Fatalf("granted %+v, want it to wait", c.Event)
				}
				c := f.settle(one, tt.Settlement, true)
				which := map[bool]string{true: "first", false: "second"}[c.Key == first.ID]
				equal(t, "the next event", c.Event.Status+" of the "+which, tt.want)
			})
		})
	}
}

// A job without webhooks between two that want them does not break the chain.
func TestInProgressWaitsPastJobsThatTellNobody(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := f.accept("One.", true)
		f.acceptSilent("Two.")
		f.accept("Three.", false)
		f.commit(f.claim(16), 3, store.Next{})
		one, three := f.claimBoth(first)
		if c := f.settle(three, webhook.Settlement{Outcome: webhook.Delivered}, true); c != nil {
			t.Fatalf("granted %+v, want it to wait for the first job", c.Event)
		}
		c := f.settle(one, webhook.Settlement{Outcome: webhook.Delivered}, true)
		equal(t, "the next event", c.Event.JobID+c.Event.Status, first.ID+"in_progress")
	})
}

// acceptSilent accepts a job that wants no webhooks.
func (f *fixture) acceptSilent(text string) {
	f.t.Helper()
	job := jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: talk,
		Utterances: []analysis.Utterance{{Text: text}},
	}
	if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{}); err != nil {
		f.t.Fatalf("Accept(%q): %v", text, err)
	}
}
