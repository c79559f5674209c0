package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// giveUp has the next events, so many of them, given up.
func (f *fixture) giveUp(count int, gap webhook.GapPolicy) (ids []string) {
	f.t.Helper()
	for range count {
		c := f.claimEvent()
		if c == nil {
			f.t.Fatalf("no event is due after %d of %d", len(ids), count)
		}
		ids = append(ids, c.Event.ID())
		a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Dead, Code: 410}
		f.settle(c, webhook.Settlement{Outcome: webhook.Dead, Class: webhook.ClassAborted, Gap: gap, Attempt: a}, false)
	}
	return ids
}

// deliveries returns the ids of all deliveries that a query selects, page by page.
func (f *fixture) deliveries(q webhook.DeliveryQuery) (ids []string) {
	f.t.Helper()
	for pages := 0; ; pages++ {
		page, cursor, err := f.Deliveries(f.t.Context(), account, q)
		if err != nil || pages > 100 {
			f.t.Fatalf("page %d of %+v: %v", pages, q, err)
		}
		for _, d := range page {
			ids = append(ids, d.ID())
		}
		if q.Cursor = cursor; cursor == "" {
			return ids
		}
	}
}

func TestDeadEventsAreListedAndSentAgain(t *testing.T) {
	t.Parallel()
	eachOnce(t, func(t *testing.T, f *fixture) {
		f.accept("0", true)
		for range 6 {
			f.accept("more", false)
		}
		ids := f.giveUp(7, webhook.Continue)
		dead := webhook.DeliveryQuery{Endpoint: endpoint.ID, State: webhook.StateDead, Limit: 2}
		equal(t, "dead, by when they were given up", inOrder(f.deliveries(dead)), inOrder(ids))
		dead.From = time.Now().Add(time.Hour)
		equal(t, "given up in an hour", f.deliveries(dead), []string(nil))

		r := webhook.Resend{Account: account, Shard: shard}
		sent, more, busy, wake, err := f.ResendSome(t.Context(), r, endpoint.ID, 5)
		equal(t, "first portion", []any{sent, more, busy, wake.Deliver, err}, []any{int64(5), true, false, true, nil})
		sent, more, _, _, err = f.ResendSome(t.Context(), r, endpoint.ID, 5)
		equal(t, "second portion", []any{sent, more, err}, []any{int64(2), false, nil})
		equal(t, "waiting", inOrder(f.deliveries(webhook.DeliveryQuery{Endpoint: endpoint.ID, Limit: 3})), inOrder(ids))

		var again []string
		for range ids {
			c := f.claimEvent()
			if !c.Event.Replay {
				t.Errorf("event %s is no replay", c.Event.ID())
			}
			again = append(again, c.Event.ID())
			a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, Outcome: webhook.Delivered, Code: 200}
			f.settle(c, webhook.Settlement{Outcome: webhook.Delivered, Attempt: a}, false)
		}
		equal(t, "sent again", inOrder(again), inOrder(ids))
		d, err := f.Delivery(t.Context(), account, ids[0])
		equal(t, "state then", []any{d.State, len(d.AttemptsN), err}, []any{webhook.StateDelivered, 2, nil})
	})
}

func TestDeliveriesOfAJobAndOfAConversation(t *testing.T) {
	t.Parallel()
	eachOnce(t, func(t *testing.T, f *fixture) {
		first := f.accept("One.", true)
		f.commit(f.claim(1), 1, store.Next{})
		c := f.claimEvent()
		delivered := webhook.Attempt{EventID: c.Event.ID(), Status: "scheduled", Number: 1, At: time.Now(), Outcome: webhook.Delivered, Code: 200}
		next := f.settle(c, webhook.Settlement{Outcome: webhook.Delivered, Attempt: delivered}, true)
		retried := webhook.Attempt{EventID: next.Event.ID(), Status: "in_progress", Number: 1, At: time.Now(), Outcome: webhook.Retry, Code: 503}
		f.settle(next, webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour, Attempt: retried}, false)
		second := f.accept("Two.", false)

		page, _, err := f.Deliveries(t.Context(), account, webhook.DeliveryQuery{JobID: first.ID})
		var states []webhook.DeliveryState
		for _, d := range page {
			states = append(states, d.State)
			if d.OccurredAt.IsZero() {
				t.Errorf("event %d has no time", d.Sequence)
			}
		}
		equal(t, "states", states, []webhook.DeliveryState{webhook.StateDelivered, webhook.StateRetrying, webhook.StatePending})
		equal(t, "error", err, nil)
		all := map[string]int{}
		page, _, err = f.Deliveries(t.Context(), account, webhook.DeliveryQuery{ConversationID: talk})
		for _, d := range page {
			all[d.JobID]++
		}
		equal(t, "of the conversation", []any{all, err}, []any{map[string]int{first.ID: 3, second.ID: 1}, nil})

		d, err := f.Delivery(t.Context(), account, first.ID+"_1")
		if err != nil || d.State != webhook.StateDelivered {
			t.Fatalf("Delivery = %+v, %v", d, err)
		}
		if _, _, err := f.ResendEvent(t.Context(), d); err != nil {
			t.Errorf("ResendEvent of what was delivered = %v", err)
		}
		d.Sequence, d.Status = 2, "in_progress"
		for _, other := range page {
			if other.JobID == first.ID && other.Sequence == 2 {
				if _, _, err := f.ResendEvent(t.Context(), other); !errors.Is(err, webhook.ErrStillTried) {
					t.Errorf("ResendEvent of what is tried = %v, want %v", err, webhook.ErrStillTried)
				}
			}
		}
		f.expire(lane.Deliver)
		for _, want := range []string{next.Event.ID(), first.ID, c.Event.ID()} {
			got := f.claimEvent()
			if got == nil || want != first.ID && got.Event.JobID == first.ID && got.Event.ID() != want && !got.Event.Replay {
				continue
			}
			f.settle(got, webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{EventID: got.Event.ID(), Outcome: webhook.Delivered}}, false)
		}
		if _, _, err := f.Deliveries(t.Context(), "another", webhook.DeliveryQuery{JobID: first.ID}); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("another account gets %v", err)
		}
		if _, err := f.Delivery(t.Context(), "another", c.Event.ID()); !errors.Is(err, webhook.ErrNoDelivery) {
			t.Errorf("another account gets %v", err)
		}
	})
}

// A lane that waits for an operator goes on with the event it waits with, or without it.
func TestHaltedLanesGoOn(t *testing.T) {
	t.Parallel()
	for _, drop := range []bool{false, true} {
		eachOnce(t, func(t *testing.T, f *fixture) {
			f.accept("One.", true)
			f.commit(f.claim(1), 1, store.Next{})
			id := f.giveUp(1, webhook.Halt)[0]
			if c := f.claimEvent(); c != nil {
				t.Fatalf("a halted lane grants %s", c.Event.ID())
			}
			var moved int64
			var err error
			if drop {
				moved, _, _, err = f.DropDead(t.Context(), shard, account, endpoint.ID, time.Time{}, 10)
			} else {
				moved, _, _, _, err = f.ResendSome(t.Context(), webhook.Resend{Account: account, Shard: shard}, endpoint.ID, 10)
			}
			equal(t, "moved", []any{moved, err}, []any{int64(1), nil})
			c := f.claimEvent()
			if c == nil || (c.Event.ID() == id) == drop || c.Event.Replay == drop {
				t.Errorf("then comes %+v; dropped: %t", c, drop)
			}
		})
	}
}

func TestResendsAreKept(t *testing.T) {
	t.Parallel()
	eachOnce(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		r := webhook.Resend{ID: "r", Account: account, Rate: 7, Created: time.Now(), Until: time.Now()}
		equal(t, "begin", f.BeginResend(ctx, r), nil)
		due, _, err := f.DueResend(ctx)
		if err != nil || due == nil || due.ID != "r" || due.Rate != 7 {
			t.Fatalf("DueResend = %+v, %v", due, err)
		}
		if again, next, _ := f.DueResend(ctx); again != nil || next.IsZero() {
			t.Errorf("DueResend while it is worked = %+v, %v; want nothing, and when to look again", again, next)
		}
		due.Shard, due.Dry = 2, []int{0, 1}
		equal(t, "advance", f.AdvanceResend(ctx, *due, 5, false, time.Now().Add(-time.Second)), nil)
		due, _, err = f.DueResend(ctx)
		if err != nil || due == nil || due.Sent != 5 || due.Shard != 2 || !slices.Equal(due.Dry, []int{0, 1}) {
			t.Fatalf("DueResend = %+v, %v; want it to go on", due, err)
		}
		equal(t, "cancel", f.EndResend(ctx, *due, webhook.ResendCancelled), nil)
		equal(t, "advance of what was cancelled", f.AdvanceResend(ctx, *due, 1, true, time.Now()), nil)
		got, err := f.Resend(ctx, account, "r")
		equal(t, "then", []any{got.State, got.Sent, err}, []any{webhook.ResendCancelled, int64(6), nil})
		if _, err := f.Resend(ctx, "another", "r"); !errors.Is(err, webhook.ErrNoResend) {
			t.Errorf("another account gets %v", err)
		}
		for n := range 6 {
			r.ID = string(rune('a' + n))
			if err = f.BeginResend(ctx, r); err != nil {
				break
			}
		}
		if !errors.Is(err, webhook.ErrManyResends) {
			t.Errorf("six at a time: %v", err)
		}
	})
}

// eachOnce is each, without the run in which scripts are run twice: what counts what it
// did counts nothing then.
func eachOnce(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) { test(t, newFixture(t, rdb)) })
}

func inOrder(s []string) []string { return slices.Sorted(slices.Values(s)) }
