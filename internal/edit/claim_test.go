package edit_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redistest"
)

// An edit of members takes the lane from its claim: that one is refused, and
// the head is worked again at once, without a charge.
func TestEditOfMembersTakesTheLane(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		second := w.submit(id, says("Ann", "Two."))
		c := w.claim()
		w.bell.heard()
		w.rdb.Del(t.Context(), "tw:{0}:bell:append") // the ring that led to the claim
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Ann"), person("Anna")); err != nil {
			t.Fatal(err)
		}
		equal(t, "rings", w.bell.heard(), lane.Wake{Append: true})
		if err := w.commit(c); !errors.Is(err, lane.ErrStale) {
			t.Fatalf("Commit under the claim that was taken = %v, want ErrStale", err)
		}
		if err := w.store.Renew(t.Context(), c.Claim); !errors.Is(err, lane.ErrStale) {
			t.Errorf("Renew of the claim that was taken = %v, want ErrStale", err)
		}
		equal(t, "state of the job", w.states(second.JobID), []string{"in_progress"})
		c = w.claim()
		if c == nil || c.Attempt != 1 {
			t.Fatalf("Claim after the edit = %+v, want the first attempt", c)
		}
		if err := w.commit(c); err != nil {
			t.Fatal(err)
		}
		equal(t, "messages", w.said(id), []string{"Anna: One.", "Anna: Two."})
	})
}

// Whoever let the lease run out has lost the lane to the edit as well, but the
// attempt counts: that worker may have died of the job.
func TestEditAfterTheLease(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		w.submit(id, says("Ann", "Two."))
		c := w.claim()
		w.rdb.ZAdd(t.Context(), "tw:{0}:ready:append", redis.Z{Score: 1, Member: account + ":" + id})
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Ann"), person("Anna")); err != nil {
			t.Fatal(err)
		}
		if err := w.commit(c); !errors.Is(err, lane.ErrStale) {
			t.Errorf("late Commit = %v, want ErrStale", err)
		}
		if c = w.claim(); c == nil || c.Attempt != 2 {
			t.Errorf("Claim after the edit = %+v, want the second attempt", c)
		}
	})
}

// A job that waits for its next attempt waits on, and its attempts stand.
func TestEditDuringABackoff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		r := w.submit(id, says("Ann", "Two."))
		f := jobs.Failure{JobID: r.JobID, Reason: "busy", Delay: time.Hour}
		if _, _, err := w.store.Fail(t.Context(), w.claim(), f, jobs.Next{}); err != nil {
			t.Fatal(err)
		}
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Ann"), person("Anna")); err != nil {
			t.Fatal(err)
		}
		if c := w.claim(); c != nil {
			t.Errorf("Claim during the backoff = %+v, want nothing", c)
		}
		w.rdb.ZAdd(t.Context(), "tw:{0}:ready:append", redis.Z{Score: 1, Member: account + ":" + id})
		if c := w.claim(); c == nil || c.Attempt != 2 {
			t.Errorf("Claim after the backoff = %+v, want the second attempt", c)
		}
	})
}

// What does not touch the members leaves the worker alone.
func TestOtherEditsLeaveTheLane(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann <a@x>", "One."))
		w.submit(id, says("Ann", "Two."))
		c := w.claim()
		for _, change := range []edit.Change{{Name: new("n")}, {Members: []conversation.Speaker{person("Ann <a@x>")}}} {
			if _, err := w.Update(t.Context(), w.target(id), change); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.commit(c); err != nil {
			t.Errorf("Commit: %v", err)
		}
	})
}

// A slow is an Analyzer that takes its time.
type slow time.Duration

func (s slow) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	select {
	case <-time.After(time.Duration(s)):
		return jobs.Local{}.Analyze(ctx, t)
	case <-ctx.Done():
		return analysis.Result{}, ctx.Err()
	}
}

// A member who is edited while a job is analysed is the new one in its effect,
// of which there is one.
func TestEditDuringASlowAnalysis(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, redistest.New(t))
		id := w.talk(says("Ann <a@x>", "One."), says("Bob <b@x>", "Two."))
		r := w.submit(id, says("Ann", "Three."), says("Bob", "Four."))
		runner := jobs.NewRunner(w.store, slow(10*time.Second), w.bell, jobs.RunnerOptions{MaxAttempts: 1})
		var wg sync.WaitGroup
		wg.Go(func() {
			if more, err := runner.Drain(t.Context(), 0); !more || err != nil {
				t.Errorf("Drain under the edit = %t, %v; want no error, and that lanes may be left", more, err)
			}
		})
		time.Sleep(5 * time.Second)
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Bob"), person("Anna <a@x>")); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		equal(t, "messages while it is worked again", w.said(id), []string{"Anna: One.", "Anna: Two."})
		if _, err := runner.Drain(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		equal(t, "messages", w.said(id), []string{"Anna: One.", "Anna: Two.", "Anna: Three.", "Anna: Four."})
		equal(t, "members", w.members(id), []string{"Anna <a@x>"})
		equal(t, "state of the job", w.states(r.JobID), []string{"completed"})
	})
}
