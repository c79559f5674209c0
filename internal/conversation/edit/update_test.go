package edit_test

import (
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

var noon = time.Date(2024, 8, 1, 12, 0, 0, 0, time.UTC)

func TestUpdateWritesWhatIsGiven(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann <ann@x>", "Hello."))
		later := w.read(id).End.Add(time.Hour)
		steps := []struct {
			name   string
			change edit.Change
			want   func(*conversation.Conversation)
		}{
			{"a name", edit.Change{Name: new("Review")}, func(c *conversation.Conversation) { c.Name = "Review" }},
			{
				"metadata",
				edit.Change{Metadata: map[string]string{"team": "a", "kind": "b"}},
				func(c *conversation.Conversation) { c.Metadata = map[string]string{"team": "a", "kind": "b"} },
			},
			{
				"labels",
				edit.Change{Labels: map[string]string{"l": "1"}},
				func(c *conversation.Conversation) { c.Labels = map[string]string{"l": "1"} },
			},
			{
				"other metadata",
				edit.Change{Metadata: map[string]string{"kind": "c"}},
				func(c *conversation.Conversation) { c.Metadata = map[string]string{"kind": "c"} },
			},
			{"a start", edit.Change{Start: &noon}, func(c *conversation.Conversation) { c.Start = noon }},
			{"an end", edit.Change{End: &later}, func(c *conversation.Conversation) { c.End = later }},
			{
				"flags",
				edit.Change{Archived: new(true), Private: new(true)},
				func(c *conversation.Conversation) { c.Archived, c.Private = true, true },
			},
			{"a toggle back", edit.Change{Toggle: true}, func(c *conversation.Conversation) { c.Private = false }},
			{"a toggle", edit.Change{Toggle: true}, func(c *conversation.Conversation) { c.Private = true }},
			{"an external id", edit.Change{ExternalID: new("x-1")}, func(c *conversation.Conversation) { c.ExternalID = "x-1" }},
			{
				"nothing left",
				edit.Change{Name: new(""), Metadata: map[string]string{}, Labels: map[string]string{}, Archived: new(false), Private: new(false), ExternalID: new("")},
				func(c *conversation.Conversation) {
					c.Name, c.ExternalID, c.Archived, c.Private = "", "", false, false
					c.Metadata, c.Labels = map[string]string{}, map[string]string{}
				},
			},
		}
		want := w.read(id)
		for n, step := range steps {
			got, err := w.Update(t.Context(), w.target(id), step.change)
			if err != nil {
				t.Fatalf("Update(%s): %v", step.name, err)
			}
			step.want(&want)
			want.Version = fmt.Sprintf("1-%d", n+1)
			equal(t, "answer to "+step.name, got, want)
			equal(t, "conversation after "+step.name, w.read(id), want)
		}
		equal(t, "start in the index", w.rdb.ZScore(t.Context(), "tw:{0}:x:"+account, id).Val(), float64(noon.UnixMilli()))
		equal(t, "rings", w.bell.heard().Deliver, true) // of the job
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Name: new("n")}); err != nil || w.bell.heard() != (lane.Wake{}) {
			t.Errorf("Update of a name rang, or failed: %v", err)
		}
	})
}

// The list of archived conversations is kept in step with them.
func TestArchiveIsIndexed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "Hello."))
		key := "tw:{0}:z:" + account
		for _, change := range []edit.Change{{Archived: new(true)}, {Start: &noon}} {
			if _, err := w.Update(t.Context(), w.target(id), change); err != nil {
				t.Fatal(err)
			}
			equal(t, "archived since", w.rdb.ZScore(t.Context(), key, id).Val(), float64(w.read(id).Start.UnixMilli()))
		}
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Archived: new(false)}); err != nil {
			t.Fatal(err)
		}
		equal(t, "archived conversations", w.rdb.ZCard(t.Context(), key).Val(), int64(0))
	})
}

func TestEmptyChangeChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann <ann@x>", "Hello."))
		before := w.read(id)
		for _, c := range []edit.Change{{}, {Members: []conversation.Speaker{person("Ann <ann@x>"), {}}}} {
			got, err := w.Update(t.Context(), w.target(id), c)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "conversation", got, before)
		}
	})
}

func TestUpdateRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "Hello."))
		before := w.read(id)
		name := edit.Change{Name: new("n")}
		other := edit.Change{Name: new("n"), Members: []conversation.Speaker{{Name: "Bob"}}}
		tests := []struct {
			name   string
			target edit.Target
			change edit.Change
			want   error
		}{
			{"another id", w.target("1000000000000000"), name, jobs.ErrUnknownConversation},
			{"an id of no form", w.target("x"), name, jobs.ErrUnknownConversation},
			{"another account", edit.Target{Account: "other", ID: id}, name, jobs.ErrUnknownConversation},
			{"another account's members", edit.Target{Account: "other", ID: id}, other, jobs.ErrUnknownConversation},
			{"no such version", edit.Target{Account: account, ID: id, Versions: []string{"0-0", "1-1"}}, name, edit.ErrVersion},
			{"no such version for members", edit.Target{Account: account, ID: id, Versions: []string{"1-1"}}, other, edit.ErrVersion},
		}
		for _, tt := range tests {
			if _, err := w.Update(t.Context(), tt.target, tt.change); !errors.Is(err, tt.want) {
				t.Errorf("Update of %s = %v, want %v", tt.name, err, tt.want)
			}
		}
		equal(t, "conversation", w.read(id), before)
		if _, err := w.Update(t.Context(), edit.Target{Account: account, ID: id, Versions: []string{"9-9", before.Version}}, name); err != nil {
			t.Errorf("Update at one of the versions: %v", err)
		}
	})
}

// A conversation ends after it starts, whichever of the two is changed, and
// whether it has messages or not.
func TestUpdateRefusesAnEndBeforeTheStart(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		late, early := noon.Add(24*365*time.Hour), noon.Add(-24*365*time.Hour)
		fresh := w.submit("", says("Ann", "Hello.")).ConversationID
		if _, err := w.Update(t.Context(), w.target(fresh), edit.Change{End: &early}); err == nil {
			t.Error("Update of the end alone, before a message: want a SpanError")
		}
		for _, id := range []string{w.talk(says("Ann", "Hello.")), fresh} {
			if _, err := w.Update(t.Context(), w.target(id), edit.Change{Start: &noon, End: &noon}); err != nil {
				t.Fatal(err)
			}
			before := w.read(id)
			for _, c := range []edit.Change{{Start: &late}, {End: &early}, {Start: &late, End: &noon, Name: new("n")}} {
				_, err := w.Update(t.Context(), w.target(id), c)
				span, ok := errors.AsType[*edit.SpanError](err)
				if !ok || !span.End.Before(span.Start) {
					t.Errorf("Update = %v, want a SpanError", err)
				}
			}
			equal(t, "conversation", w.read(id), before)
		}
	})
}

// What a job brings meanwhile is merged with what was edited.
func TestEditsSurviveACommit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "Hello."))
		w.submit(id, says("Bob", "Hi."))
		c := w.claim()
		labels := map[string]string{"l": "1"}
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Name: new("Review"), Labels: labels, Start: &noon}); err != nil {
			t.Fatal(err)
		}
		if err := w.commit(c); err != nil {
			t.Fatalf("Commit under a claim that no edit of members took: %v", err)
		}
		got := w.read(id)
		if got.Name != "Review" || !maps.Equal(got.Labels, labels) || !got.Start.Equal(noon) || got.Version != "2-1" {
			t.Errorf("the conversation is %+v, want what was edited, at version 2-1", got)
		}
		equal(t, "messages", w.said(id), []string{"Ann: Hello.", "Bob: Hi."})
	})
}

// A job whose conversation has a start by edit before it has a message starts
// it no later.
func TestStartBeforeTheFirstMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.submit("", says("Ann", "Hello.")).ConversationID
		early := noon.Add(-24 * 365 * 10 * time.Hour)
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Start: &early}); err != nil {
			t.Fatal(err)
		}
		w.work()
		if c := w.read(id); !c.Start.Equal(early) || c.Messages != 1 {
			t.Errorf("the conversation is %+v, want one message and the start %v", c, early)
		}
		if diff := cmp.Diff(float64(early.UnixMilli()), w.rdb.ZScore(t.Context(), "tw:{0}:x:"+account, id).Val()); diff != "" {
			t.Error("start in the index: ", diff)
		}
	})
}
