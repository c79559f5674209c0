package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	account = "acme"
	talk    = "5815170693595136"
	hook    = "http://receiver.example/hook"
	shards  = 4
)

// shard is that of talk.
var shard = lane.ShardOf(talk, shards)

// each runs a test on a fresh Store over miniredis and over a real Redis, and
// once more with every script run twice.
func each(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		test(t, newFixture(t, rdb))
	})
	t.Run("twice", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t, redistest.New(t))
		f.Twice(t)
		test(t, f)
	})
}

type fixture struct {
	t   *testing.T
	rdb redis.UniversalClient
	*store.Store
}

func newFixture(t *testing.T, rdb redis.UniversalClient) *fixture {
	t.Helper()
	return newFixtureWith(t, rdb, store.EndpointOptions{InFlight: 64, Wary: 64})
}

// newFixtureWith returns one that treats endpoints so, with so many in flight in each shard.
func newFixtureWith(t *testing.T, rdb redis.UniversalClient, endpoints store.EndpointOptions) *fixture {
	t.Helper()
	endpoints.InFlight, endpoints.Wary = endpoints.InFlight*shards, endpoints.Wary*shards
	s := store.New(rdb, store.Options{Shards: shards, Lease: time.Minute, Endpoints: endpoints})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &fixture{t: t, rdb: rdb, Store: s}
}

// accept accepts a job with one message, which makes the conversation if it is
// the first.
func (f *fixture) accept(text string, create bool) jobs.Job {
	f.t.Helper()
	job := jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: talk, WebhookURL: hook,
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}, Text: text}},
	}
	if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: create}); err != nil {
		f.t.Fatalf("Accept(%q): %v", text, err)
	}
	return job
}

func (f *fixture) claim(most int) *jobs.Claim {
	f.t.Helper()
	c, _, err := f.ClaimOne(f.t.Context(), shard, most)
	if err != nil {
		f.t.Fatalf("Claim: %v", err)
	}
	return c
}

// effect is what a job does to the conversation if all it has is its text.
func effect(w jobs.Work) jobs.Effect {
	now := time.Now()
	r := conversation.NewResolver(w.ConversationID)
	for key, m := range w.Members {
		r.Load(key, m)
	}
	r.Begin(w.AcceptedAt)
	e := jobs.Effect{JobID: w.ID, Started: now, Finished: now}
	for n, u := range w.Utterances {
		e.Messages = append(e.Messages, conversation.Message{
			ID: conversation.MessageID(w.ID, n), Text: u.Text, Member: r.Resolve(u.From),
			Start: w.AcceptedAt, End: w.AcceptedAt.Add(time.Second),
		})
	}
	e.Members = r.Changes()
	return e
}

func (f *fixture) commit(c *jobs.Claim, n int, next store.Next) *jobs.Claim {
	f.t.Helper()
	var done []jobs.Effect
	for _, w := range c.Jobs[:n] {
		done = append(done, effect(w))
	}
	got, _, err := f.CommitOne(f.t.Context(), c, done, next)
	if err != nil {
		f.t.Fatalf("Commit of %d jobs: %v", n, err)
	}
	return got
}

func (f *fixture) status(id string) string {
	f.t.Helper()
	job, err := f.Job(f.t.Context(), account, id)
	if err != nil {
		f.t.Fatalf("Job(%s): %v", id, err)
	}
	return string(job.Status)
}

func (f *fixture) texts() []string {
	f.t.Helper()
	messages, err := f.Messages(f.t.Context(), account, talk)
	if err != nil {
		f.t.Fatalf("Messages: %v", err)
	}
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return texts
}

// events delivers everything that waits and returns it as "<job> <sequence>
// <status>", in order.
func (f *fixture) events() []string {
	f.t.Helper()
	var got []string
	c, _, err := f.ClaimEvent(f.t.Context(), shard)
	for c != nil && err == nil {
		got = append(got, fmt.Sprintf("%s %d %s", c.Event.JobID, c.Event.Sequence, c.Event.Status))
		c, _, err = f.SettleEvents(f.t.Context(), c, []webhook.Settlement{{Outcome: webhook.Delivered}}, true)
	}
	if err != nil {
		f.t.Fatalf("deliver the events: %v", err)
	}
	return got
}

// expire ends the lease of every claim of a kind, as time would.
func (f *fixture) expire(kind lane.Kind) {
	f.t.Helper()
	for n := range shards {
		index := fmt.Sprintf("tw:{%d}:ready:%s", n, kind)
		for _, owner := range f.rdb.ZRange(f.t.Context(), index, 0, -1).Val() {
			for _, m := range f.rdb.ZRange(f.t.Context(), index+":"+owner, 0, -1).Val() {
				if kind == lane.Deliver {
					f.expireEndpoint(n, owner, m)
					continue
				}
				f.due(n, kind, m)
			}
		}
	}
}

// expireEndpoint makes all lanes of an endpoint due.
func (f *fixture) expireEndpoint(shard int, owner, endpoint string) {
	f.t.Helper()
	ctx, index := f.t.Context(), fmt.Sprintf("tw:{%d}:ready:deliver", shard)
	for _, set := range []string{index + ":" + owner + ":" + endpoint, fmt.Sprintf("tw:{%d}:flight:%s:%s", shard, owner, endpoint)} {
		for _, m := range f.rdb.ZRange(ctx, set, 0, -1).Val() {
			f.rdb.ZAdd(ctx, set, redis.Z{Score: 1, Member: m})
		}
	}
	f.rdb.ZAdd(ctx, index+":"+owner, redis.Z{Score: 1, Member: endpoint})
	f.rdb.ZAdd(ctx, index, redis.Z{Score: 1, Member: owner})
}

// endpoint is that of hook.
var endpoint, _ = webhook.EndpointOf(hook)

// due makes a lane due, whoever holds it.
func (f *fixture) due(shard int, kind lane.Kind, m string) {
	f.t.Helper()
	index, owner := fmt.Sprintf("tw:{%d}:ready:%s", shard, kind), strings.Split(m, ":")[0]
	if kind == lane.Deliver {
		set, flight := index+":"+owner+":"+endpoint.ID, fmt.Sprintf("tw:{%d}:flight:%s:%s", shard, owner, endpoint.ID)
		if f.rdb.ZScore(f.t.Context(), flight, m).Err() == nil {
			set = flight
		}
		f.rdb.ZAdd(f.t.Context(), set, redis.Z{Score: 1, Member: m})
		m = endpoint.ID
	}
	f.rdb.ZAdd(f.t.Context(), index+":"+owner, redis.Z{Score: 1, Member: m})
	f.rdb.ZAdd(f.t.Context(), index, redis.Z{Score: 1, Member: owner})
}

// keys returns the keys that match.
func (f *fixture) keys(pattern string) []string {
	f.t.Helper()
	keys, err := f.rdb.Keys(f.t.Context(), pattern).Result()
	if err != nil {
		f.t.Fatal(err)
	}
	return keys
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func TestLifeOfAJob(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("Hello.", true)
		equal(t, "status after Accept", f.status(job.ID), "scheduled")
		c := f.claim(16)
		equal(t, "status after Claim", f.status(job.ID), "in_progress")
		if next := f.commit(c, 1, store.Next{Stay: true, Move: true, Most: 16}); next != nil {
			t.Errorf("Commit of the last job granted %v, want nothing", next)
		}
		equal(t, "status after Commit", f.status(job.ID), "completed")
		equal(t, "messages", f.texts(), []string{"Hello."})
		equal(t, "events", f.events(), []string{job.ID + " 1 scheduled", job.ID + " 2 in_progress", job.ID + " 3 completed"})

		conv, err := f.Conversation(t.Context(), account, talk)
		if err != nil || conv.Messages != 1 || len(conv.Members) != 1 || conv.Members[0].UserID != "ann@example.com" {
			t.Errorf("Conversation = %+v, %v; want one message by ann@example.com", conv, err)
		}
		kept, err := f.Job(t.Context(), account, job.ID)
		if err != nil || kept.Utterances != nil || kept.WebhookURL != hook || kept.FinishedAt.IsZero() {
			t.Errorf("Job = %+v, %v; want the final job without its messages", kept, err)
		}
		for _, kind := range "qde" { // idle lanes leave nothing behind
			equal(t, "keys of idle lanes", len(f.keys(fmt.Sprintf("tw:{*}:%c:*", kind))), 0)
		}
		equal(t, "ready indexes", len(f.keys("tw:{*}:ready:*")), 0)
	})
}

func TestOnlyTheHeadIsInProgress(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var ids, texts []string
		for n := range 5 {
			job := f.accept(fmt.Sprintf("Message %d.", n), n == 0)
			ids, texts = append(ids, job.ID), append(texts, job.Utterances[0].Text)
		}
		c := f.claim(3)
		equal(t, "jobs granted", len(c.Jobs), 3)
		equal(t, "statuses under the claim", f.statuses(ids), []string{"in_progress", "scheduled", "scheduled", "scheduled", "scheduled"})

		c = f.commit(c, 2, store.Next{Stay: true, Most: 16})
		equal(t, "statuses after two", f.statuses(ids), []string{"completed", "completed", "in_progress", "scheduled", "scheduled"})
		equal(t, "jobs granted by the commit", len(c.Jobs), 3)
		equal(t, "messages", f.texts(), texts[:2])
		f.commit(c, 3, store.Next{})
		equal(t, "messages", f.texts(), texts)

		var want []string
		for _, id := range ids {
			want = append(want, id+" 1 scheduled", id+" 2 in_progress", id+" 3 completed")
		}
		equal(t, "events by job", sorted(f.events(), ids), want)
	})
}

func (f *fixture) statuses(ids []string) []string {
	f.t.Helper()
	var s []string
	for _, id := range ids {
		s = append(s, f.status(id))
	}
	return s
}

// sorted groups events by job, keeping the order within each.
func sorted(events, ids []string) []string {
	var s []string
	for _, id := range ids {
		for _, e := range events {
			if strings.HasPrefix(e, id) {
				s = append(s, e)
			}
		}
	}
	return s
}

func TestClaimIsExclusive(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		first := f.claim(16)
		if c := f.claim(16); c != nil {
			t.Fatalf("second Claim = %v, want nothing under a live lease", c)
		}
		f.expire(lane.Append)
		second := f.claim(16)
		if second == nil || second.Attempt != 1 {
			t.Fatalf("Claim after the lease = %+v, want the lane, and no attempt counted: the process lives", second)
		}
		_, _, err := f.CommitOne(t.Context(), first, []jobs.Effect{effect(first.Jobs[0])}, store.Next{})
		stale(t, "late Commit", err)
		_, _, err = f.FailOne(t.Context(), first, jobs.Failure{JobID: first.Jobs[0].ID, Final: true}, store.Next{})
		stale(t, "late Fail", err)
		stale(t, "late Renew", f.Renew(t.Context(), first.Claim))
		_, err = f.Release(t.Context(), first.Claim)
		stale(t, "late Release", err)
		equal(t, "messages after late steps", f.texts(), []string(nil))

		f.commit(second, 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One."})
		equal(t, "events", len(f.events()), 3)                        // no second in_progress
		if again := f.commit(second, 1, store.Next{}); again != nil { // its reply got lost
			t.Errorf("Commit again = %+v, want nothing", again)
		}
		equal(t, "messages", f.texts(), []string{"One."})
	})
}

func stale(t *testing.T, step string, err error) {
	t.Helper()
	if !errors.Is(err, lane.ErrStale) {
		t.Errorf("%s = %v, want ErrStale", step, err)
	}
}

func TestFailureHoldsTheConversationBack(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		bad, good := f.accept("Bad.", true), f.accept("Good.", false)
		c := f.claim(16)
		f.fail(c, jobs.Failure{JobID: bad.ID, Reason: "busy", Delay: time.Hour}, store.Next{Stay: true, Move: true, Most: 16})
		if c := f.claim(16); c != nil {
			t.Fatalf("Claim during the backoff = %+v, want nothing", c)
		}
		equal(t, "statuses during the backoff", f.statuses([]string{bad.ID, good.ID}), []string{"in_progress", "scheduled"})

		f.expire(lane.Append)
		c = f.claim(16)
		equal(t, "attempt after the backoff", c.Attempt, 2)
		equal(t, "jobs granted beside a head in trouble", len(c.Jobs), 1)
		c = f.fail(c, jobs.Failure{JobID: bad.ID, Reason: "no use", Final: true}, store.Next{Stay: true, Most: 16})
		equal(t, "the next job", c.Jobs[0].ID, good.ID)
		equal(t, "its attempt", c.Attempt, 1)
		f.commit(c, 1, store.Next{})

		failed, _ := f.Job(t.Context(), account, bad.ID)
		equal(t, "status and reason", []string{string(failed.Status), failed.Message}, []string{"failed", "no use"})
		equal(t, "messages", f.texts(), []string{"Good."})
		equal(t, "events", sorted(f.events(), []string{bad.ID}),
			[]string{bad.ID + " 1 scheduled", bad.ID + " 2 in_progress", bad.ID + " 3 failed"})
	})
}

func (f *fixture) fail(c *jobs.Claim, failure jobs.Failure, next store.Next) *jobs.Claim {
	f.t.Helper()
	got, _, err := f.FailOne(f.t.Context(), c, failure, next)
	if err != nil {
		f.t.Fatalf("Fail: %v", err)
	}
	return got
}

func TestReleaseDoesNotCount(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		for range 10 {
			c := f.claim(1)
			equal(t, "attempt", c.Attempt, 1)
			if _, err := f.Release(t.Context(), c.Claim); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestRenewKeepsTheLease(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		c := f.claim(1)
		f.expire(lane.Append) // the deadline has passed, nobody has noticed
		if err := f.Renew(t.Context(), c.Claim); err != nil {
			t.Fatalf("Renew: %v", err)
		}
		if other := f.claim(1); other != nil {
			t.Errorf("Claim of a renewed lane = %+v, want nothing", other)
		}
	})
}

func TestAcceptRefuses(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := jobs.Job{ID: jobs.NewID(shard), Account: account, ConversationID: talk, Utterances: []analysis.Utterance{{Text: "Hi."}}}
		_, _, err := f.Accept(t.Context(), job, jobs.Terms{})
		if !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("append to no conversation = %v, want ErrUnknownConversation", err)
		}
		f.accept("One.", true)
		if _, _, err = f.Accept(t.Context(), job, jobs.Terms{Create: true}); !errors.Is(err, jobs.ErrIDTaken) {
			t.Errorf("a second conversation of that id = %v, want ErrIDTaken", err)
		}
		_, _, err = f.Accept(t.Context(), job, jobs.Terms{MaxPending: 1})
		if full, ok := errors.AsType[*jobs.BacklogError](err); !ok || full.Limit != 1 {
			t.Errorf("append to a full conversation = %v, want a BacklogError of 1", err)
		}
		other := job
		other.Account = "other"
		if _, _, err = f.Accept(t.Context(), other, jobs.Terms{}); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("append to another account's conversation = %v, want ErrUnknownConversation", err)
		}
		equal(t, "keys of refused jobs", len(f.keys("tw:{*}:j:*"+job.ID)), 0)
	})
}

func TestAcceptTwiceIsOnce(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		for _, create := range []bool{true, false} { // a reply was lost, the client asks again
			if _, _, err := f.Accept(t.Context(), job, jobs.Terms{Create: create, MaxPending: 1}); err != nil {
				t.Errorf("Accept of the same job = %v, want no error", err)
			}
		}
		f.commit(f.claim(16), 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One."})
	})
}

func TestMembersAreKnownAgain(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		f.commit(f.claim(1), 1, store.Next{})
		f.accept("Two.", false)
		c := f.claim(1)
		if len(c.Jobs[0].Members) == 0 {
			t.Fatal("the claim knows none of the speakers")
		}
		f.commit(c, 1, store.Next{})
		conv, err := f.Conversation(t.Context(), account, talk)
		if err != nil || len(conv.Members) != 1 {
			t.Errorf("members = %+v, %v; want one", conv.Members, err)
		}
		messages, _ := f.Messages(t.Context(), account, talk)
		equal(t, "member of the second message", messages[1].Member, messages[0].Member)
	})
}

func TestOtherAccountsFindNothing(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		job := f.accept("One.", true)
		ctx := context.Background()
		if _, err := f.Job(ctx, "other", job.ID); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("Job = %v, want ErrNotFound", err)
		}
		if _, err := f.Attempts(ctx, "other", job.ID); !errors.Is(err, jobs.ErrNotFound) {
			t.Errorf("Attempts = %v, want ErrNotFound", err)
		}
		if _, err := f.Conversation(ctx, "other", talk); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Conversation = %v, want ErrUnknownConversation", err)
		}
		if _, err := f.Messages(ctx, "other", talk); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Messages = %v, want ErrUnknownConversation", err)
		}
		if _, err := f.Insights(ctx, "other", talk); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Insights = %v, want ErrUnknownConversation", err)
		}
	})
}
