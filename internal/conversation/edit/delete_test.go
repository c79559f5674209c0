package edit_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/webhook"
)

// keys returns the kinds of keys that are there: what follows the shard, up to
// the next colon.
func (w *world) keys() []string {
	w.t.Helper()
	var kinds []string
	all := w.rdb.Scan(w.t.Context(), 0, "tw:{0}:*", 100).Iterator()
	for all.Next(w.t.Context()) {
		kinds = append(kinds, strings.Split(all.Val(), ":")[2])
	}
	if err := all.Err(); err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// events delivers all that are due, and returns the states of each job that
// they tell.
func (w *world) events() map[string]string {
	w.t.Helper()
	events := map[string]string{}
	c, _, err := w.store.ClaimEvent(w.t.Context(), 0)
	for c != nil && err == nil {
		events[c.Event.JobID] += fmt.Sprintf("%d %s, ", c.Event.Sequence, c.Event.Status)
		c, _, err = w.store.SettleEvents(w.t.Context(), c, []webhook.Settlement{{Outcome: webhook.Delivered}}, true)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return events
}

// A conversation that is deleted under a claim is gone with all that belongs
// to it. Its jobs fail, and say so, the one in progress too.
func TestDeleteUnderAClaim(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.submit("", says("Ann", "One.")).ConversationID
		if err := w.commit(w.claim()); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Archived: new(true)}); err != nil {
			t.Fatal(err)
		}
		two, three := w.submit(id, says("Ann", "Two.")), w.submit(id, says("Ann", "Three."))
		c := w.claim()
		w.events()
		w.bell.heard()
		w.rdb.Del(t.Context(), "tw:{0}:bell:deliver")
		if err := w.Delete(t.Context(), w.target(id)); err != nil {
			t.Fatal(err)
		}
		equal(t, "rings", w.bell.heard(), lane.Wake{Deliver: true})
		if err := w.commit(c); !errors.Is(err, lane.ErrStale) {
			t.Errorf("Commit after the deletion = %v, want ErrStale", err)
		}
		if _, err := w.store.Release(t.Context(), c.Claim); !errors.Is(err, lane.ErrStale) {
			t.Errorf("Release after the deletion = %v, want ErrStale", err)
		}
		const failed = "failed the conversation was deleted"
		equal(t, "states", w.states(two.JobID, three.JobID), []string{failed, failed})
		equal(t, "events", w.events(), map[string]string{two.JobID: "3 failed, ", three.JobID: "2 failed, "})
		w.wantGone(id)

		job, err := w.store.Job(t.Context(), account, two.JobID)
		if err != nil || job.Utterances != nil || job.FinishedAt.IsZero() || job.WebhookURL == "" {
			t.Errorf("the failed job is %+v, %v; want it finished, without its messages", job, err)
		}
		if left := w.rdb.PTTL(t.Context(), "tw:{0}:j:"+account+":"+two.JobID).Val(); left <= 0 {
			t.Errorf("the failed job is kept for %v", left)
		}
	})
}

// wantGone checks that nothing is left of a conversation but its jobs.
func (w *world) wantGone(id string) {
	w.t.Helper()
	w.rdb.Del(w.t.Context(), "tw:{0}:bell:append", "tw:{0}:bell:deliver", "tw:{0}:clock", "tw:{0}:u:"+account+":"+id) // which expire, but for the clock
	equal(w.t, "keys that are left", w.keys(), []string{"done", "j", "jobs", "t"})
	if _, err := w.store.Conversation(w.t.Context(), account, id); !errors.Is(err, jobs.ErrUnknownConversation) {
		w.t.Errorf("Conversation = %v, want ErrUnknownConversation", err)
	}
	if err := w.Delete(w.t.Context(), w.target(id)); !errors.Is(err, jobs.ErrUnknownConversation) {
		w.t.Errorf("Delete = %v, want ErrUnknownConversation", err)
	}
	_, err := w.service.Submit(w.t.Context(), jobs.Append{Account: account, ConversationID: id, Utterances: []analysis.Utterance{says("Ann", "More.")}})
	if !errors.Is(err, jobs.ErrUnknownConversation) {
		w.t.Errorf("Submit = %v, want ErrUnknownConversation", err)
	}
}

// The jobs of a long lane fail in several steps, the conversation is gone at
// the first one. Other conversations of the shard take turns with that.
func TestDeleteOfALongLane(t *testing.T) {
	t.Parallel()

	const pending = 1000
	w := newWorld(t, redistest.Real(t)) // miniredis takes long over so many
	first := w.submit("", says("Ann", "One."))
	id, ids := first.ConversationID, []string{first.JobID}
	for range pending - 2 { // without webhooks
		r, err := w.service.Submit(t.Context(), jobs.Append{Account: account, ConversationID: id, Utterances: []analysis.Utterance{says("Ann", "More.")}})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, r.JobID)
	}
	last := w.submit(id, says("Ann", "Last."))
	c := w.claim()
	other := w.submit("", says("Bob", "Hi."))
	w.bell.heard()
	w.rdb.Del(t.Context(), "tw:{0}:bell:append")
	if err := w.Delete(t.Context(), w.target(id)); err != nil {
		t.Fatal(err)
	}
	equal(t, "states after one step", w.states(ids[0], last.JobID), []string{"failed the conversation was deleted", "scheduled"})
	equal(t, "ring for the next step", w.bell.heard().Append, true)
	if _, err := w.store.Messages(t.Context(), account, id); !errors.Is(err, jobs.ErrUnknownConversation) {
		t.Errorf("Messages = %v, want ErrUnknownConversation", err)
	}
	if err := w.commit(c); !errors.Is(err, lane.ErrStale) {
		t.Errorf("Commit after the deletion = %v, want ErrStale", err)
	}
	for range pending/50 + 1 { // a step that fails some grants nothing
		w.work()
	}
	equal(t, "state of the other job", w.states(other.JobID), []string{"completed"})
	equal(t, "states", w.states(append(ids, last.JobID)...), slices.Repeat([]string{"failed the conversation was deleted"}, pending))
	events := w.events()
	equal(t, "events of the first and the last job", []string{events[first.JobID], events[last.JobID]},
		[]string{"1 scheduled, 2 in_progress, 3 failed, ", "1 scheduled, 2 failed, "})
	if err := w.Delete(t.Context(), w.target(other.ConversationID)); err != nil {
		t.Fatal(err)
	}
	w.rdb.Del(t.Context(), "tw:{0}:u:"+account+":"+other.ConversationID) // which expires
	w.wantGone(id)
}

// A job whose acceptance is repeated after its conversation was deleted brings
// neither back.
func TestAcceptAfterDelete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		job := jobs.Job{ID: jobs.NewID(0), Account: account, ConversationID: conversation.NewID(), Utterances: []analysis.Utterance{{Text: "Hi."}}}
		for _, create := range []bool{true, true, false} {
			if _, _, err := w.store.Accept(t.Context(), job, jobs.Terms{Create: create}); err != nil {
				t.Fatalf("Accept: %v", err)
			}
			_ = w.Delete(t.Context(), w.target(job.ConversationID))
			equal(t, "state", w.states(job.ID), []string{"failed the conversation was deleted"})
		}
	})
}

func TestDeleteRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "One."))
		for _, tt := range []struct {
			name   string
			target edit.Target
			want   error
		}{
			{"an unknown id", w.target("1000000000000000"), jobs.ErrUnknownConversation},
			{"an id of no form", w.target("a:b"), jobs.ErrUnknownConversation},
			{"another account", edit.Target{Account: "other", ID: id}, jobs.ErrUnknownConversation},
			{"other versions", edit.Target{Account: account, ID: id, Versions: []string{"0-0", "1-1"}}, edit.ErrVersion},
		} {
			if err := w.Delete(t.Context(), tt.target); !errors.Is(err, tt.want) {
				t.Errorf("Delete of %s = %v, want %v", tt.name, err, tt.want)
			}
		}
		equal(t, "messages", w.said(id), []string{"Ann: One."})
		if err := w.Delete(t.Context(), edit.Target{Account: account, ID: id, Versions: []string{"1-1", "1-0"}}); err != nil {
			t.Errorf("Delete of one of the versions: %v", err)
		}
	})
}
