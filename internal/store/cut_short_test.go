package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// attempts returns what is listed of the attempts at the events of a job.
func (f *fixture) attempts(jobID string) []webhook.Attempt {
	f.t.Helper()
	all, err := f.Attempts(f.t.Context(), account, jobID)
	if err != nil {
		f.t.Fatalf("Attempts: %v", err)
	}
	return all
}

// An attempt that is under way is listed, at the event and since when it is made, until
// it is settled.
func TestAttemptInFlight(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		equal(t, "attempts before", len(f.attempts(job.ID)), 0)
		began := time.Now()
		c := f.claimEvent()
		all := f.attempts(job.ID)
		if len(all) != 1 || all[0].Outcome != webhook.InFlight || all[0].EventID != c.Event.ID() || all[0].Status != "scheduled" || all[0].Number != 1 ||
			all[0].At.Sub(began).Abs() > time.Minute {
			t.Fatalf("Attempts = %+v, want the one that is made", all)
		}
		d, err := f.Delivery(t.Context(), account, c.Event.ID())
		if err != nil || len(d.AttemptsN) != 1 || d.AttemptsN[0].Outcome != webhook.InFlight || d.State != webhook.StatePending {
			t.Errorf("Delivery = %+v, %v; want the attempt with it", d, err)
		}
		f.settle(c, webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour, Attempt: webhook.Attempt{EventID: c.Event.ID(), Outcome: webhook.Retry, Code: 503}}, false)
		equal(t, "attempts after", len(f.attempts(job.ID)), 1)
		f.expire(lane.Deliver)
		f.claimEvent()
		all = f.attempts(job.ID)
		equal(t, "attempts at the second one", []any{len(all), all[1].Outcome, all[1].Number}, []any{2, webhook.InFlight, 2})
	})
}

// An attempt whose dispatcher is not heard of any more is recorded by whoever takes the
// lane over, once; the event is attempted again.
func TestAttemptOfALostDispatcher(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		lost := f.claimEvent()
		f.expire(lane.Deliver)
		heir := f.claimEvent()
		equal(t, "the heir", heir.Event.ID(), lost.Event.ID())
		all := f.attempts(job.ID)
		if len(all) != 2 || all[0].Outcome != webhook.CutShort || all[0].EventID != lost.Event.ID() || all[0].Number != 1 || all[0].At.IsZero() ||
			!strings.Contains(all[0].Error, "may have got the event") || all[1].Outcome != webhook.InFlight {
			t.Fatalf("Attempts = %+v, want one that was cut short, and the one that is made", all)
		}
		f.settle(heir, webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{EventID: heir.Event.ID(), Outcome: webhook.Delivered}}, false)
		d, err := f.Delivery(t.Context(), account, lost.Event.ID())
		equal(t, "the delivery", []any{err, d.State, d.Attempts}, []any{nil, webhook.StateDelivered, 2})
	})
}

// A dispatcher that stops in the middle of an attempt gives the lane back, due at once
// and uncounted, with the record; what was delivered before is settled.
func TestAttemptOfADispatcherThatStops(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.finished("One.", true)
		c := f.claimEvent()
		cut := webhook.Settlement{Outcome: webhook.CutShort, Attempt: webhook.Attempt{EventID: c.Event.ID(), Number: 1, Outcome: webhook.CutShort}}
		f.settle(c, cut, false)
		again := f.claimEvent()
		equal(t, "the next attempt", []any{again.Event.ID(), again.Attempt}, []any{c.Event.ID(), 1})
		next := cut
		next.Attempt.EventID = again.Then.Event.ID()
		f.settleRun(again, []webhook.Settlement{{Outcome: webhook.Delivered, Attempt: webhook.Attempt{EventID: c.Event.ID(), Outcome: webhook.Delivered}}, next}, false)
		third := f.claimEvent()
		equal(t, "the attempt after that", []any{third.Event.Sequence, third.Attempt}, []any{int64(2), 1})
		var outcomes []webhook.Outcome
		for _, a := range f.attempts(job.ID) {
			outcomes = append(outcomes, a.Outcome)
		}
		equal(t, "outcomes", outcomes, []webhook.Outcome{webhook.CutShort, webhook.Delivered, webhook.CutShort, webhook.InFlight})
	})
}
