package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// numbered is what a job does that brings so many messages and insights, which say
// whose they are and where they stand.
func numbered(w jobs.Work, by string, count int) jobs.Effect {
	e := bring(w, count, count, 1)
	for n := range count {
		e.Messages[n].Text, e.Insights[n].Text = fmt.Sprint(by, " ", n), fmt.Sprint(by, " ", n)
	}
	return e
}

// wantNumbered compares what is there with what one worker or several brought.
func (f *fixture) wantNumbered(when string, counts []int, by ...string) {
	f.t.Helper()
	var want []string
	for i, who := range by {
		for n := range counts[i] {
			want = append(want, fmt.Sprint(who, " ", n))
		}
	}
	insights, err := f.Insights(f.t.Context(), account, talk)
	if err != nil {
		f.t.Fatal(err)
	}
	var found []string
	for _, i := range insights {
		found = append(found, i.Text)
	}
	for what, got := range map[string][]string{"messages": f.texts(), "insights": found} {
		if !slices.Equal(got, want) {
			f.t.Errorf("%s: %d %s, want %d, by %v", when, len(got), what, len(want), by)
		}
	}
}

// A worker dies after any step of a commit that is staged. The next one brings as
// much, more or less, and all of that is there once; of what the first one left, nor
// of what it does later, does anybody see anything at any time.
func TestAWorkerDiesWhileItStages(t *testing.T) {
	t.Parallel()
	const many = 1100 // six portions, messages and insights together
	for _, counts := range [][2]int{{many, many}, {many, 1}, {many, 0}, {many + 500, many}, {many, many + 500}} {
		t.Run(fmt.Sprint(counts), func(t *testing.T) {
			t.Parallel()
			redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
				steps := 0
				for diesAfter(t, rdb, steps, counts[0], counts[1]) {
					steps++
				}
				if steps < 6 {
					t.Errorf("the worker made %d steps before its commit, so this tests little", steps)
				}
			})
		})
	}
}

// diesAfter has a worker die after so many steps of a commit. It returns false if
// that were all steps.
func diesAfter(t *testing.T, rdb redis.UniversalClient, steps, first, second int) bool {
	t.Helper()
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	one, two := newFixture(t, rdb), newFixture(t, rdb)
	one.accept("One.", true)
	c := one.claim(1)
	one.commitEffects(c, numbered(c.Jobs[0], "before", 3))
	one.accept("Two.", false)
	old := one.claim(1)
	done := []jobs.Effect{numbered(old.Jobs[0], "first", first)}
	if _, _, err := one.CommitOne(one.DieAfter(t.Context(), steps), old, done, store.Next{}); err == nil {
		one.wantNumbered("without a death", []int{3, first}, "before", "first")
		return false
	}
	when := fmt.Sprintf("after %d steps", steps)
	two.wantNumbered(when, []int{3}, "before")
	two.expire(lane.Append)
	c = two.claim(1)
	if err := two.StageOnly(t.Context(), old, done[0]); err != nil { // what comes late
		t.Error(err)
	}
	two.wantNumbered(when+" and a claim", []int{3}, "before")
	two.commitEffects(c, numbered(c.Jobs[0], "second", second))
	two.wantNumbered(when+" and a commit", []int{3, second}, "before", "second")
	two.accept("Three.", false)
	c = two.claim(1)
	two.commitEffects(c, numbered(c.Jobs[0], "third", 2))
	two.wantNumbered(when+" and another job", []int{3, second, 2}, "before", "second", "third")
	return true
}

// What was staged may be deleted by others. Then the job is worked again.
func TestWhatWasStagedIsGone(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixture(t, rdb)
		f.accept("One.", true)
		c := f.claim(1)
		e := numbered(c.Jobs[0], "first", 1100)
		f.BeforeStep(6, func() { f.rdb.Del(t.Context(), key("i", talk)) })
		if _, _, err := f.CommitOne(t.Context(), c, []jobs.Effect{e}, store.Next{}); err == nil || !strings.Contains(err.Error(), "what was staged is gone") {
			t.Errorf("Commit = %v, want it refused because what was staged is gone", err)
		}
		f.wantNumbered("after that", nil)
		f.commitEffects(c, e)
		f.wantNumbered("once more", []int{1100}, "first")
	})
}

// Whoever has lost the claim stages nothing, not even over what its successor has
// staged already.
func TestOnlyTheClaimStages(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		old := f.claim(1)
		f.expire(lane.Append)
		c := f.claim(1)
		if err := f.StageOnly(t.Context(), c, numbered(c.Jobs[0], "second", 700)); err != nil {
			t.Fatal(err)
		}
		if err := f.StageOnly(t.Context(), old, numbered(old.Jobs[0], "first", 900)); err != nil {
			t.Fatal(err)
		}
		staged := f.rdb.LRange(t.Context(), key("m", talk), 0, -1).Val()
		if len(staged) != 700 || !strings.Contains(staged[0], "second 0") {
			t.Errorf("%d messages are staged, want the 700 of the successor", len(staged))
		}
		f.wantNumbered("as long as nothing is committed", nil)
	})
}
