package conversation_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/conversation"
)

const conversationID = "5815170693595136"

var morning = time.Date(2026, 8, 1, 8, 0, 0, 0, time.UTC)

// TestResolve runs one job. Speakers with the same letter, the first in the
// order of appearance being A, must be the same member; "-" is nobody.
func TestResolve(t *testing.T) {
	t.Parallel()

	type speaker = conversation.Speaker
	tests := []struct {
		name     string
		speakers []speaker
		want     string
	}{
		{"nobody", []speaker{{}, {Name: " \t"}, {ID: " ", UserID: "\n"}}, "---"},
		{"one name", []speaker{{Name: "Ann"}, {Name: "Ann"}, {Name: "Bob"}, {Name: "Ann"}}, "AABA"},
		{"case and blanks", []speaker{{Name: "Ann"}, {Name: " ANN "}, {UserID: "A@x"}, {UserID: "a@X "}}, "AABB"},
		{"accents as marks", []speaker{{Name: "José"}, {Name: "Jose\u0301"}, {Name: "JOSÉ"}, {Name: "Jose"}, {UserID: "jos\u00e9@x"}, {UserID: "jose\u0301@x"}}, "AAABCC"},
		{"final sigma, sharp s", []speaker{{Name: "ΣΊΣΥΦΟΣ"}, {Name: "σίσυφος"}, {Name: "Strauß"}, {Name: "STRAUSS"}}, "AABB"},
		{"one name in two ways, two user ids", []speaker{{UserID: "a@x", Name: "José"}, {UserID: "b@x", Name: "Jose\u0301"}, {Name: "jose\u0301"}}, "ABA"},
		{"one user id, several names", []speaker{{UserID: "a@x", Name: "Ann"}, {UserID: "a@x", Name: "Annie"}, {UserID: "a@x"}}, "AAA"},
		{"one name, two user ids", []speaker{{UserID: "a@x", Name: "Ann"}, {UserID: "b@x", Name: "Ann"}, {UserID: "a@x", Name: "Ann"}}, "ABA"},
		{"a name that two have is the first's", []speaker{{UserID: "a@x", Name: "Ann"}, {UserID: "b@x", Name: "Ann"}, {Name: "Ann"}}, "ABA"},
		{"a name gets a user id later", []speaker{{Name: "Ann"}, {UserID: "a@x", Name: "Ann"}, {UserID: "a@x"}, {Name: "Ann"}}, "AAAA"},
		{"… and another has the next one", []speaker{{Name: "Ann"}, {UserID: "a@x", Name: "Ann"}, {UserID: "b@x", Name: "Ann"}}, "AAB"},
		{"an id gets a user id later", []speaker{{ID: "1"}, {ID: "1", UserID: "a@x"}, {UserID: "a@x"}}, "AAA"},
		{"an id decides over a name", []speaker{{Name: "Ann"}, {ID: "1", Name: "Bob"}, {ID: "1", Name: "Ann"}}, "ABB"},
		{"a blank user id is none", []speaker{{UserID: "a@x", Name: "Ann"}, {UserID: " ", Name: "Ann"}, {UserID: "a@x"}}, "AAA"},
		{"one id, two user ids", []speaker{{ID: "1", UserID: "a@x"}, {ID: "1", UserID: "b@x"}, {UserID: "b@x"}}, "ABB"},
		{"one name, two ids", []speaker{{ID: "1", Name: "Ann"}, {ID: "2", Name: "Ann"}, {ID: "1"}}, "ABA"},
		{"a user id decides over an id", []speaker{{ID: "1"}, {UserID: "a@x"}, {ID: "1", UserID: "a@x"}}, "ABB"},
		{"a user id, an id and a name may read alike", []speaker{{Name: "x"}, {ID: "x"}, {UserID: "x"}}, "ABC"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			resolver := conversation.NewResolver(conversationID)
			resolver.Begin(morning)
			if got := letters(resolve(resolver, tt.speakers)); got != tt.want {
				t.Errorf("members = %s, want %s", got, tt.want)
			}
		})
	}
}

func resolve(r *conversation.Resolver, speakers []conversation.Speaker) []string {
	var ids []string
	for _, s := range speakers {
		ids = append(ids, r.Resolve(s))
	}
	return ids
}

func letters(ids []string) string {
	var seen []string
	var b strings.Builder
	for _, id := range ids {
		i := slices.Index(seen, id)
		switch {
		case id == "":
			b.WriteByte('-')
			continue
		case i < 0:
			i = len(seen)
			seen = append(seen, id)
		}
		b.WriteByte(byte('A' + i))
	}
	return b.String()
}

func TestChanges(t *testing.T) {
	t.Parallel()

	r := conversation.NewResolver(conversationID)
	r.Begin(morning)
	ids := resolve(r, []conversation.Speaker{{}, {Name: " Ann "}, {UserID: "B@x", ID: "7"}, {UserID: "a@x", Name: "ann"}, {UserID: "b@x", Name: "Bob"}})
	ann, bob := ids[1], ids[2]
	want := conversation.Changes{
		Members: []conversation.Member{
			{ID: ann, Name: "Ann", UserID: "a@x", Since: morning.UnixMilli()},
			{ID: bob, Name: "Bob", UserID: "B@x", Ref: "7", Since: morning.UnixMilli(), Index: 1},
		},
		Keys: map[string]string{"n:ann": ann, "u:a@x": ann, "i:" + ann: ann, "u:b@x": bob, "i:7": bob, "n:bob": bob, "i:" + bob: bob},
	}
	if got := r.Changes(); !reflect.DeepEqual(got, want) {
		t.Errorf("Changes = %+v,\n\twant %+v", got, want)
	}
	for _, id := range []string{ann, bob} {
		if _, err := uuid.Parse(id); err != nil {
			t.Errorf("member id %s: %v", id, err)
		}
	}
}

// TestMembersOfSeveralJobs works three jobs on one resolver, as one claim does.
func TestMembersOfSeveralJobs(t *testing.T) {
	t.Parallel()

	r := conversation.NewResolver(conversationID)
	r.Begin(morning)
	ann := r.Resolve(conversation.Speaker{Name: "Ann"})
	first := r.Changes()
	before := maps.Clone(first.Keys)

	r.Begin(morning.Add(time.Minute))
	if got := r.Resolve(conversation.Speaker{Name: "Ann"}); got != ann {
		t.Errorf("second job: Ann is %s, want %s", got, ann)
	}
	if got := r.Changes(); len(got.Members) != 0 || len(got.Keys) != 0 {
		t.Errorf("second job: Changes = %+v, want none", got)
	}

	later := morning.Add(time.Hour)
	r.Begin(later)
	bob := r.Resolve(conversation.Speaker{Name: "Bob"})
	if got := r.Resolve(conversation.Speaker{UserID: "a@x", Name: "Ann"}); got != ann {
		t.Errorf("third job: Ann is %s, want %s", got, ann)
	}
	want := conversation.Changes{
		Members: []conversation.Member{
			{ID: bob, Name: "Bob", Since: later.UnixMilli()},
			{ID: ann, Name: "Ann", UserID: "a@x", Since: morning.UnixMilli()},
		},
		Keys: map[string]string{"n:bob": bob, "i:" + bob: bob, "u:a@x": ann},
	}
	if got := r.Changes(); !reflect.DeepEqual(got, want) {
		t.Errorf("third job: Changes = %+v,\n\twant %+v", got, want)
	}
	if !maps.Equal(first.Keys, before) || len(first.Members) != 1 || first.Members[0].UserID != "" {
		t.Errorf("the first job's changes became %+v", first)
	}
}

func TestKnow(t *testing.T) {
	t.Parallel()

	stored := conversation.Member{ID: "11111111-1111-4111-8111-111111111111", Name: "Ann", Since: 1}
	r := conversation.NewResolver(conversationID)
	r.Load("n:ann", stored)
	r.Begin(morning)
	if got := r.Resolve(conversation.Speaker{UserID: "a@x", Name: "Ann"}); got != stored.ID {
		t.Errorf("Ann is %s, want the member stored", got)
	}

	// The store was read before the first job: what that changed wins.
	r.Load("n:ann", stored)
	r.Load("u:a@x", conversation.Member{ID: "other"})
	r.Begin(morning)
	if got := r.Resolve(conversation.Speaker{UserID: "b@x", Name: "Ann"}); got == stored.ID {
		t.Error("another user id is the same member: its user id was forgotten")
	}
	if got := r.Resolve(conversation.Speaker{UserID: "a@x"}); got != stored.ID {
		t.Errorf("Ann is %s, want the member of the first job", got)
	}
}

// TestMemberComesBackByItsID is for callers who send the ids that they read.
func TestMemberComesBackByItsID(t *testing.T) {
	t.Parallel()

	r := conversation.NewResolver(conversationID)
	r.Begin(morning)
	ann := r.Resolve(conversation.Speaker{Name: "Ann"})
	if got := r.Resolve(conversation.Speaker{ID: strings.ToUpper(ann)}); got != ann {
		t.Errorf("the speaker with Ann's id is %s, want %s", got, ann)
	}
}

func TestRerunMakesTheSameMembers(t *testing.T) {
	t.Parallel()

	speakers := []conversation.Speaker{
		{Name: "Ann"}, {ID: "7", Name: "Bob"}, {UserID: "c@x", Name: "Ann"}, {UserID: "d@x", Name: "Ann"}, {}, {Name: "Ann"},
	}
	run := func(id string) ([]string, conversation.Changes) {
		r := conversation.NewResolver(id)
		r.Begin(morning)
		return resolve(r, speakers), r.Changes()
	}
	ids, changes := run(conversationID)
	againIDs, againChanges := run(conversationID)
	if !slices.Equal(ids, againIDs) || !reflect.DeepEqual(changes, againChanges) {
		t.Errorf("second run: %v, %+v,\n\twant %v, %+v", againIDs, againChanges, ids, changes)
	}
	others, _ := run("5815170693595137")
	for _, id := range others {
		if id != "" && slices.Contains(ids, id) {
			t.Errorf("member %s is in two conversations", id)
		}
	}
}
