package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// left returns how long a key is kept still; -1ns is for ever.
func (f *fixture) left(key string) time.Duration {
	f.t.Helper()
	d, err := f.rdb.PTTL(f.t.Context(), key).Result()
	if err != nil {
		f.t.Fatal(err)
	}
	return d
}

// A job is kept until its last event is settled. Then the retention begins,
// with that of its delivery attempts.
func TestRetentionBeginsWithTheLastEvent(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		end     func(f *fixture, c *jobs.Claim)
		outcome webhook.Outcome
	}{
		{"completed, delivered", func(f *fixture, c *jobs.Claim) { f.commit(c, 1, store.Next{}) }, webhook.Delivered},
		{"completed, dead", func(f *fixture, c *jobs.Claim) { f.commit(c, 1, store.Next{}) }, webhook.Dead},
		{"failed, delivered", failFinally, webhook.Delivered},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, f *fixture) {
				job := f.accept("One.", true)
				tt.end(f, f.claim(1))
				for n := 1; ; n++ {
					if left := f.left(key("j", job.ID)); left != -1 {
						t.Fatalf("before event %d the job is kept for %v, want without end", n, left)
					}
					c := f.claimEvent()
					f.settle(c, webhook.Settlement{Outcome: tt.outcome, Attempt: webhook.Attempt{At: time.Now()}}, false)
					if n == 3 {
						break
					}
				}
				for _, key := range []string{key("j", job.ID), key("t", job.ID)} {
					if left := f.left(key); left < 719*time.Hour || left > 720*time.Hour {
						t.Errorf("%s is kept for %v, want the retention", key, left)
					}
				}
			})
		})
	}
}

func failFinally(f *fixture, c *jobs.Claim) {
	f.t.Helper()
	if _, _, err := f.FailOne(f.t.Context(), c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "x", Final: true}, store.Next{}); err != nil {
		f.t.Fatal(err)
	}
}

// A job without webhooks is kept from its end on; one with an idempotency key
// as long as the key at least, because it is how a repetition is recognised.
func TestRetentionOfJobsWithoutWebhooks(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.Store = store.New(f.rdb, store.Options{Shards: shards, Retention: time.Hour})
		accept := func(create, keyed bool) string {
			job := jobs.Job{
				ID: jobs.NewID(shard), Account: account, ConversationID: talk, Keyed: keyed,
				Utterances: []analysis.Utterance{{Text: "Hi."}},
			}
			if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: create}); err != nil {
				t.Fatal(err)
			}
			return job.ID
		}
		completed, keyed := accept(true, false), accept(false, true)
		f.commit(f.claim(2), 2, store.Next{})
		failed, failedKeyed := accept(false, false), accept(false, true)
		failFinally(f, f.claim(1))
		failFinally(f, f.claim(1))
		for id, want := range map[string]time.Duration{completed: time.Hour, keyed: 24 * time.Hour, failed: time.Hour, failedKeyed: 24 * time.Hour} {
			if left := f.left(key("j", id)); left > want || left < want-time.Minute {
				t.Errorf("a job is kept for %v, want %v", left, want)
			}
		}
	})
}

// setClock makes Redis' clock seem to have stepped back, from so far ahead.
func (f *fixture) setClock(ahead time.Duration) {
	f.t.Helper()
	seen := strconv.FormatInt(time.Now().Add(ahead).UnixMilli(), 10)
	if err := f.rdb.Set(f.t.Context(), fmt.Sprintf("tw:{%d}:clock", shard), seen+" 0", 0).Err(); err != nil {
		f.t.Fatal(err)
	}
}

// Redis' clock steps back by 45 s while a lane is due, another one waits for its
// backoff and a bell is on its way: nothing has to wait for the clock.
func TestClockOfAShardNeverGoesBack(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.setClock(45 * time.Second)
		job := f.accept("One.", true)
		accepted, err := f.Job(t.Context(), account, job.ID)
		if err != nil || time.Until(accepted.AcceptedAt) < 45*time.Second {
			t.Errorf("accepted at %v, %v; want the time that the shard has reached", accepted.AcceptedAt, err)
		}
		if stats, err := f.LaneStats(t.Context(), lane.Append); err != nil || stats.Oldest > time.Second {
			t.Errorf("LaneStats = oldest due since %v, %v; want just now", stats.Oldest, err)
		}
		if ring, _, _ := f.Sweep(t.Context(), lane.Append, shard); ring {
			t.Error("Sweep rings, though the acceptance has")
		}
		time.Sleep(2 * time.Second)
		if stats, _ := f.LaneStats(t.Context(), lane.Append); stats.Oldest < time.Second || stats.Oldest > 3*time.Second {
			t.Errorf("LaneStats two seconds later = oldest due since %v", stats.Oldest)
		}
		if ring, _, _ := f.Sweep(t.Context(), lane.Append, shard); !ring {
			t.Error("Sweep two seconds later does not ring: the bell waits for the clock")
		}
		c := f.claim(1)
		if c == nil {
			t.Fatal("Claim = nothing, want the lane that is due")
		}
		if _, _, err := f.FailOne(t.Context(), c, jobs.Failure{JobID: job.ID, Delay: 5 * time.Second}, store.Next{}); err != nil {
			t.Fatal(err)
		}
		if c := f.claim(1); c != nil {
			t.Error("Claim during the backoff, want nothing")
		}
		time.Sleep(8 * time.Second) // the clock loses a quarter until it is right again
		if c := f.claim(1); c == nil {
			t.Error("Claim after the backoff = nothing, want the lane")
		}
	})
}

// The clock of a shard comes back to that of Redis by and by.
func TestClockOfAShardBecomesRight(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.setClock(45 * time.Second)
		job := f.accept("One.", true)
		before, _ := f.Job(t.Context(), account, job.ID)
		last := before.AcceptedAt
		for range 150 {
			time.Sleep(2 * time.Second)
			c := f.claim(1)
			if c.At.Before(last) {
				t.Fatalf("the clock went back from %v to %v", last, c.At)
			}
			last = c.At
			if _, err := f.Release(t.Context(), c.Claim); err != nil {
				t.Fatal(err)
			}
		}
		if off := time.Until(last); off > time.Second || off < -time.Second {
			t.Errorf("after five minutes the clock is off by %v", off)
		}
	})
}

// What a deleted conversation held is gone from all of Redis at once: what was
// said, by whom, its name and metadata, the vocabulary of its jobs, the external
// id. Of its jobs remain ids, times, states, the address of the webhook and what
// the receiver answered.
func TestNothingOfADeletedConversationIsLeft(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		id, err := f.BindExternalID(ctx, account, "canary-external", "f")
		if err != nil {
			t.Fatal(err)
		}
		shard := lane.ShardOf(id, shards)
		accept := func(create bool) {
			_, _, err := f.Accept(ctx, jobs.Job{
				ID: jobs.NewID(shard), Account: account, ConversationID: id, WebhookURL: hook,
				Options: analysis.Options{
					Name: "canary-name", Metadata: map[string]string{"canary-key": "canary-value"},
					Entities: []analysis.CustomEntity{{CustomType: "canary-entity"}}, Trackers: []analysis.Tracker{{Name: "canary-tracker"}},
				},
				Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "canary-speaker", UserID: "canary-id"}, Text: "canary-text"}},
			}, jobs.Terms{Create: create})
			if err != nil {
				t.Fatal(err)
			}
		}
		accept(true)
		c, _, err := f.ClaimOne(ctx, shard, 1)
		if err != nil {
			t.Fatal(err)
		}
		e := effect(c.Jobs[0])
		e.Name, e.Insights = "canary-name", []analysis.Insight{{ID: "1", Text: "canary-insight"}}
		if _, _, err = f.CommitOne(ctx, c, []jobs.Effect{e}, store.Next{}); err != nil {
			t.Fatal(err)
		}
		external := "canary-external"
		change := edit.Change{ExternalID: &external, Labels: map[string]string{"canary-label": "x"}}
		if _, err = f.Edit(ctx, edit.Target{Account: account, ID: id}, edit.Step{Change: change}); err != nil {
			t.Fatal(err)
		}
		accept(false) // one that waits
		if n := strings.Count(f.dump(), "canary"); n < 10 {
			t.Fatalf("%d canaries before the deletion, want some to look for", n)
		}
		if _, err = f.Delete(ctx, edit.Target{Account: account, ID: id}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(f.dump()) {
			if strings.Contains(line, "canary") {
				t.Errorf("left: %s", line)
			}
		}
		equal(t, "external ids", len(f.keys("tw:{x:*")), 0)
	})
}

// TestFinishedJobsKeepNoOptions has jobs bring trackers and entities. Nobody asks
// for these once the jobs are completed, and they would be kept for as long as them.
// Those of a job that failed are kept with its text, until the conversation is deleted.
func TestFinishedJobsKeepNoOptions(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		ctx := t.Context()
		shard := lane.ShardOf("17", shards)
		for n := range 2 {
			_, _, err := f.Accept(ctx, jobs.Job{
				ID: jobs.NewID(shard), Account: account, ConversationID: "17", WebhookURL: hook, Keyed: true,
				Options: analysis.Options{
					Entities: []analysis.CustomEntity{{CustomType: "canary"}}, Trackers: []analysis.Tracker{{Name: "canary", Vocabulary: []string{"canary"}}},
				},
				Utterances: []analysis.Utterance{{Text: "Hello."}},
			}, jobs.Terms{Create: n == 0})
			if err != nil {
				t.Fatal(err)
			}
		}
		if left := strings.Count(f.dump(), "canary"); left != 6 {
			t.Fatalf("%d canaries before the jobs are finished, want those of both", left)
		}
		c, _, err := f.ClaimOne(ctx, shard, 1)
		if err != nil {
			t.Fatal(err)
		}
		c, _, err = f.CommitOne(ctx, c, []jobs.Effect{effect(c.Jobs[0])}, store.Next{Stay: true, Most: 1})
		if err != nil {
			t.Fatal(err)
		}
		if left := strings.Count(f.dump(), "canary"); left != 3 {
			t.Errorf("%d canaries after a job was completed, want those of the other", left)
		}
		if _, _, err := f.Fail(ctx, c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "so", Final: true}, 0); err != nil {
			t.Fatal(err)
		}
		if left := strings.Count(f.dump(), "canary"); left != 3 {
			t.Errorf("%d canaries are left, want those of the job that failed, which may be sent again:\n%s", left, f.dump())
		}
		if _, err := f.Delete(ctx, edit.Target{Account: account, ID: "17"}); err != nil {
			t.Fatal(err)
		}
		if left := strings.Count(f.dump(), "canary"); left != 0 {
			t.Errorf("%d canaries are left of a conversation that was deleted:\n%s", left, f.dump())
		}
	})
}

// dump returns all that is in Redis, a line for each key.
func (f *fixture) dump() string {
	f.t.Helper()
	var b strings.Builder
	for _, key := range f.keys("*") {
		ctx := f.t.Context()
		var value any
		switch kind := f.rdb.Type(ctx, key).Val(); kind {
		case "string":
			value = f.rdb.Get(ctx, key).Val()
		case "hash":
			value = f.rdb.HGetAll(ctx, key).Val()
		case "list":
			value = f.rdb.LRange(ctx, key, 0, -1).Val()
		case "zset":
			value = f.rdb.ZRange(ctx, key, 0, -1).Val()
		case "stream":
			value = f.rdb.XRange(ctx, key, "-", "+").Val()
		default:
			f.t.Fatalf("%s is a %s, which this test cannot read", key, kind)
		}
		fmt.Fprintln(&b, key, value)
	}
	return b.String()
}
