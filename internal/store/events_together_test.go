package store_test

import (
	"errors"
	"fmt"
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
