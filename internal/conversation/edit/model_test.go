package edit_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// TestModel drives random interleavings of edits and appends against a
// sequential model, in which each takes effect at once: edits that come while
// jobs are worked, commits that come while edits are, and deletions at any
// time. After every step what is in Redis must equal the model.
func TestModel(t *testing.T) {
	t.Parallel()
	redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
		rapid.Check(t, func(rt *rapid.T) {
			if err := rdb.FlushAll(t.Context()).Err(); err != nil {
				rt.Fatal(err)
			}
			m := &model{world: newWorld(t, rdb)}
			m.begin()
			rt.Repeat(map[string]func(*rapid.T){
				"append": m.append, "claim": m.claimNext, "commit": m.commitAny,
				"rename": m.rename, "describe": m.describe, "edit a member": m.editMember,
				"edit a member late": m.editMemberLate, "add members": m.addMembers, "delete": m.remove,
				"": m.check,
			})
		})
	})
}

// model is the sequential truth about one conversation.
type model struct {
	*world

	id       string
	name     string
	metadata map[string]string
	edits    int
	people   map[string]*conversation.Member // by id
	keys     map[string]string
	merged   map[string]string
	spoken   []string // the members, by message
	accepted []string // ids of jobs
	settled  int
	dead     []string // jobs of conversations that were deleted

	claims []*jobs.Claim // all of this conversation's
	holder string        // id of the live one
	ended  string        // id of the last one that was committed, if there is none since
}

func (m *model) begin() {
	r := m.submit("", says("Ann", "Hello."))
	*m = model{
		world: m.world, id: r.ConversationID, accepted: []string{r.JobID}, dead: m.dead, metadata: map[string]string{},
		people: map[string]*conversation.Member{}, keys: map[string]string{}, merged: map[string]string{},
	}
}

// someone draws a description from few enough that they often meet.
func someone(rt *rapid.T) conversation.Speaker {
	return conversation.Speaker{
		ID:     rapid.SampledFrom([]string{"", "", "1", "2"}).Draw(rt, "id"),
		UserID: rapid.SampledFrom([]string{"", "a@x", "b@x", "C@x"}).Draw(rt, "user id"),
		Name:   rapid.SampledFrom([]string{"Ann", "Bob", "Cid"}).Draw(rt, "name"),
	}
}

func (m *model) append(rt *rapid.T) {
	said := make([]analysis.Utterance, rapid.IntRange(1, 3).Draw(rt, "messages"))
	for n := range said {
		said[n] = analysis.Utterance{From: someone(rt), Text: "Hi."}
	}
	m.accepted = append(m.accepted, m.submit(m.id, said...).JobID)
}

func (m *model) claimNext(rt *rapid.T) {
	c := m.claim()
	if due := m.holder == "" && len(m.accepted) > m.settled; due != (c != nil) {
		rt.Fatalf("Claim = %+v, though the lane is due: %t", c, due)
	}
	if c == nil {
		return
	}
	if c.Attempt != 1 {
		rt.Fatalf("attempt %d, want 1 however often an edit takes the lane", c.Attempt)
	}
	m.claims, m.holder, m.ended = append(m.claims, c), c.ID, ""
}

func (m *model) commitAny(rt *rapid.T) {
	if len(m.claims) == 0 {
		rt.Skip("no claim yet")
	}
	m.commitOne(rt, rapid.SampledFrom(m.claims).Draw(rt, "claim"))
}

// commitOne commits what followed from the members as they were at the claim.
func (m *model) commitOne(rt *rapid.T, c *jobs.Claim) {
	err := m.commit(c)
	if m.ended == c.ID && err == nil {
		return // it says once more that it is done
	}
	if live := m.holder == c.ID; live != (err == nil) || err != nil && !errors.Is(err, lane.ErrStale) {
		rt.Fatalf("Commit = %v, though the claim is live: %t", err, live)
	}
	if err != nil {
		return
	}
	m.holder, m.ended = "", c.ID
	m.settled += len(c.Jobs)
	for _, job := range c.Jobs { // with all members as they are now
		r := conversation.NewResolver(m.id)
		for key, id := range m.keys {
			r.Load(key, *m.people[id])
		}
		r.Begin(job.AcceptedAt)
		for _, u := range job.Utterances {
			m.spoken = append(m.spoken, r.Resolve(u.From))
		}
		for _, p := range r.Changes().Members {
			m.people[p.ID] = &p
		}
		maps.Copy(m.keys, r.Changes().Keys)
	}
}

func (m *model) rename(rt *rapid.T) {
	name := rapid.StringMatching(`[a-z]{0,2}`).Draw(rt, "name")
	m.update(rt, edit.Change{Name: &name})
	m.name = name
}

func (m *model) describe(rt *rapid.T) {
	metadata := rapid.MapOf(rapid.StringMatching(`[a-z]`), rapid.StringMatching(`[a-z]`)).Draw(rt, "metadata")
	m.update(rt, edit.Change{Metadata: metadata})
	m.metadata = metadata
}

// update makes a change at the version of the model, which it must be at, or
// at another one, which it is not.
func (m *model) update(rt *rapid.T, c edit.Change) {
	t := m.target(m.id)
	t.Versions = []string{fmt.Sprintf("%d-%d", m.settled, m.edits+1)}
	if _, err := m.Update(m.t.Context(), t, c); !errors.Is(err, edit.ErrVersion) {
		rt.Fatalf("Update at another version = %v, want ErrVersion", err)
	}
	t.Versions = append(t.Versions, m.version())
	if _, err := m.Update(m.t.Context(), t, c); err != nil {
		rt.Fatalf("Update: %v", err)
	}
	m.edits++
}

func (m *model) version() string { return fmt.Sprintf("%d-%d", m.settled, m.edits) }

func (m *model) editMember(rt *rapid.T) { m.editMemberWith(rt, m.Editor) }

// editMemberLate edits a member, and the live claim is committed after the
// edit has read and before it writes.
func (m *model) editMemberLate(rt *rapid.T) {
	if m.holder == "" {
		rt.Skip("no claim")
	}
	n := slices.IndexFunc(m.claims, func(c *jobs.Claim) bool { return c.ID == m.holder })
	s := &countingStore{Store: m.store, before: func(step int) {
		if step == 1 {
			m.commitOne(rt, m.claims[n])
		}
	}}
	m.editMemberWith(rt, edit.New(s, m.bell, 1))
}

func (m *model) editMemberWith(rt *rapid.T, e *edit.Editor) {
	ids := slices.Sorted(maps.Keys(m.people))
	ids = append(ids, slices.Sorted(maps.Keys(m.merged))...)
	if len(ids) == 0 {
		rt.Skip("no members")
	}
	id, as := rapid.SampledFrom(ids).Draw(rt, "member"), someone(rt)
	as.ID = id
	if err := e.UpdateMember(m.t.Context(), m.target(m.id), id, as); err != nil {
		rt.Fatalf("UpdateMember: %v", err)
	}
	if to := m.merged[id]; to != "" {
		id = to
	}
	m.edited(m.put(m.people[id], as))
}

func (m *model) addMembers(rt *rapid.T) {
	s := someone(rt)
	if _, err := m.Update(m.t.Context(), m.target(m.id), edit.Change{Members: []conversation.Speaker{s}}); err != nil {
		rt.Fatalf("Update: %v", err)
	}
	is := m.found(s)
	if is == nil { // new: the id is not ours to say
		for _, p := range m.read(m.id).Members {
			if m.people[p.ID] == nil {
				is = &conversation.Member{ID: p.ID, Since: p.Since, Index: p.Index, Ref: s.ID}
				m.people[p.ID] = is
			}
		}
	}
	if is == nil {
		rt.Fatalf("%v has not become a member", s)
	}
	m.edited(m.put(is, s))
}

// found returns the first member whom a description fits.
func (m *model) found(s conversation.Speaker) *conversation.Member {
	inOrder := slices.SortedFunc(maps.Values(m.people), func(a, b *conversation.Member) int { return a.Compare(*b) })
	fits := func(a, b string) bool { return a != "" && strings.EqualFold(a, b) }
	clash := func(a, b string) bool { return a != "" && b != "" && !strings.EqualFold(a, b) }
	for rank := range 3 {
		for _, p := range inOrder {
			switch {
			case rank == 0 && fits(s.UserID, p.UserID),
				rank == 1 && fits(s.ID, p.Ref) && !clash(s.UserID, p.UserID),
				rank == 2 && fits(s.Name, p.Name) && !clash(s.UserID, p.UserID) && !clash(s.ID, p.Ref):
				return p
			}
		}
	}
	return nil
}

// put describes a member, merges whom that makes one with them, and reports
// whether anything has changed.
func (m *model) put(p *conversation.Member, as conversation.Speaker) bool {
	before, keys := *p, maps.Clone(m.keys)
	p.Name = as.Name
	if as.UserID != "" {
		p.UserID = as.UserID
	}
	if as.ID != "" && p.Ref == "" && m.people[as.ID] == nil && m.merged[as.ID] == "" {
		p.Ref = as.ID
	}
	for id, other := range m.people {
		if other == p || p.UserID == "" || !strings.EqualFold(other.UserID, p.UserID) {
			continue
		}
		delete(m.people, id)
		m.merged[id] = p.ID
		for old, into := range m.merged {
			if into == id {
				m.merged[old] = p.ID
			}
		}
		for key, whose := range m.keys {
			if whose == id {
				m.keys[key] = p.ID
			}
		}
		if p.Ref == "" {
			p.Ref = other.Ref
		}
		if other.Compare(*p) < 0 {
			p.Since, p.Index = other.Since, other.Index
		}
	}
	for _, key := range m.bears(p) {
		if whose := m.people[m.keys[key]]; whose == nil || !slices.Contains(m.bears(whose), key) {
			m.keys[key] = p.ID
		}
	}
	return before != *p || !maps.Equal(keys, m.keys)
}

func (*model) bears(p *conversation.Member) []string {
	return append(conversation.Speaker{ID: p.Ref, UserID: p.UserID, Name: p.Name}.Keys(), "i:"+p.ID)
}

// edited books an edit of members.
func (m *model) edited(changed bool) {
	if changed {
		m.edits++
	}
}

func (m *model) remove(rt *rapid.T) {
	if rapid.IntRange(0, 4).Draw(rt, "mercy") > 0 {
		rt.Skip("let it live")
	}
	if err := m.Delete(m.t.Context(), m.target(m.id)); err != nil {
		rt.Fatalf("Delete: %v", err)
	}
	m.dead = append(m.dead, m.accepted[m.settled:]...)
	for _, c := range m.claims {
		if err := m.commit(c); !errors.Is(err, lane.ErrStale) {
			rt.Fatalf("Commit after the deletion = %v, want ErrStale", err)
		}
	}
	m.rdb.Del(m.t.Context(), "tw:{0}:bell:append", "tw:{0}:bell:deliver")
	for _, kind := range m.world.keys() {
		if !slices.Contains([]string{"j", "jobs", "done", "e", "ready", "clock", "u"}, kind) {
			rt.Fatalf("a key of the kind %s is left of the conversation", kind)
		}
	}
	m.begin()
}

// check compares Redis with the model.
func (m *model) check(rt *rapid.T) {
	p, err := m.store.Snapshot(m.t.Context(), account, m.id)
	if err != nil {
		rt.Fatal(err)
	}
	if p.Name != m.name || !maps.Equal(p.Metadata, m.metadata) || p.Version != m.version() {
		rt.Fatalf("the conversation is %+v, want the name %q, the metadata %v and the version %s", p.Conversation, m.name, m.metadata, m.version())
	}
	if len(p.Members) != len(m.people) || !maps.Equal(p.Keys, m.keys) || !maps.Equal(p.Merged, m.merged) {
		rt.Fatalf("people are\n%v %v %v, want\n%v %v %v", p.Members, p.Keys, p.Merged, m.people, m.keys, m.merged)
	}
	for _, got := range p.Members {
		if want := m.people[got.ID]; want == nil || got != *want {
			rt.Fatalf("member %+v, want %+v", got, want)
		}
	}
	messages, err := m.store.Messages(m.t.Context(), account, m.id)
	if err != nil || len(messages) != len(m.spoken) {
		rt.Fatalf("%d messages, want %d (%v)", len(messages), len(m.spoken), err)
	}
	for n, msg := range messages {
		if msg.Member != m.spoken[n] {
			rt.Fatalf("message %d is by %s, want %s", n, msg.Member, m.spoken[n])
		}
		if _, known := p.Member(msg.Member); !known {
			rt.Fatalf("message %d is by %s, who is nobody", n, msg.Member)
		}
	}
	for _, state := range m.states(m.dead...) {
		if state != "failed the conversation was deleted" {
			rt.Fatalf("a job of a deleted conversation is %s", state)
		}
	}
}
