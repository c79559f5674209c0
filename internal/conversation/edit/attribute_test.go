package edit_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/jobs"
)

// timed has each word said by a speaker for a second, one after the other from
// noon on.
func timed(speaker, words string) []analysis.Utterance {
	var all []analysis.Utterance
	for n, word := range strings.Fields(words) {
		u := says(speaker, word)
		u.Start = noon.Add(time.Duration(n) * time.Second)
		u.End = u.Start.Add(time.Second)
		all = append(all, u)
	}
	return all
}

// spoke reads events like "+2 Ann": who began, or with "-" stopped, and after
// how many seconds.
func spoke(events ...string) []edit.SpeakerEvent {
	var all []edit.SpeakerEvent
	for _, s := range events {
		var seconds float64
		when, who, _ := strings.Cut(s, " ")
		if _, err := fmt.Sscan(when[1:], &seconds); err != nil {
			panic(err)
		}
		all = append(all, edit.SpeakerEvent{Started: s[0] == '+', Speaker: person(who), Offset: time.Duration(seconds * float64(time.Second))})
	}
	return all
}

func TestAttribute(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		events  []edit.SpeakerEvent
		want    []string // who said a, b, c and d, which Eve <e@x> did at first
		members []string
	}{
		{"in turns", spoke("+0 Ann", "-2 Ann", "+2 Bob", "-4 Bob"), []string{"Ann", "Ann", "Bob", "Bob"}, []string{"Eve <e@x>", "Ann", "Bob"}},
		{"nobody stops", spoke("+1 Ann"), []string{"Eve", "Ann", "Ann", "Ann"}, []string{"Eve <e@x>", "Ann"}},
		{"a stop of who is silent", spoke("-1 Ann", "+2 Bob", "-2 Ann", "-3 Bob", "-4 Bob"), []string{"Eve", "Eve", "Bob", "Eve"}, []string{"Eve <e@x>", "Ann", "Bob"}},
		{"a start of who speaks", spoke("+0 Ann", "+1 Ann", "-2 Ann"), []string{"Ann", "Ann", "Eve", "Eve"}, []string{"Eve <e@x>", "Ann"}},
		{"in another order", spoke("-4 Bob", "+2 Bob", "-2 Ann", "+0 Ann"), []string{"Ann", "Ann", "Bob", "Bob"}, []string{"Eve <e@x>", "Ann", "Bob"}},
		{"before and after all", spoke("+-5 Ann", "-1 Ann", "+99 Bob"), []string{"Ann", "Eve", "Eve", "Eve"}, []string{"Eve <e@x>", "Ann", "Bob"}},
		{"a known one, and described better", spoke("+0 Eva <e@x>", "-1 Eva <e@x>", "+1 Ann", "-2 Ann", "+2 Ann <a@x>"), []string{"Eva", "Ann", "Ann", "Ann"}, []string{"Eva <e@x>", "Ann <a@x>"}},
		{"nothing new", spoke("+0 Eve"), []string{"Eve", "Eve", "Eve", "Eve"}, []string{"Eve <e@x>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				id := w.talk(timed("Eve <e@x>", "a b c d")...)
				before, err := w.store.Messages(t.Context(), account, id)
				if err != nil {
					t.Fatal(err)
				}
				if err := w.Attribute(t.Context(), w.target(id), tt.events); err != nil {
					t.Fatal(err)
				}
				var want []string
				for n, who := range tt.want {
					want = append(want, who+": "+before[n].Text)
				}
				equal(t, "messages", w.said(id), want)
				equal(t, "members", w.members(id), tt.members)
				after, _ := w.store.Messages(t.Context(), account, id)
				for n := range after {
					after[n].Member = before[n].Member
				}
				equal(t, "the rest of the messages", after, before)
			})
		})
	}
}

// countingStore counts the edits of a Store and the lines of the largest, and does
// something before each.
type countingStore struct {
	edit.Store

	steps, most int
	read        int // messages
	held        int // read and not replaced at one time, at most, if each is to be
	replaced    int
	before      func(step int)
}

func (s *countingStore) EachMessage(ctx context.Context, account, id string, from int) iter.Seq2[conversation.Message, error] {
	return func(yield func(conversation.Message, error) bool) {
		for m, err := range s.Store.EachMessage(ctx, account, id, from) {
			s.read++
			s.held = max(s.held, s.read-s.replaced)
			if !yield(m, err) {
				return
			}
		}
	}
}

func (s *countingStore) Edit(ctx context.Context, t edit.Target, e edit.Step) (conversation.Conversation, error) {
	s.steps++
	s.most = max(s.most, len(e.Replacements))
	s.replaced += len(e.Replacements)
	s.before(s.steps)
	return s.Store.Edit(ctx, t, e)
}

// long begins a conversation of that many messages.
func (w *world) long(messages int) (id string) {
	w.t.Helper()
	id = w.submit("", timed("Eve", strings.Repeat("x ", messages))...).ConversationID
	w.work()
	return id
}

func TestAttributeInAsManyStepsAsItTakes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.long(1200)
		s := &countingStore{Store: w.store, before: func(int) {}}
		for _, want := range []int{3, 4} { // then there is nothing left to do
			if err := edit.New(s, w.bell, 1).Attribute(t.Context(), w.target(id), spoke("+0 Ann")); err != nil {
				t.Fatal(err)
			}
			equal(t, "steps so far", s.steps, want)
			if want == 3 {
				equal(t, "messages held at once", s.held, 500)
			}
		}
		equal(t, "version", w.read(id).Version, "1-3")
	})
}

// A long conversation is attributed in portions, and what is edited or said in
// between is neither lost nor in the way.
func TestAttributeInPortions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const messages = 1200
		id := w.long(messages)
		s := &countingStore{Store: w.store, before: func(step int) {
			switch step {
			case 2:
				if err := w.UpdateMember(t.Context(), w.target(id), w.memberID(id, "Eve"), person("Eva")); err != nil {
					t.Error(err)
				}
			case 3:
				w.submitAll(id, []string{"Bob"})
			}
		}}
		target := w.target(id)
		target.Versions = []string{w.read(id).Version}
		if err := edit.New(s, w.bell, 1).Attribute(t.Context(), target, spoke("+1 Ann", "-1199 Ann")); err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, line := range w.said(id) {
			who, _, _ := strings.Cut(line, ":")
			count[who]++
		}
		equal(t, "messages by speaker", count, map[string]int{"Eva": 2, "Ann": messages - 2, "Bob": 1})
		if s.steps > 6 || s.most > 500 {
			t.Errorf("%d steps of up to %d messages, want few, and 500 at most", s.steps, s.most)
		}
	})
}

func TestAttributeRefuses(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id := w.talk(timed("Eve", "a b")...)
		events := spoke("+0 Ann")
		if err := w.Attribute(t.Context(), edit.Target{Account: "other", ID: id}, events); !errors.Is(err, jobs.ErrUnknownConversation) {
			t.Errorf("Attribute by another account = %v, want ErrUnknownConversation", err)
		}
		if err := w.Attribute(t.Context(), edit.Target{Account: account, ID: id, Versions: []string{"0-0"}}, events); !errors.Is(err, edit.ErrVersion) {
			t.Errorf("Attribute at another version = %v, want ErrVersion", err)
		}
		equal(t, "members", w.members(id), []string{"Eve"})
	})
}
