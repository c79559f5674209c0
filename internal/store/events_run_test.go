package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// The events of a lane may be sent under one claim, and are settled together.
func TestRunOfEvents(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.finished("One.", true)
		c := f.claimEvent()
		equal(t, "events", statuses(c), []string{"1 scheduled attempt 1", "2 in_progress attempt 1", "3 completed attempt 1"})
		last := c.Then.Then
		equal(t, "the last one", last.Event, webhook.Event{
			Account: account, JobID: job.ID, ConversationID: talk, URL: hook, Status: "completed", Sequence: 3, OccurredAt: last.Event.OccurredAt,
		})
		if c.Due.IsZero() || !last.Due.IsZero() || !last.Since.IsZero() || last.ID != c.ID {
			t.Errorf("the last event is claimed as %+v, want the same claim, and no time since when it is due", last)
		}
		equal(t, "what is granted after the run", f.settleRun(c, run(webhook.Delivered, webhook.Delivered, webhook.Delivered), true), (*webhook.Claim)(nil))
		equal(t, "keys left", len(f.keys("tw:{*}:[ed]:*")), 0)
		attempts, err := f.Attempts(t.Context(), account, job.ID)
		if err != nil || len(attempts) != 3 || attempts[2].Number != 3 {
			t.Errorf("Attempts = %+v, %v; want three, in order", attempts, err)
		}
		for _, kind := range []string{"j", "t"} {
			if ttl := f.rdb.TTL(t.Context(), key(kind, job.ID)).Val(); ttl < time.Hour {
				t.Errorf("%s expires in %v, want its retention", kind, ttl)
			}
		}
	})
}

func (f *fixture) settleRun(c *webhook.Claim, settled []webhook.Settlement, next bool) *webhook.Claim {
	f.t.Helper()
	got, _, err := f.SettleEvents(f.t.Context(), c, settled, next)
	if err != nil {
		f.t.Fatalf("SettleEvents: %v", err)
	}
	return got
}

// A run may end early: where the receiver refuses an event, or anywhere else.
func TestRunThatEndsEarly(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.finished("One.", true)
		before := time.Now().Add(-time.Second)
		c := f.settleRun(f.claimEvent(), run(webhook.Delivered), true)
		equal(t, "events after the first", statuses(c), []string{"2 in_progress attempt 1", "3 completed attempt 1"})
		if c.Since.Before(before) || c.Due.Before(before) {
			t.Errorf("since %v and due %v, want now", c.Since, c.Due)
		}
		time.Sleep(5 * time.Millisecond)
		f.settleRun(c, run(webhook.Delivered, webhook.Retry), true)
		if c := f.claimEvent(); c != nil {
			t.Fatalf("ClaimEvent during the backoff = %+v, want nothing", c)
		}
		f.expire(lane.Deliver)
		claimed := c.Since
		c = f.claimEvent()
		equal(t, "events after the refusal", statuses(c), []string{"3 completed attempt 2"})
		if c.Since.Before(claimed.Add(4 * time.Millisecond)) {
			t.Errorf("attempted since %v, want the end of the run, not its claim at %v", c.Since, claimed)
		}
		f.settleRun(c, run(webhook.Retry), false)
		f.expire(lane.Deliver)
		c = f.claimEvent()
		equal(t, "events after another one", statuses(c), []string{"3 completed attempt 3"})
		f.settleRun(c, run(webhook.Dead), false)
		equal(t, "keys left", len(f.keys("tw:{*}:[ed]:*")), 0)

		f.finished("Two.", false)
		_, wake, err := f.SettleEvents(t.Context(), f.claimEvent(), run(webhook.Delivered, webhook.Delivered), false)
		equal(t, "wake of a run that leaves an event", []any{wake.Deliver, err}, []any{true, nil})
		equal(t, "the event", statuses(f.claimEvent()), []string{"3 completed attempt 1"})
	})
}

// The attempts at an event are no attempts at the one after it.
func TestRunAfterARefusal(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.finished("One.", true)
		f.settleRun(f.claimEvent(), run(webhook.Retry), false)
		f.expire(lane.Deliver)
		c := f.claimEvent()
		equal(t, "events", statuses(c), []string{"1 scheduled attempt 2", "2 in_progress attempt 1", "3 completed attempt 1"})
		f.settleRun(c, run(webhook.Delivered, webhook.Retry), false)
		f.expire(lane.Deliver)
		equal(t, "events after the second refusal", statuses(f.claimEvent()), []string{"2 in_progress attempt 2", "3 completed attempt 1"})
	})
}

// A lane whose events are not those that were sent is left as it is.
func TestRunOfOtherEvents(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.finished("One.", true)
		c := f.claimEvent()
		f.rdb.LSet(t.Context(), key("e", job.ID), 1, "2 another 1")
		_, _, err := f.SettleEvents(t.Context(), c, run(webhook.Delivered, webhook.Delivered), true)
		stale(t, "SettleEvents", err)
		equal(t, "events left", f.rdb.LLen(t.Context(), key("e", job.ID)).Val(), int64(3))
	})
}

// A job that is not final yet is kept, though all its events are told.
func TestRunOfAJobThatGoesOn(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		f.settleRun(f.claimEvent(), run(webhook.Delivered), true)
		for _, kind := range []string{"j", "t"} {
			if ttl := f.rdb.TTL(t.Context(), key(kind, job.ID)).Val(); ttl > 0 {
				t.Errorf("%s expires in %v", kind, ttl)
			}
		}
	})
}

// A settlement that is repeated has somebody look for what is due.
func TestRepeatedSettlementRings(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		c, settled := f.claimEvent(), run(webhook.Delivered)
		f.settleRun(c, settled, true)
		f.lose(lane.Deliver)
		next, wake, err := f.SettleEvents(t.Context(), c, settled, true)
		if next != nil || !wake.Deliver || err != nil {
			t.Errorf("SettleEvents again = %+v, %+v, %v; want nothing, and a ring", next, wake, err)
		}
	})
}

func TestRunIsBounded(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		for n := range 9 {
			f.rdb.RPush(t.Context(), key("e", job.ID), fmt.Sprintf("%d scheduled 1", n+2))
		}
		equal(t, "events after the first", len(statuses(f.settleRun(f.claimEvent(), run(webhook.Delivered), true))), 4)
		f.expire(lane.Deliver)
		var counts []int
		var sequences []int64
		for c := f.claimEvent(); c != nil; {
			settled := all(c)
			counts = append(counts, len(settled))
			for e := c; e != nil; e = e.Then {
				sequences = append(sequences, e.Event.Sequence)
			}
			c = f.settleRun(c, settled, true)
		}
		equal(t, "events of each claim", counts, []int{4, 4, 1})
		equal(t, "their sequences", sequences, []int64{2, 3, 4, 5, 6, 7, 8, 9, 10})
	})
}

// A run whose reply gets lost, and the claim that follows on it, are made once.
func TestRunWhoseReplyIsLost(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		one := f.finished("One.", true)
		c := f.claimEvent()
		other := f.accept("Other.", false)
		f.LoseReplies(2)
		c = f.settleRun(c, run(webhook.Delivered, webhook.Delivered), true)
		equal(t, "events that are left", statuses(c), []string{"3 completed attempt 1"})
		f.LoseReplies(2)
		c = f.settleRun(c, run(webhook.Delivered), true)
		equal(t, "the lane after it", c.Key, other.ID)
		f.LoseReplies(2)
		f.settleRun(c, run(webhook.Retry), true)
		f.LoseReplies(0)
		attempts, err := f.Attempts(t.Context(), account, one.ID)
		if err != nil || len(attempts) != 3 {
			t.Errorf("Attempts = %+v, %v; want three", attempts, err)
		}
	})
}
