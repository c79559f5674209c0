package edit_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

const account = "acme"

// A world is a Redis with a store of one shard on it, and what submits to it,
// works it and edits it.
type world struct {
	*edit.Editor

	t       *testing.T
	rdb     redis.UniversalClient
	store   *store.Store
	service *jobs.Service
	bell    *bell
}

func newWorld(t *testing.T, rdb redis.UniversalClient) *world {
	t.Helper()
	s := store.New(rdb, store.Options{Shards: 1})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	b := &bell{}
	return &world{
		Editor: edit.New(s, b, 1),
		t:      t, rdb: rdb, store: s, bell: b,
		service: jobs.NewService(s, b, 1, jobs.ServiceOptions{}),
	}
}

// each runs a test on miniredis and on a real Redis.
func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) { test(t, newWorld(t, rdb)) })
}

// A bell keeps what was rung.
type bell struct {
	mu   sync.Mutex
	rung lane.Wake
}

func (b *bell) Ring(_ context.Context, _ int, w lane.Wake) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung.Append = b.rung.Append || w.Append
	b.rung.Deliver = b.rung.Deliver || w.Deliver
}

// heard returns what was rung since it was last asked.
func (b *bell) heard() lane.Wake {
	b.mu.Lock()
	defer b.mu.Unlock()
	rung := b.rung
	b.rung = lane.Wake{}
	return rung
}

func (w *world) target(id string) edit.Target { return edit.Target{Account: account, ID: id} }

// says is a message of a speaker's, who is written as [person] reads it.
func says(who, text string) analysis.Utterance {
	return analysis.Utterance{From: person(who), Text: text}
}

// person reads "name <user id> #id", of which each part may be missing.
func person(s string) (p conversation.Speaker) {
	s, p.ID, _ = strings.Cut(s, "#")
	name, rest, _ := strings.Cut(s, "<")
	p.Name = strings.TrimSpace(name)
	p.UserID, _, _ = strings.Cut(rest, ">")
	return p
}

// submit appends to the conversation, or begins one if id is empty.
func (w *world) submit(id string, said ...analysis.Utterance) jobs.Receipt {
	w.t.Helper()
	r, err := w.service.Submit(w.t.Context(), jobs.Append{
		Account: account, ConversationID: id, Utterances: said, WebhookURL: "http://receiver.example/hook",
	})
	if err != nil {
		w.t.Fatalf("Submit: %v", err)
	}
	return r
}

// talk submits a conversation and has it worked.
func (w *world) talk(said ...analysis.Utterance) (id string) {
	w.t.Helper()
	id = w.submit("", said...).ConversationID
	w.work()
	return id
}

func (w *world) work() {
	w.t.Helper()
	r := jobs.NewRunner(w.store, jobs.Local{}, w.bell, jobs.RunnerOptions{})
	for more := true; more; {
		var err error
		if more, err = r.Drain(w.t.Context(), 0); err != nil {
			w.t.Fatalf("Drain: %v", err)
		}
	}
}

func (w *world) read(id string) conversation.Conversation {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute) // the race detector makes miniredis slow
	defer cancel()
	c, err := w.store.Conversation(ctx, account, id)
	if err != nil {
		w.t.Fatalf("Conversation: %v", err)
	}
	return c
}

// members returns them in order, as [person] reads them.
func (w *world) members(id string) []string {
	w.t.Helper()
	var all []string
	for _, m := range w.read(id).Members {
		all = append(all, written(m))
	}
	return all
}

func written(m conversation.Member) string {
	s := m.Name
	if m.UserID != "" {
		s += " <" + m.UserID + ">"
	}
	if m.Ref != "" {
		s += " #" + m.Ref
	}
	return strings.TrimSpace(s)
}

// said returns the messages, each as "name: text".
func (w *world) said(id string) []string {
	w.t.Helper()
	messages, err := w.store.Messages(w.t.Context(), account, id)
	if err != nil {
		w.t.Fatalf("Messages: %v", err)
	}
	c := w.read(id)
	var all []string
	for _, m := range messages {
		who, _ := c.Member(m.Member)
		all = append(all, who.Name+": "+m.Text)
	}
	return all
}

// memberID returns the id of the member of the name.
func (w *world) memberID(id, name string) string {
	w.t.Helper()
	members := w.read(id).Members
	n := slices.IndexFunc(members, func(m conversation.Member) bool { return m.Name == name })
	if n < 0 {
		w.t.Fatalf("nobody is called %s among %v", name, members)
	}
	return members[n].ID
}

func (w *world) claim() *jobs.Claim {
	w.t.Helper()
	claims, _, err := w.store.Claim(w.t.Context(), 0, jobs.Want{Lanes: 1, Jobs: 16})
	if err != nil {
		w.t.Fatalf("Claim: %v", err)
	}
	if len(claims) == 0 {
		return nil
	}
	return claims[0]
}

// effects are what the jobs of a claim do, as a Runner has it.
func effects(c *jobs.Claim) []jobs.Effect {
	r := conversation.NewResolver(c.Key)
	done := make([]jobs.Effect, len(c.Jobs))
	for i, job := range c.Jobs {
		for key, m := range job.Members {
			r.Load(key, m)
		}
		r.Begin(job.AcceptedAt)
		e := jobs.Effect{JobID: job.ID, Started: c.At, Finished: c.At, Insights: []analysis.Insight{{ID: "1", Type: "question"}}}
		for n, u := range job.Utterances {
			e.Messages = append(e.Messages, conversation.Message{
				ID: conversation.MessageID(job.ID, n), Text: u.Text, Member: r.Resolve(u.From),
				Start: job.AcceptedAt, End: job.AcceptedAt.Add(time.Second),
			})
		}
		e.Members = r.Changes()
		done[i] = e
	}
	return done
}

// commit commits the jobs of a claim as a Runner does: with the speakers
// recognised anew if the members were edited meanwhile.
func (w *world) commit(c *jobs.Claim) error {
	again, err := w.tryCommit(c)
	if errors.Is(err, jobs.ErrOutdated) {
		_, err = w.tryCommit(again)
	}
	return err
}

// tryCommit commits the jobs of a claim. With [jobs.ErrOutdated] it returns the
// same claim with the members as they are.
func (w *world) tryCommit(c *jobs.Claim) (again *jobs.Claim, err error) {
	r, err := w.store.Commit(w.t.Context(), c.Shard, []jobs.Done{{Claim: c, Effects: effects(c)}}, jobs.Want{})
	if err != nil {
		return nil, err
	}
	return r.Outcomes[0].Outdated, r.Outcomes[0].Err
}

// jobs returns the states of jobs, each with its message.
func (w *world) states(ids ...string) []string {
	w.t.Helper()
	var all []string
	for _, id := range ids {
		job, err := w.store.Job(w.t.Context(), account, id)
		if err != nil {
			w.t.Fatalf("Job: %v", err)
		}
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s", job.Status, job.Message)))
	}
	return all
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
