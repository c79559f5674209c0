package store_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// manySpeakers are as many as take several steps to stage and to look up.
const manySpeakers = 700

// acceptFrom accepts a job in which so many people speak, whose names begin alike.
func (f *fixture) acceptFrom(who string, speakers int, create bool) {
	f.t.Helper()
	job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk}
	for n := range speakers {
		from := conversation.Speaker{UserID: fmt.Sprint(who, n, "@example.com"), Name: fmt.Sprint(who, " ", n)}
		job.Utterances = append(job.Utterances, analysis.Utterance{Text: "Hi.", From: from})
	}
	if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: create}); err != nil {
		f.t.Fatal(err)
	}
}

// wantPeople compares the members with those whom some jobs brought.
func (f *fixture) wantPeople(when string, count map[string]int) {
	f.t.Helper()
	got := map[string]int{}
	for _, m := range f.members() {
		who, _, _ := strings.Cut(m.Name, " ")
		got[who]++
	}
	if !maps.Equal(got, count) {
		f.t.Errorf("%s: members %v, want %v", when, got, count)
	}
}

// A worker dies after any step of a commit with many speakers. Nobody sees one of them,
// nor what the worker does later, until another one has done the job.
func TestAWorkerDiesWhileItStagesMembers(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		steps := 0
		for diesAmongMembers(t, rdb, steps) {
			steps++
		}
		if steps < 5 {
			t.Errorf("the worker made %d steps before its commit, so this tests little", steps)
		}
	})
}

func diesAmongMembers(t *testing.T, rdb redis.UniversalClient, steps int) bool {
	t.Helper()
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	one, two := newFixture(t, rdb), newFixture(t, rdb)
	one.acceptFrom("Before", 3, true)
	one.commit(one.claim(1), 1, store.Next{})
	one.acceptFrom("After", manySpeakers, false)
	old := one.claim(1)
	done := effect(old.Jobs[0])
	if _, _, err := one.CommitOne(one.DieAfter(t.Context(), steps), old, []jobs.Effect{done}, store.Next{}); err == nil {
		one.wantPeople("without a death", map[string]int{"Before": 3, "After": manySpeakers})
		return false
	}
	when := fmt.Sprintf("after %d steps", steps)
	two.wantPeople(when, map[string]int{"Before": 3})
	two.expire(lane.Append)
	c := two.claim(1)
	if err := two.StageOnly(t.Context(), old, done); err != nil { // what comes late
		t.Error(err)
	}
	two.wantPeople(when+" and a claim", map[string]int{"Before": 3})
	second := effect(c.Jobs[0])
	if err := two.StageOnly(t.Context(), c, second); err != nil { // twice, as after a reply that got lost
		t.Error(err)
	}
	two.commitEffects(c, second)
	if err := two.StageOnly(t.Context(), c, second); err != nil {
		t.Error(err)
	}
	two.wantPeople(when+" and a commit", map[string]int{"Before": 3, "After": manySpeakers})
	equal(t, "time that members are kept", rdb.TTL(t.Context(), two.people()).Val(), time.Duration(-1))
	return true
}

func (f *fixture) people() string { return fmt.Sprintf("tw:{%d}:p:%s:%s", shard, account, talk) }

// Speakers who are too many to be told with a claim are found all the same, merged ones
// as those who remain, and the next job adds nobody.
func TestManySpeakersAreKnownAgain(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.acceptFrom("Ann", manySpeakers, true)
		f.commit(f.claim(1), 1, store.Next{})
		ids := map[string]string{}
		for _, m := range f.members() {
			ids[m.Name] = m.ID
		}
		gone, remains := ids["Ann 1"], ids["Ann 2"]
		f.rdb.HDel(t.Context(), f.people(), "m:"+gone)
		f.rdb.HSet(t.Context(), f.people(), "a:"+gone, remains)
		f.acceptFrom("Ann", manySpeakers+1, false)
		c := f.claim(1)
		known := c.Jobs[0].Members
		equal(t, "speaker who was merged", known["u:ann1@example.com"].ID, remains)
		if _, found := known[fmt.Sprintf("u:ann%d@example.com", manySpeakers)]; found {
			t.Error("a speaker who is new is known")
		}
		for name, id := range ids {
			key := conversation.Speaker{Name: name}.Keys()[0]
			if got := known[key].ID; got != id && id != gone {
				t.Fatalf("%s is %q, want %q", key, got, id)
			}
		}
		f.commit(c, 1, store.Next{})
		f.wantPeople("after the same again and one more", map[string]int{"Ann": manySpeakers})
	})
}

// Members who are changed while many are staged make the commit be made anew.
func TestMembersAreChangedWhileManyAreStaged(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.acceptFrom("Ann", 2, true)
		f.commit(f.claim(1), 1, store.Next{})
		f.acceptFrom("Bob", manySpeakers, false)
		c := f.claim(1)
		if err := f.StageOnly(t.Context(), c, effect(c.Jobs[0])); err != nil {
			t.Fatal(err)
		}
		rename := edit.MemberChanges{Members: []conversation.Member{{ID: f.members()[0].ID, Name: "Cid 0"}}}
		if _, err := f.Edit(t.Context(), edit.Target{Account: account, ID: talk}, edit.Step{MemberChanges: rename}); err != nil {
			t.Fatal(err)
		}
		again, _, err := f.CommitOne(t.Context(), c, []jobs.Effect{effect(c.Jobs[0])}, store.Next{})
		if err == nil {
			t.Fatalf("committed what was found before the edit: %+v", again)
		}
		f.expire(lane.Append)
		f.commit(f.claim(1), 1, store.Next{})
		f.wantPeople("after the edit", map[string]int{"Ann": 1, "Cid": 1, "Bob": manySpeakers})
		if slices.Contains(f.keys("*"), fmt.Sprintf("tw:{%d}:s:%s:%s", shard, account, talk)) {
			t.Error("what was staged is still there")
		}
	})
}

// A conversation that is deleted takes those with it who were staged and not committed.
func TestStagedMembersAreDeleted(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.acceptFrom("Ann", manySpeakers, true)
		c := f.claim(1)
		if err := f.StageOnly(t.Context(), c, effect(c.Jobs[0])); err != nil {
			t.Fatal(err)
		}
		staged := fmt.Sprintf("tw:{%d}:s:%s:%s", shard, account, talk)
		equal(t, "whether members are staged", slices.Contains(f.keys("*"), staged), true)
		if err := f.remove(talk); err != nil {
			t.Fatal(err)
		}
		equal(t, "whether they are after the conversation was deleted", slices.Contains(f.keys("*"), staged), false)
	})
}
