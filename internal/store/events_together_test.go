package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// run is what became of events that were attempted one after the other.
func run(outcomes ...webhook.Outcome) []webhook.Settlement {
	var all []webhook.Settlement
	for n, o := range outcomes {
		s := webhook.Settlement{Outcome: o, Attempt: webhook.Attempt{At: time.Now(), Number: n + 1, Outcome: o}}
		if o == webhook.Retry {
			s.Delay = time.Hour
		}
		all = append(all, s)
	}
	return all
}

func (f *fixture) together(steps ...store.EventStep) []store.EventAnswer {
	f.t.Helper()
	answers, err := f.Together(f.t.Context(), shard, steps...)
	if err != nil {
		f.t.Fatalf("Together: %v", err)
	}
	return answers
}

func words(answers []store.EventAnswer) []string {
	var all []string
	for _, a := range answers {
		all = append(all, a.Word)
	}
	return all
}

// damage puts a value of another type in the place of a key.
func (f *fixture) damage(kind, id string) {
	f.t.Helper()
	f.rdb.Del(f.t.Context(), key(kind, id))
	if err := f.rdb.Set(f.t.Context(), key(kind, id), "x", 0).Err(); err != nil {
		f.t.Fatal(err)
	}
}

// Each request of a call is answered as if it had been made alone.
func TestEventsTogether(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var claims []*webhook.Claim
		for n := range 5 {
			f.accept(fmt.Sprint(n), n == 0)
			claims = append(claims, f.claimEvent())
		}
		late, again, damaged, good, refused := claims[0], claims[1], claims[2], claims[3], claims[4]
		f.settle(late, run(webhook.Delivered)[0], false)
		lost := run(webhook.Delivered)
		f.settle(again, lost[0], false)
		f.damage("t", damaged.Key)
		next := f.accept("Next.", false)
		time.Sleep(2 * time.Millisecond) // it has been due longer, and no two records are the same
		other := f.accept("Other.", false)
		answers := f.together(
			store.EventStep{Claim: late, Run: run(webhook.Delivered)},
			store.EventStep{Claim: again, Run: lost},
			store.EventStep{Claim: damaged, Run: run(webhook.Delivered), Next: true},
			store.EventStep{Claim: good, Run: run(webhook.Delivered), Next: true},
			store.EventStep{Claim: refused, Run: run(webhook.Retry)},
			store.EventStep{},
			store.EventStep{},
		)
		equal(t, "answers", words(answers), []string{"stale", "idle", "alone", "granted", "idle", "granted", "idle"})
		equal(t, "lanes granted", []string{answers[3].Claim.Key, answers[5].Claim.Key}, []string{next.ID, other.ID})
		equal(t, "events of the one that was delivered", len(f.keys(key("e", good.Key))), 0)
		equal(t, "events of the one that was refused", len(f.keys(key("e", refused.Key))), 1)
		for c, want := range map[*webhook.Claim]int{good: 1, refused: 1, again: 1, late: 1} {
			attempts, err := f.Attempts(t.Context(), account, c.Key)
			if err != nil || len(attempts) != want {
				t.Errorf("Attempts = %+v, %v; want %d", attempts, err, want)
			}
		}
		if _, _, err := f.SettleEvents(t.Context(), damaged, run(webhook.Delivered), false); err == nil || !strings.Contains(err.Error(), "WRONGTYPE") || errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("SettleEvents on a damaged lane = %v, want what Redis says", err)
		}
	})
}

// What is asked for at the same time travels together; what is to be alone is
// then made alone, and its error concerns no other.
func TestEventsTravelTogether(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		var claims []*webhook.Claim
		for n := range 3 {
			f.accept(fmt.Sprint(n), n == 0)
			claims = append(claims, f.claimEvent())
		}
		f.damage("t", claims[1].Key)
		open, begun := f.Gate(1)
		errs := make([]error, 4)
		var callers sync.WaitGroup
		for n := range errs {
			callers.Go(func() {
				if n == 0 { // it is under way while the others come
					_, _, errs[0] = f.ClaimEvent(t.Context(), shard)
					return
				}
				_, _, errs[n] = f.SettleEvents(t.Context(), claims[n-1], run(webhook.Delivered), false)
			})
			synctest.Wait()
		}
		open()
		callers.Wait()
		if errs[0] != nil || errs[1] != nil || errs[2] == nil || errs[3] != nil || begun.Load() != 3 {
			t.Errorf("errors %v by %d scripts, want one for the damaged lane, by 3", errs, begun.Load())
		}
	})
}

// finished accepts a job and works it, so that three events are to be told.
func (f *fixture) finished(text string, create bool) jobs.Job {
	f.t.Helper()
	job := f.accept(text, create)
	f.commit(f.claim(1), 1, store.Next{})
	return job
}

// statuses returns those of the events of a claim.
func statuses(c *webhook.Claim) []string {
	var all []string
	for ; c != nil; c = c.Then {
		all = append(all, fmt.Sprintf("%d %s attempt %d", c.Event.Sequence, c.Event.Status, c.Attempt))
	}
	return all
}

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
		f.rdb.ZRem(t.Context(), fmt.Sprintf("tw:{%d}:ready:deliver:%s", shard, account), account+":"+ids[1])
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

// Lanes that only claim_event may claim hold up no other.
func TestLanesThatAreToBeAskedFor(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		lapsed := f.accept("Lapsed.", true)
		held := f.claimEvent()
		f.expire(lane.Deliver)
		due := f.accept("Due.", false)
		answers := f.together(store.EventStep{}, store.EventStep{})
		equal(t, "answers", words(answers), []string{"granted", "ask"})
		equal(t, "the lane that is granted", answers[0].Claim.Key, due.ID)
		answers = f.together(store.EventStep{Claim: answers[0].Claim, Run: run(webhook.Delivered), Next: true})
		equal(t, "answer to a settlement", words(answers), []string{"idle"})
		heir := f.claimEvent()
		equal(t, "the heir", []any{heir.Key, heir.Attempt}, []any{lapsed.ID, 1}) // the process lives
		_, _, err := f.SettleEvents(t.Context(), held, run(webhook.Delivered), false)
		stale(t, "SettleEvents of the one before", err)

		gone := f.accept("Gone.", false)
		f.rdb.Del(t.Context(), key("j", gone.ID))
		equal(t, "answer about a lane whose job is gone", words(f.together(store.EventStep{})), []string{"ask"})

		f.lose(lane.Deliver)
		answers = f.together(store.EventStep{Claim: heir, Run: run(webhook.Delivered), Next: true})
		equal(t, "answer to a settlement, and its ring", []any{answers[0].Word, answers[0].Wake.Deliver}, []any{"idle", true})
	})
}

// A lane that no script can claim is left alone, and others go on.
func TestDamagedDeliverLaneIsPutOff(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		good := f.accept("Good.", true)
		c := f.claimEvent()
		bad := f.accept("Bad.", false)
		f.damage("e", bad.ID)
		equal(t, "what follows on a settlement", f.settleRun(c, run(webhook.Delivered), true), (*webhook.Claim)(nil))
		if _, _, err := f.ClaimEvent(t.Context(), shard); err == nil || !strings.Contains(err.Error(), bad.ID) {
			t.Errorf("ClaimEvent = %v, want an error that names the lane", err)
		}
		if _, again, err := f.Sweep(t.Context(), lane.Deliver, shard); err != nil || again.Seconds() < 50 {
			t.Errorf("Sweep = again in %v, %v; want about a minute", again, err)
		}
		equal(t, "events of the good one", len(f.keys(key("e", good.ID))), 0)
	})
}

// An event that cannot be read says nothing of the next one.
func TestEventAfterAnUnreadableOne(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.finished("One.", true)
		f.rdb.LSet(t.Context(), key("e", job.ID), 0, "nonsense")
		c := f.claimEvent()
		if c.Unreadable == nil || c.Then.Unreadable != nil || c.Then.Event.Status != "in_progress" {
			t.Fatalf("ClaimEvent = %+v, then %+v; want the first unreadable", c, c.Then)
		}
		c = f.settleRun(c, run(webhook.Dead), true)
		if c.Unreadable != nil || c.Event.Status != "in_progress" || c.Event.URL != hook {
			t.Errorf("the next event is %+v, want it readable", c)
		}
		f.rdb.HSet(t.Context(), key("j", job.ID), "body", "{")
		_, err := f.Release(t.Context(), c.Claim)
		if c = f.claimEvent(); err != nil || c.Unreadable == nil {
			t.Fatalf("ClaimEvent of a job that cannot be read = %+v, %v", c, err)
		}
		if c = f.settleRun(c, run(webhook.Dead), true); c == nil || c.Unreadable == nil {
			t.Errorf("the next event of a job that cannot be read = %+v, want it unreadable", c)
		}
	})
}

// One caller of many is told to ring for what is left.
func TestOneRingForAll(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for n := range 4 {
			f.accept(fmt.Sprint(n), n == 0)
		}
		answers := f.together(store.EventStep{}, store.EventStep{}, store.EventStep{})
		rings := 0
		for _, a := range answers {
			if a.Wake.Deliver {
				rings++
			}
		}
		equal(t, "answers", words(answers), []string{"granted", "granted", "granted"})
		equal(t, "rings", rings, 1)
		answers = f.together(store.EventStep{})
		equal(t, "ring of the last claim", answers[0].Wake.Deliver, false)
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

// Whoever delivers, and however many at once: the events of a job come in their
// order, and of a conversation one job is in progress.
func TestEventsSideBySide(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixture(t, rdb)
		const n = 30
		ids := make([]string, n)
		for i := range ids {
			ids[i] = f.finished(fmt.Sprint(i), i == 0).ID
		}
		var mu sync.Mutex
		var told []string
		deliver := func() {
			for idle := 0; idle < 20; {
				c, _, err := f.ClaimEvent(t.Context(), shard)
				if c == nil {
					idle++
					time.Sleep(time.Millisecond)
				}
				for c != nil && err == nil {
					var settled []webhook.Settlement
					for e := c; e != nil; e = e.Then {
						mu.Lock()
						told = append(told, fmt.Sprintf("%s %d %s", e.Event.JobID, e.Event.Sequence, e.Event.Status))
						mu.Unlock()
						settled = append(settled, run(webhook.Delivered)...)
					}
					c, _, err = f.SettleEvents(t.Context(), c, settled, true)
				}
				if err != nil {
					t.Errorf("deliver: %v", err)
					return
				}
			}
		}
		var dispatchers sync.WaitGroup
		for range 8 {
			dispatchers.Go(deliver)
		}
		dispatchers.Wait()
		var want, progress, wantProgress []string
		for _, id := range ids {
			want = append(want, id+" 1 scheduled", id+" 2 in_progress", id+" 3 completed")
			wantProgress = append(wantProgress, id+" 2 in_progress", id+" 3 completed")
		}
		for _, e := range told {
			if !strings.HasSuffix(e, "scheduled") {
				progress = append(progress, e)
			}
		}
		equal(t, "events by job", sorted(told, ids), want)
		equal(t, "progress of the conversation", progress, wantProgress)
		equal(t, "keys left", len(f.keys("tw:{*}:[ed]:*")), 0)
	})
}
