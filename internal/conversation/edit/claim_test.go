package edit_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// An edit of members leaves the lane to its claim, whose commit is told that
// they have changed, as often as they have.
func TestEditOfMembersUnderAClaim(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		second := w.submit(id, says("Ann", "Two."))
		c := w.claim()
		for _, name := range []string{"Anna", "Anita"} {
			if err := w.UpdateMember(t.Context(), w.target(id), w.read(id).Members[0].ID, person(name)); err != nil {
				t.Fatal(err)
			}
			again, err := w.tryCommit(c)
			if !errors.Is(err, jobs.ErrOutdated) || again == nil || again.ID != c.ID {
				t.Fatalf("Commit with the old members = %+v, %v; want the same claim, and ErrOutdated", again, err)
			}
			c = again
		}
		if err := w.store.Renew(t.Context(), c.Claim); err != nil {
			t.Errorf("Renew after the edit: %v", err)
		}
		equal(t, "state of the job", w.states(second.JobID), []string{"in_progress"})
		if other := w.claim(); other != nil {
			t.Fatalf("Claim after the edit = %+v, want nothing: the lane is held", other)
		}
		if err := w.commit(c); err != nil {
			t.Fatal(err)
		}
		equal(t, "messages", w.said(id), []string{"Anita: One.", "Anita: Two."})
	})
}

// A job that waits for its next attempt waits on, and its attempts stand.
func TestEditDuringABackoff(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		r := w.submit(id, says("Ann", "Two."))
		f := jobs.Failure{JobID: r.JobID, Reason: "busy", Delay: time.Hour}
		if _, _, err := w.store.Fail(t.Context(), w.claim(), f, 0); err != nil {
			t.Fatal(err)
		}
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Ann"), person("Anna")); err != nil {
			t.Fatal(err)
		}
		if c := w.claim(); c != nil {
			t.Errorf("Claim during the backoff = %+v, want nothing", c)
		}
		w.rdb.ZAdd(t.Context(), "tw:{0}:ready:append:"+account, redis.Z{Score: 1, Member: account + ":" + id})
		w.rdb.ZAdd(t.Context(), "tw:{0}:ready:append", redis.Z{Score: 1, Member: account})
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

// counted counts the calls of an Analyzer.
type counted struct {
	jobs.Analyzer

	calls *int
}

func (c counted) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	*c.calls++
	return c.Analyzer.Analyze(ctx, t)
}

// A member who is edited while a job is analysed is the new one in its effect,
// of which there is one.
func TestEditDuringASlowAnalysis(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, redistest.New(t))
		id := w.talk(says("Ann <a@x>", "One."), says("Bob <b@x>", "Two."))
		r := w.submit(id, says("Ann", "Three."), says("Bob", "Four."))
		calls := 0
		runner := jobs.NewRunner(w.store, counted{slow(10 * time.Second), &calls}, w.bell, jobs.RunnerOptions{MaxAttempts: 1})
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := runner.Drain(t.Context(), 0); err != nil {
				t.Errorf("Drain under the edit: %v", err)
			}
		})
		time.Sleep(5 * time.Second)
		if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Bob"), person("Anna <a@x>")); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		equal(t, "messages", w.said(id), []string{"Anna: One.", "Anna: Two.", "Anna: Three.", "Anna: Four."})
		equal(t, "members", w.members(id), []string{"Anna <a@x>"})
		equal(t, "state of the job", w.states(r.JobID), []string{"completed"})
		equal(t, "analyses", calls, 1)
	})
}

// Edits that come faster than a job is analysed do not keep it from its end.
func TestEditsAllTheTime(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, redistest.New(t))
		id := w.talk(says("Ann <a@x>", "One."))
		w.submit(id, says("Ann", "Two."))
		calls := 0
		runner := jobs.NewRunner(w.store, counted{slow(time.Second), &calls}, w.bell, jobs.RunnerOptions{})
		ctx, stop := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := w.UpdateMember(t.Context(), w.target(id), w.read(id).Members[0].ID, person(fmt.Sprintf("Ann %d", n))); err != nil {
					t.Error(err)
				}
				time.Sleep(100 * time.Millisecond)
			}
		})
		begun := time.Now()
		if _, err := runner.Drain(t.Context(), 0); err != nil {
			t.Fatal(err)
		}
		took := time.Since(begun)
		stop()
		wg.Wait()
		equal(t, "messages", len(w.said(id)), 2)
		if calls != 1 || took > 1100*time.Millisecond {
			t.Errorf("analysed %d times in %v, want once, in a second", calls, took)
		}
	})
}
