package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// longBody is about as long as the body of a request may be.
const longBody = 1<<20 - 100

// crowded makes a conversation of so many members, a thousand from each job.
func (f *fixture) crowded(members int) {
	f.t.Helper()
	for from := 0; from < members; from += 1000 {
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk}
		for n := from; n < min(from+1000, members); n++ {
			job.Utterances = append(job.Utterances, analysis.Utterance{Text: "Hi.", From: conversation.Speaker{
				UserID: fmt.Sprintf("speaker%d@example.com", n), Name: fmt.Sprint("Speaker ", n),
			}})
		}
		if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: from == 0}); err != nil {
			f.t.Fatal(err)
		}
		c := f.claim(32)
		f.commitEffects(c, effect(c.Jobs[0]))
	}
}

func readOfManyMembers(f *fixture) func() {
	f.crowded(2000)
	return func() {
		c, err := f.Conversation(f.t.Context(), account, talk)
		if err != nil || len(c.Members) != 2000 {
			f.t.Errorf("%d members, %v", len(c.Members), err)
		}
	}
}

func editOfManyMembers(f *fixture) func() {
	f.crowded(2000)
	return func() {
		if _, err := f.Edit(f.t.Context(), edit.Target{Account: account, ID: talk}, edit.Step{Change: edit.Change{Name: new("Anew")}}); err != nil {
			f.t.Error(err)
		}
	}
}

func listOfLongJobs(f *fixture) func() {
	sizes := make([]int, 40)
	for n := range sizes {
		sizes[n] = 768 << 10
	}
	f.jobsOfSize(sizes...)
	return func() {
		if got, err := f.JobsOfLanes(f.t.Context(), account, 100); err != nil || len(got) != 40 {
			f.t.Errorf("%d jobs, %v", len(got), err)
		}
	}
}

func readOfLongMessages(f *fixture) func() {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	f.commitEffects(c, bring(c.Jobs[0], 100, 100, 64<<10))
	return func() {
		if all, err := f.Messages(f.t.Context(), account, talk); err != nil || len(all) != 100 {
			f.t.Errorf("%d messages, %v", len(all), err)
		}
	}
}

func oneHeavyMessage(f *fixture) func() {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	e := bring(c.Jobs[0], 1, 0, 64<<10)
	for n := range analysis.MaxOfMessage {
		e.Messages[0].Matches = append(e.Messages[0].Matches, conversation.Match{Tracker: fmt.Sprint(n % 1000), Name: fmt.Sprint("Tracker ", n%1000), Term: "a", Offset: n})
	}
	return func() {
		f.commitEffects(c, e)
		if all, err := f.Messages(f.t.Context(), account, talk); err != nil || len(all) != 1 {
			f.t.Errorf("%d messages, %v", len(all), err)
		}
	}
}

func acceptOfLongBody(f *fixture) func() {
	job := f.accept("Hi.", true)
	f.commit(f.claim(1), 1, store.Next{})
	job.ID, job.Utterances[0].Text = jobs.NewID(shard), strings.Repeat("a ", longBody/2)
	return func() {
		if c, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Claim: true}); err != nil || c == nil {
			f.t.Fatalf("Accept = %v, %v; want a claim", c, err)
		}
	}
}

func claimOfLongBody(f *fixture) func() {
	f.jobsOfSize(longBody)
	return f.workOff
}

func failOfLongBody(f *fixture) func() {
	f.jobsOfSize(longBody, 2)
	c := f.claim(32)
	return func() { f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Final: true}, store.Next{Stay: true, Most: 32}) }
}

func deletionOfLongBodies(f *fixture) func() {
	sizes := make([]int, 40)
	for n := range sizes {
		sizes[n] = longBody
	}
	f.jobsOfSize(sizes...)
	f.claim(32)
	return func() { f.deleteAll() }
}

// TestManyMembers reads and edits a conversation whose members are too many for one
// step, and has them changed while they are read.
func TestManyMembers(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		f := newFixture(t, rdb)
		f.crowded(1200)
		id := f.members()[7].ID
		rename := func(name string) conversation.Conversation {
			c, err := f.Edit(t.Context(), edit.Target{Account: account, ID: talk}, edit.Step{
				MemberChanges: edit.MemberChanges{Members: []conversation.Member{{ID: id, Name: name}}},
			})
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if c := rename("Once"); len(c.Members) != 1200 || nameOf(c.Members, id) != "Once" {
			t.Errorf("an edit returned %d members, one named %q; want all as they are then", len(c.Members), nameOf(c.Members, id))
		}
		if err := rdb.HSet(t.Context(), key("p", talk), "a:another", id).Err(); err != nil {
			t.Fatal(err)
		}
		if c, err := f.Conversation(t.Context(), account, talk); err != nil || c.Merged["another"] != id {
			t.Errorf("%q remains of one who was merged, %v; want %q", c.Merged["another"], err, id)
		}
		if s, err := f.Snapshot(t.Context(), account, talk); err != nil || len(s.Keys) < 3*1200 || len(s.Members) != 1200 {
			t.Errorf("%d keys of speakers, %v; want three for each of 1,200", len(s.Keys), err)
		}
		reads := 0
		rdb.AddHook(afterHScan(func() {
			if reads++; reads == 1 {
				rename("Twice")
			}
		}))
		if all := f.members(); len(all) != 1200 || nameOf(all, id) != "Twice" || reads < 2 {
			t.Errorf("%d members after %d readings, one named %q; want all as they were at the end", len(all), reads, nameOf(all, id))
		}
	})
}

// afterHScan is called after each HSCAN.
type afterHScan func()

func (afterHScan) DialHook(next redis.DialHook) redis.DialHook { return next }

func (after afterHScan) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if cmd.Name() == "hscan" {
			after()
		}
		return err
	}
}

func (afterHScan) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

func (f *fixture) members() []conversation.Member {
	f.t.Helper()
	c, err := f.Conversation(f.t.Context(), account, talk)
	if err != nil {
		f.t.Fatal(err)
	}
	return c.Members
}

func nameOf(all []conversation.Member, id string) string {
	for _, m := range all {
		if m.ID == id {
			return m.Name
		}
	}
	return ""
}
