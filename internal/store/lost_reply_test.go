package store_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// many is more replies than a step waits for.
const many = 1000

// bubble runs a test on a store over miniredis, by a clock that moves when all
// are waiting.
func bubble(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { test(t, newFixture(t, redistest.New(t))) })
}

// The first replies of each step get lost: it is made again, and nobody
// notices.
func TestStepsAreRepeatedUntilThereIsAReply(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.LoseReplies(2)
		one := f.accept("One.", true)
		f.accept("Two.", false)
		f.LoseReplies(2)
		c := f.claim(16)
		equal(t, "attempt and jobs of the claim", []int{c.Attempt, len(c.Jobs)}, []int{1, 2})
		f.LoseReplies(2)
		c = f.commit(c, 1, store.Next{Stay: true, Most: 16})
		equal(t, "jobs of the next claim", len(c.Jobs), 1)
		f.LoseReplies(2)
		f.commit(c, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One.", "Two."})
		f.LoseReplies(2)
		e := f.claimEvent()
		f.LoseReplies(2)
		e = f.settle(e, webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{At: time.Now(), Outcome: webhook.Delivered}}, true)
		equal(t, "the next event", e.Event.JobID == one.ID && e.Event.Sequence == 2, true)
		attempts, _ := f.Attempts(t.Context(), account, one.ID)
		var outcomes []webhook.Outcome
		for _, a := range attempts {
			outcomes = append(outcomes, a.Outcome)
		}
		equal(t, "attempts", outcomes, []webhook.Outcome{webhook.Delivered, webhook.InFlight})
	})
}

// A claim that its caller never heard of is made again under its id, and holds
// what it held, at once. It was no attempt.
func TestUnheardClaimIsMadeAgain(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.LoseReplies(many)
		if c, _, err := f.ClaimOne(t.Context(), shard, 16); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Claim without a reply = %v, %v; want ErrUnavailable", c, err)
		}
		f.LoseReplies(0)
		if ring, _, err := f.Sweep(t.Context(), lane.Append, shard); err != nil || !ring {
			t.Errorf("Sweep = %t, %v; want a ring for the claim that is in doubt", ring, err)
		}
		c := f.claim(16)
		if c == nil || c.Attempt != 1 || len(c.Jobs) != 1 {
			t.Fatalf("Claim after that = %+v, want the job, as a first attempt", c)
		}
		if ring, _, _ := f.Sweep(t.Context(), lane.Append, shard); ring {
			t.Error("Sweep still rings for a claim in doubt")
		}
		f.commit(c, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One."})
	})
}

// What a commit claimed is not lost with its reply, nor is what an acceptance
// claimed.
func TestUnheardGrantsOfOtherSteps(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.accept("Two.", false)
		c := f.claim(1)
		f.LoseReplies(many)
		_, _, err := f.CommitOne(t.Context(), c, []jobs.Effect{effect(c.Jobs[0])}, store.Next{Stay: true, Most: 16})
		if !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Commit without a reply = %v, want ErrUnavailable", err)
		}
		f.LoseReplies(0)
		c = f.claim(1)
		equal(t, "attempt, and text of the next job", []any{c.Attempt, c.Jobs[0].Utterances[0].Text}, []any{1, "Two."})
		f.commit(c, 1, store.Next{})

		f.LoseReplies(many)
		job := c.Jobs[0].Job
		job.ID, job.Utterances[0].Text = jobs.NewID(shard), "Three."
		if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Claim: true}); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("Accept without a reply = %v, want ErrUnavailable", err)
		}
		f.LoseReplies(0)
		c = f.claim(1)
		equal(t, "attempt, and text of the accepted job", []any{c.Attempt, c.Jobs[0].Utterances[0].Text}, []any{1, "Three."})
		f.commit(c, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One.", "Two.", "Three."})
	})
}

// An event whose claim or settlement was not heard of stays a first attempt,
// and what comes after it in the conversation waits.
func TestUnheardEventsKeepTheirTurn(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		one := f.accept("One.", true)
		two := f.accept("Two.", false)
		delivered := webhook.Settlement{Outcome: webhook.Delivered, Attempt: webhook.Attempt{At: time.Now()}}
		for range 2 { // both are scheduled
			f.settle(f.claimEvent(), delivered, false)
		}
		f.commit(f.commit(f.claim(1), 1, store.Next{Stay: true, Most: 1}), 1, store.Next{})
		f.LoseReplies(many)
		if c, _, err := f.ClaimEvent(t.Context(), shard); !errors.Is(err, jobs.ErrUnavailable) {
			t.Fatalf("ClaimEvent without a reply = %v, %v; want ErrUnavailable", c, err)
		}
		f.LoseReplies(0)
		var told []string
		for c := f.claimEvent(); c != nil; c = f.claimEvent() {
			equal(t, "attempt", c.Attempt, 1)
			told = append(told, c.Event.JobID+" "+c.Event.Status)
			delivered.Attempt.At = time.Now()
			f.LoseReplies(2)
			f.settle(c, delivered, false)
			f.LoseReplies(0)
		}
		equal(t, "events in order", told, []string{
			one.ID + " in_progress", one.ID + " completed", two.ID + " in_progress", two.ID + " completed",
		})
	})
}

// The processes of these tests died in turn while they held a job. Whether an
// attempt counts is known when there was no sign of life for long enough; until
// then nobody begins a job that may have had all its attempts.
func TestAttemptsOfProcessesThatDied(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		begun := 0
		for start := time.Now(); time.Since(start) < 10*time.Minute; time.Sleep(100 * time.Millisecond) {
			process := newFixture(t, f.rdb) // of five attempts, as by default
			if err := process.Show(t.Context()); err != nil {
				t.Fatal(err)
			}
			c := process.claim(1)
			if c == nil {
				continue
			}
			if c.Attempt > 5 {
				equal(t, "attempts begun before it is known", begun, 5)
				equal(t, "the attempt after them", c.Attempt, 6)
				return
			}
			begun++
		}
		t.Errorf("the job was begun %d times and is not found out", begun)
	})
}

// A process that lives has lost its claim without an attempt, however often.
func TestLapsesOfAProcessThatLives(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		other := newFixture(t, f.rdb)
		for range 10 {
			if c := f.claim(1); c == nil || c.Attempt != 1 {
				t.Fatalf("Claim = %+v, want a first attempt", c)
			}
			for range 70 { // the lease is a minute
				if err := f.Show(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Second)
			}
			c := other.claim(1)
			if c == nil || c.Attempt != 1 {
				t.Fatalf("Claim by another process = %+v, want a first attempt", c)
			}
			if _, err := other.Release(t.Context(), c.Claim); err != nil {
				t.Fatal(err)
			}
		}
	})
}
