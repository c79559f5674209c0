package store_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Nothing is granted ahead that has to wait for the job before.
func TestRunEndsBeforeWhatHasToWait(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := f.finished("One.", true)
		for _, text := range []string{"Two.", "Three."} {
			time.Sleep(2 * time.Millisecond) // they are due in this order
			f.finished(text, false)
		}
		one, two := f.claimBoth(first)
		equal(t, "events of the first", len(statuses(one)), 3)
		equal(t, "events of the second", statuses(two), []string{"1 scheduled attempt 1"})
		three := f.settleRun(two, run(webhook.Delivered), true)
		equal(t, "events of the third", statuses(three), []string{"1 scheduled attempt 1"})
		equal(t, "what is granted beside the first", f.settleRun(three, run(webhook.Delivered), true), (*webhook.Claim)(nil))
		two = f.settleRun(one, run(webhook.Delivered, webhook.Delivered, webhook.Delivered), true)
		equal(t, "events of the second, after the first", statuses(two), []string{"2 in_progress attempt 1", "3 completed attempt 1"})
	})
}

// chained accepts jobs of one conversation and works them; each waits for the one
// before. It returns the claims of the first two lanes.
func (f *fixture) chained(n int) (ids []string, one, two *webhook.Claim) {
	f.t.Helper()
	for i := range n {
		ids = append(ids, f.finished(fmt.Sprint(i), i == 0).ID)
		time.Sleep(2 * time.Millisecond) // they are due in this order
	}
	return ids, f.claimEvent(), f.claimEvent()
}

// all is what became of a run that was delivered.
func all(c *webhook.Claim) []webhook.Settlement {
	return run(slices.Repeat([]webhook.Outcome{webhook.Delivered}, len(statuses(c)))...)
}

// Lanes that have to wait do not keep others from being granted.
func TestLanesThatWaitAreSteppedOver(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		_, _, two := f.chained(4)
		three, four := f.claimEvent(), f.claimEvent()
		answers := f.together(
			store.EventStep{Claim: two, Run: run(webhook.Delivered)},
			store.EventStep{Claim: three, Run: run(webhook.Delivered)},
			store.EventStep{Claim: four, Run: run(webhook.Delivered)},
		)
		equal(t, "answers", words(answers), []string{"idle", "idle", "idle"}) // each has events that wait
		time.Sleep(2 * time.Millisecond)                                      // it is due after them
		other := f.accept("Other.", false)
		answers = f.together(store.EventStep{})
		if answers[0].Word != "granted" || answers[0].Claim.Key != other.ID || answers[0].Wake.Deliver {
			t.Errorf("claim = %+v, want the lane behind those that wait, and no ring", answers[0])
		}
	})
}

// Who begins to wait in the very call in which the one before gets out of its
// way is due at once.
func TestWaitThatEndsInTheSameCall(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids, one, two := f.chained(2)
		answers := f.together(
			store.EventStep{Claim: two, Run: all(two), Next: true},
			store.EventStep{Claim: one, Run: all(one)},
		)
		equal(t, "answers", words(answers), []string{"granted", "idle"})
		equal(t, "the event granted", answers[0].Claim.Event.JobID+answers[0].Claim.Event.Status, ids[1]+"in_progress")
	})
}

// When a lane gets out of the way of another one and its caller claims nothing, it
// is told to ring.
func TestRingForWhoHasWaited(t *testing.T) {
	for _, outcome := range []webhook.Outcome{webhook.Delivered, webhook.Retry} {
		t.Run(string(outcome), func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				ids, one, two := f.chained(2)
				f.settleRun(two, all(two), true) // the rest waits
				f.lose(lane.Deliver)
				settled := all(one)
				if outcome == webhook.Retry {
					settled = run(webhook.Delivered, webhook.Delivered, webhook.Retry)
				}
				if _, wake, err := f.SettleEvents(t.Context(), one, settled, false); err != nil || !wake.Deliver {
					t.Errorf("SettleEvents = %+v, %v; want a ring", wake, err)
				}
				equal(t, "the lane that is due", f.claimEvent().Key, ids[1])
			})
		})
	}
}

// A lane that has ended meanwhile is not made due again, and one that is under a
// claim stays so.
func TestWhoHasWaitedIsWokenOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids, one, two := f.chained(2)
		f.settleRun(two, all(two), true)
		f.rdb.ZRem(t.Context(), fmt.Sprintf("tw:{%d}:ready:deliver:%s:%s", shard, account, endpoint.ID), account+":"+ids[1])
		f.rdb.Del(t.Context(), key("e", ids[1]), key("d", ids[1]))
		f.settleRun(one, all(one), false)
		equal(t, "lanes in the index", len(f.keys("tw:{*}:ready:deliver")), 0)
	})
	t.Run("under a claim", func(t *testing.T) {
		each(t, func(t *testing.T, f *fixture) {
			ids, one, two := f.chained(2)
			f.settleRun(two, all(two), true)
			two = f.settleRun(one, run(webhook.Retry), true)
			equal(t, "who goes next", two.Key, ids[1])
			f.due(shard, lane.Deliver, account+":"+ids[0])
			one = f.claimEvent()
			equal(t, "who is due again", one.Key, ids[0])
			f.settleRun(one, all(one), false)
			if c := f.claimEvent(); c != nil {
				t.Errorf("granted %+v, want that the other lane is still under its claim", c)
			}
			f.settleRun(two, all(two), false)
		})
	})
}

// An event that was attempted goes on being attempted, whatever the job before
// does: the receiver may have seen it.
func TestAttemptedEventWaitsForNobody(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids, one, two := f.chained(2)
		f.settleRun(two, all(two), true)
		two = f.settleRun(one, run(webhook.Retry), true)
		f.settleRun(two, run(webhook.Retry), false)
		f.expire(lane.Deliver)
		one, two = f.claimEvent(), f.claimEvent()
		if one.Key != ids[0] {
			one, two = two, one
		}
		f.settleRun(two, run(webhook.Retry), false)
		f.settleRun(one, run(webhook.Delivered), true) // its trouble is over, and it has events left
		f.due(shard, lane.Deliver, account+":"+ids[1])
		again := f.claimEvent()
		equal(t, "the event that was attempted", statuses(again), []string{"2 in_progress attempt 3", "3 completed attempt 1"})
	})
}

// A lane with a damaged state holds up nobody who would have to wait for it.
func TestNobodyWaitsForADamagedLane(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ids, _, two := f.chained(2)
		f.damage("d", ids[0])
		c := f.settleRun(two, all(two), true)
		if c == nil || c.Event.Status != "in_progress" {
			t.Errorf("granted %+v, want the event that would wait", c)
		}
	})
}
