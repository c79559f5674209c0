package edit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// Members are given as [person] reads them. After the update the speakers of
// a later job say "1", "2" and so on.
func TestUpdateOfMembers(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		spoke   []string
		members []string
		want    []string
		later   []string
		said    []string // after what was said first
	}{
		{"a user id for a name", []string{"Ann"}, []string{"Ann <a@x>"}, []string{"Ann <a@x>"}, []string{"<a@x>", "Ann"}, []string{"Ann: 1", "Ann: 2"}},
		{"a name for a user id", []string{"<a@x>"}, []string{"Ann <A@x>"}, []string{"Ann <A@x>"}, []string{"Ann"}, []string{"Ann: 1"}},
		{"another name by user id", []string{"Ann <a@x>"}, []string{"Eve <a@x>"}, []string{"Eve <a@x>"}, []string{"Eve", "Ann", "Ann <a@x>"}, []string{"Eve: 1", "Eve: 2", "Eve: 3"}},
		{"another name by the caller's id", []string{"Ann #1"}, []string{"Eve #1"}, []string{"Eve #1"}, []string{"#1", "Eve"}, []string{"Eve: 1", "Eve: 2"}},
		{"the caller's id for a name", []string{"Ann"}, []string{"Ann #1"}, []string{"Ann #1"}, []string{"#1"}, []string{"Ann: 1"}},
		{"somebody new", []string{"Ann"}, []string{"Bob <b@x>"}, []string{"Ann", "Bob <b@x>"}, []string{"Bob", "<b@x>"}, []string{"Bob: 1", "Bob: 2"}},
		{"several new ones", []string{"Ann"}, []string{"Dan", "Bob", "Cid"}, []string{"Ann", "Dan", "Bob", "Cid"}, []string{"Bob"}, []string{"Bob: 1"}},
		{"one name, another user id", []string{"Ann <a@x>"}, []string{"Ann <b@x>"}, []string{"Ann <a@x>", "Ann <b@x>"}, []string{"Ann", "<b@x>"}, []string{"Ann: 1", "Ann: 2"}},
		{"one name, another id", []string{"Ann #1"}, []string{"Ann #2"}, []string{"Ann #1", "Ann #2"}, nil, nil},
		{"one id, another user id", []string{"Ann <a@x> #1"}, []string{"Bob <b@x> #1"}, []string{"Ann <a@x> #1", "Bob <b@x> #1"}, []string{"<b@x>", "#1"}, []string{"Bob: 1", "Ann: 2"}},
		{"all as they are, and nobody", []string{"Ann <a@x>", "Bob"}, []string{"Ann <a@x>", "Bob", ""}, []string{"Ann <a@x>", "Bob"}, nil, nil},
		{
			"a name passes to who has it now",
			[]string{"Ann <a@x>", "Bob <b@x>"},
			[]string{"Eve <a@x>", "Ann <b@x>"},
			[]string{"Eve <a@x>", "Ann <b@x>"},
			[]string{"Ann", "Eve", "Bob"},
			[]string{"Ann: 1", "Eve: 2", "Ann: 3"},
		},
		{"a name that is given up is new", []string{"Ann <a@x>"}, []string{"Eve <a@x>", "Ann"}, []string{"Eve <a@x>", "Ann"}, []string{"Ann"}, []string{"Ann: 1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				id := w.talk(lines(tt.spoke)...)
				first := len(w.said(id))
				var change edit.Change
				for _, m := range tt.members {
					change.Members = append(change.Members, person(m))
				}
				got, err := w.Update(t.Context(), w.target(id), change)
				if err != nil {
					t.Fatal(err)
				}
				equal(t, "members", w.members(id), tt.want)
				equal(t, "answer", got, w.read(id))
				w.submitAll(id, tt.later)
				equal(t, "said later", append([]string(nil), w.said(id)[first:]...), tt.said)
				equal(t, "members in the end", w.members(id), tt.want)
			})
		})
	}
}

// lines has each speaker say a number.
func lines(speakers []string) []analysis.Utterance {
	var all []analysis.Utterance
	for n, who := range speakers {
		all = append(all, says(who, fmt.Sprint(n+1)))
	}
	return all
}

func (w *world) submitAll(id string, speakers []string) {
	w.t.Helper()
	if len(speakers) > 0 {
		w.submit(id, lines(speakers)...)
		w.work()
	}
}

// Members are there before the first job is done, and it knows them.
func TestMembersBeforeTheFirstMessage(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.submit("", says("<a@x>", "One.")).ConversationID
		if _, err := w.Update(t.Context(), w.target(id), edit.Change{Members: []conversation.Speaker{person("Ann <a@x>")}}); err != nil {
			t.Fatal(err)
		}
		w.work()
		equal(t, "members", w.members(id), []string{"Ann <a@x>"})
		equal(t, "messages", w.said(id), []string{"Ann: One."})
	})
}

// A member may be named by the id that was read, which decides over all else.
func TestUpdateOfMembersByID(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(lines([]string{"Ann <a@x>", "Bob <b@x>"})...)
		change := edit.Change{Members: []conversation.Speaker{{ID: w.memberID(id, "Bob"), Name: "Ann", UserID: "c@x"}}}
		if _, err := w.Update(t.Context(), w.target(id), change); err != nil {
			t.Fatal(err)
		}
		equal(t, "members", w.members(id), []string{"Ann <a@x>", "Ann <c@x>"})
		w.submitAll(id, []string{"<b@x>", "<c@x>"})
		equal(t, "members after the old user id and the new one", w.members(id), []string{"Ann <a@x>", "Ann <c@x>"})
	})
}

func TestUpdateMember(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(lines([]string{"Ann", "Bob <b@x>"})...)
		ann := w.memberID(id, "Ann")
		for _, as := range []string{"Anna", "Anna <a@x>", "<a@x>"} {
			if err := w.UpdateMember(t.Context(), w.target(id), ann, person(as)); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "members", w.members(id), []string{"Anna <a@x>", "Bob <b@x>"})
		equal(t, "messages", w.said(id), []string{"Anna: 1", "Bob: 2"})
		equal(t, "version, the last edit being none", w.read(id).Version, "1-2")
		w.submitAll(id, []string{"Ann", "a@x <A@X>"})
		equal(t, "messages", w.said(id)[2:], []string{"Anna: 1", "Anna: 2"})

		stranger := "00000000-0000-4000-8000-000000000000"
		if err := w.UpdateMember(t.Context(), w.target(id), stranger, person("Eve")); !errors.Is(err, edit.ErrUnknownMember) {
			t.Errorf("UpdateMember of a stranger = %v, want ErrUnknownMember", err)
		}
		other := edit.Target{Account: account, ID: id, Versions: []string{"1-2"}}
		if err := w.UpdateMember(t.Context(), other, ann, person("Eve")); !errors.Is(err, edit.ErrVersion) {
			t.Errorf("UpdateMember at an old version = %v, want ErrVersion", err)
		}
	})
}

// Who gets the user id of another member is that one: messages, keys and all.
func TestMerge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(lines([]string{"Bob <b@x> #7", "Ann", "Cid <c@x>"})...)
		bob, ann, cid := w.memberID(id, "Bob"), w.memberID(id, "Ann"), w.memberID(id, "Cid")
		if err := w.UpdateMember(t.Context(), w.target(id), cid, person("Cid <B@x>")); err != nil {
			t.Fatal(err)
		}
		equal(t, "members, by the earlier arrival", w.members(id), []string{"Cid <B@x> #7", "Ann"})
		equal(t, "messages", w.said(id), []string{"Cid: 1", "Ann: 2", "Cid: 3"})
		equal(t, "merged", w.read(id).Merged, map[string]string{bob: cid})

		if err := w.UpdateMember(t.Context(), w.target(id), ann, person("Ann <b@x>")); err != nil {
			t.Fatal(err)
		}
		equal(t, "members after a chain", w.members(id), []string{"Ann <b@x> #7"})
		equal(t, "messages after a chain", w.said(id), []string{"Ann: 1", "Ann: 2", "Ann: 3"})
		equal(t, "merged after a chain", w.read(id).Merged, map[string]string{bob: ann, cid: ann})

		w.submitAll(id, []string{"#" + bob, "#" + cid, "#7", "Bob", "Cid", "<b@x>", "<c@x>", "Bob <d@x>"})
		equal(t, "messages by what they were known as", w.said(id)[3:],
			[]string{"Ann: 1", "Ann: 2", "Ann: 3", "Ann: 4", "Ann: 5", "Ann: 6", "Ann: 7", "Bob: 8"})
		if err := w.UpdateMember(t.Context(), w.target(id), bob, person("Robert")); err != nil {
			t.Errorf("UpdateMember by an id that was merged: %v", err)
		}
		equal(t, "members in the end", w.members(id), []string{"Robert <b@x> #7", "Bob <d@x>"})
	})
}

// Who is new comes after who was there, even if all came at one instant.
func TestNewMembersComeLast(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, redistest.New(t))
		id := w.talk(lines([]string{"Ann", "Bob", "Cid"})...)
		for _, who := range []string{"Dan", "Eve"} {
			if _, err := w.Update(t.Context(), w.target(id), edit.Change{Members: []conversation.Speaker{person(who)}}); err != nil {
				t.Fatal(err)
			}
		}
		equal(t, "members", w.members(id), []string{"Ann", "Bob", "Cid", "Dan", "Eve"})
	})
}

// Thousands of members in one update are more than one command takes.
func TestManyMembersAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(says("Ann", "Hello."))
		var change edit.Change
		var want []string
		for n := range 3000 {
			who := fmt.Sprintf("Name %d <%d@x> #%d", n, n, n)
			change.Members, want = append(change.Members, person(who)), append(want, who)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // the race detector makes miniredis slow
		defer cancel()
		if _, err := w.Update(ctx, w.target(id), change); err != nil {
			t.Fatal(err)
		}
		equal(t, "members", w.members(id)[1:], want)
	})
}

// concurrentStore is a Store to which something happens right before an edit.
type concurrentStore struct {
	edit.Store

	meddle func()
}

func (m concurrentStore) Edit(ctx context.Context, t edit.Target, s edit.Step) (conversation.Conversation, error) {
	m.meddle()
	return m.Store.Edit(ctx, t, s)
}

// Others may join while a member is edited. What the edit was computed from is
// computed anew only if that has changed.
func TestMembersThatChangeMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(lines([]string{"Ann"})...)
		edits := 0
		e := edit.New(concurrentStore{w.store, func() {
			if edits++; edits == 1 {
				w.submitAll(id, []string{"Bob 1 <b1@x>", "Bob 2 <b2@x>", "Bob 3 <b3@x>"})
			}
		}}, w.bell, 1)
		if err := e.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Ann"), person("Anna <b2@x>")); err != nil {
			t.Fatal(err)
		}
		equal(t, "members", w.members(id), []string{"Anna <b2@x>", "Bob 1 <b1@x>", "Bob 3 <b3@x>"})

		edits, n := 0, 3
		e = edit.New(concurrentStore{w.store, func() { edits++; n++; w.submitAll(id, []string{fmt.Sprintf("Bob %d", n)}) }}, w.bell, 1)
		if err := e.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Anna"), person("Eve")); err != nil {
			t.Errorf("UpdateMember while others join: %v", err)
		}
		equal(t, "edits", edits, 1)
		equal(t, "the first member", w.members(id)[0], "Eve <b2@x>")

		e = edit.New(concurrentStore{w.store, func() {
			n++
			change := edit.Change{Members: []conversation.Speaker{person(fmt.Sprintf("Eve %d <b2@x>", n))}}
			if _, err := w.Update(t.Context(), w.target(id), change); err != nil {
				t.Error(err)
			}
		}}, w.bell, 1)
		if err := e.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Eve"), person("Ida")); !errors.Is(err, edit.ErrContended) {
			t.Errorf("UpdateMember of whom others edit all the time = %v, want ErrContended", err)
		}
	})
}

// An edit that finds nothing to change of the members is about them all the
// same: it takes effect at once, not half of it before another edit.
func TestMembersThatAreRightUntilMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(lines([]string{"Ann <a@x>"})...)
		edits := 0
		e := edit.New(concurrentStore{w.store, func() {
			if edits++; edits > 1 {
				return
			}
			other := edit.Change{Name: new("theirs"), Members: []conversation.Speaker{person("Eve <a@x>")}}
			if _, err := w.Update(t.Context(), w.target(id), other); err != nil {
				t.Error(err)
			}
		}}, w.bell, 1)
		ours := edit.Change{Name: new("ours"), Members: []conversation.Speaker{person("Ann <a@x>")}}
		c, err := e.Update(t.Context(), w.target(id), ours)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "name", c.Name, "ours")
		equal(t, "members", w.members(id), []string{"Ann <a@x>"})
	})
}
