package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
)

// arriving is a job with a text for a conversation.
func arriving(conversation, text string) jobs.Job {
	return jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: conversation, WebhookURL: hook,
		Utterances: []analysis.Utterance{{Text: text}},
	}
}

func (f *fixture) acceptTogether(arrivals ...store.Arrival) []store.ArrivalAnswer {
	f.t.Helper()
	answers, err := f.AcceptTogether(f.t.Context(), shard, arrivals...)
	if err != nil {
		f.t.Fatalf("AcceptTogether: %v", err)
	}
	return answers
}

func arrivalWords(answers []store.ArrivalAnswer) []string {
	var all []string
	for _, a := range answers {
		all = append(all, a.Word)
	}
	return all
}

// Each request of a call is answered as if it had been made alone.
func TestAcceptTogether(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		first := f.accept("One.", true)
		damaged := arriving("damaged", "Not to be stored.")
		if _, _, err := f.Accept(t.Context(), arriving("damaged", "One."), jobs.Terms{Create: true}); err != nil {
			t.Fatal(err)
		}
		f.damage("q", "damaged")
		answers := f.acceptTogether(
			store.Arrival{Job: first},
			store.Arrival{Job: arriving("nobody", "Nowhere.")},
			store.Arrival{Job: arriving(talk, "Another."), Terms: jobs.Terms{Create: true}},
			store.Arrival{Job: damaged},
			store.Arrival{Job: arriving(talk, "Two.")},
			store.Arrival{Job: arriving(talk, "One too many."), Terms: jobs.Terms{MaxPending: 2}},
			store.Arrival{Job: arriving("new", "Begin."), Terms: jobs.Terms{Create: true}},
			store.Arrival{Job: arriving("new", "Go on.")},
		)
		equal(t, "answers", arrivalWords(answers), []string{"granted", "unknown", "taken", "alone", "granted", "full", "granted", "granted"})
		equal(t, "state of the damaged lane", strings.Split(f.rdb.Get(t.Context(), key("l", "damaged")).Val(), "\x1f")[2], "1")
		equal(t, "record of the job that was not accepted", f.rdb.Exists(t.Context(), key("j", damaged.ID)).Val(), int64(0))
		if _, _, err := f.Accept(t.Context(), damaged, jobs.Terms{}); err == nil || !strings.Contains(err.Error(), "WRONGTYPE") || errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("Accept to a damaged lane = %v, want what Redis says", err)
		}
		f.rdb.ZRem(t.Context(), fmt.Sprintf("tw:{%d}:ready:append:%s", shard, account), account+":damaged")
		sequences := map[string][]int64{}
		for _, c := range f.claimLanes(jobs.Want{Lanes: 8, Jobs: 32}) {
			for _, w := range c.Jobs {
				sequences[c.Key] = append(sequences[c.Key], w.Sequence)
			}
		}
		equal(t, "numbers", sequences, map[string][]int64{talk: {1, 2}, "new": {1, 2}})
	})
}

// Whoever can work a job at once gets a claim of its own, unless a job of the
// conversation waits; all that became due is told once.
func TestAcceptTogetherWithClaims(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		claim := jobs.Terms{Create: true, Claim: true}
		one, two := arriving("one", "One."), arriving("two", "Two.")
		answers := f.acceptTogether(
			store.Arrival{Job: arriving("three", "Three."), Terms: jobs.Terms{Create: true}},
			store.Arrival{Job: one, Terms: claim},
			store.Arrival{Job: arriving("one", "One more."), Terms: jobs.Terms{Claim: true}},
			store.Arrival{Job: two, Terms: claim},
		)
		equal(t, "answers", arrivalWords(answers), []string{"granted", "granted", "granted", "granted"})
		equal(t, "wakes", []lane.Wake{answers[0].Wake, answers[1].Wake, answers[2].Wake, answers[3].Wake}, []lane.Wake{{Append: true, Deliver: true}, {}, {}, {}})
		if answers[0].Claim != nil || answers[2].Claim != nil || answers[1].Claim == nil || answers[3].Claim == nil {
			t.Fatalf("answers = %+v, want a claim each for the second and the last", answers)
		}
		a, b := answers[1].Claim, answers[3].Claim
		equal(t, "lanes", []string{a.Key, b.Key}, []string{"one", "two"})
		equal(t, "jobs", []string{a.Jobs[0].ID, b.Jobs[0].ID}, []string{one.ID, two.ID})
		if a.ID == b.ID || len(a.Jobs) != 1 || len(b.Jobs) != 1 {
			t.Errorf("claims %+v and %+v, want a job each, under claims of their own", a, b)
		}
		f.commit(a, 1, store.Next{})
		if err := f.Renew(t.Context(), b.Claim); err != nil {
			t.Errorf("Renew of the other claim: %v", err)
		}
	})
}

// Jobs that arrive while one of their shard is under way travel together, and
// one that is to be alone fails alone.
func TestJobsArriveTogether(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		if _, _, err := f.Accept(t.Context(), arriving("damaged", "One."), jobs.Terms{Create: true}); err != nil {
			t.Fatal(err)
		}
		f.damage("q", "damaged")
		open, begun := f.Gate(4)
		errs := make([]error, 7)
		var callers sync.WaitGroup
		for n, id := range []string{talk, talk, talk, talk, talk, "damaged", talk} {
			callers.Go(func() { _, _, errs[n] = f.Accept(t.Context(), arriving(id, "More."), jobs.Terms{}) })
			synctest.Wait() // the first four are under way while the others come
		}
		open()
		callers.Wait()
		for n, err := range errs {
			if (err == nil) != (n != 5) {
				t.Errorf("errors %v, want one for the damaged lane", errs)
			}
		}
		equal(t, "scripts", begun.Load(), int64(4+1+1)) // those under way, the others together, and the damaged one alone
	})
}
