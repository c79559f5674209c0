package query_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

// TestMatchBeyondRSQL has the conditions that no filter text can state.
func TestMatchBeyondRSQL(t *testing.T) {
	t.Parallel()

	c := conversation.Conversation{
		ID: "1", Name: "Weekly Call", Archived: true, ExternalID: "crm-7",
		Labels:   map[string]string{"team": "Sales"},
		Metadata: map[string]string{"team": "Support"},
		Members:  []conversation.Member{{UserID: "ann@example.com"}, {Name: "Bob"}, {UserID: "Cem@example.com"}},
	}
	tests := []struct {
		name  string
		field query.Field
		key   string
		op    query.Op
		value string
		want  bool
	}{
		{"a part of the name", query.Name, "", query.Contains, "KLY c", true},
		{"no part of the name", query.Name, "", query.Contains, "daily", false},
		{"a label", query.Label, "team", query.Equal, "Sales", true},
		{"a label is no metadata", query.Metadata, "team", query.Equal, "Sales", false},
		{"no such label", query.Label, "region", query.Equal, "", false},
		{"not equal to no label", query.Label, "region", query.NotEqual, "x", true},
		{"less than no label", query.Label, "region", query.Less, "x", false},
		{"a part of no label", query.Label, "region", query.Contains, "", false},
		{"an address", query.Email, "", query.Equal, "ANN@example.com", true},
		{"an address of another member", query.Email, "", query.In, "cem@example.com", true},
		{"no address", query.Email, "", query.Equal, "dan@example.com", false},
		{"the address of nobody", query.Email, "", query.Equal, "", false},
		{"one of them has it", query.Email, "", query.NotEqual, "ann@example.com", false},
		{"none of them has it", query.Email, "", query.Out, "dan@example.com", true},
		{"a part of an address", query.Email, "", query.Contains, "CEM@", true},
		{"archived", query.Archived, "", query.Equal, "true", true},
		{"not archived", query.Archived, "", query.Equal, "false", false},
		{"an external id", query.ExternalID, "", query.Equal, "crm-7", true},
		{"another external id", query.ExternalID, "", query.NotEqual, "crm-8", true},
		{"no such field", "color", "", query.Equal, "", false},
		{"no such operator", query.Name, "", "=~", "Weekly Call", false},
		{"a time without its instant", query.Start, "", query.Less, "2026-08-01T12:00:00Z", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			k := query.Condition{Field: tt.field, Name: tt.key, Op: tt.op, Values: []string{tt.value}}
			if got := k.Match(c); got != tt.want {
				t.Errorf("(%s).Match = %t, want %t", k, got, tt.want)
			}
			if k.Op == query.Equal && k.Field == query.ExternalID {
				k.Values = []string{""}
				if k.Match(conversation.Conversation{}) {
					t.Error("no external id is an empty one")
				}
			}
		})
	}
}

func TestNeedsMembers(t *testing.T) {
	t.Parallel()

	name := query.Condition{Field: query.Name, Op: query.Equal, Values: []string{"a"}}
	email := query.Condition{Field: query.Email, Op: query.Equal, Values: []string{"a"}}
	if (query.Query{Filter: query.Filter{name}}).NeedsMembers() || !(query.Query{Filter: query.Filter{name, email}}).NeedsMembers() {
		t.Error("NeedsMembers is not whether an address is compared")
	}
}

func TestMatchAny(t *testing.T) {
	t.Parallel()

	if !(query.Query{}).Match(conversation.Conversation{}) {
		t.Error("the zero query does not match")
	}
}

// TestMatchNumbers compares by value only what are decimal numbers both.
func TestMatchNumbers(t *testing.T) {
	t.Parallel()

	for _, less := range [][2]string{
		{"9", "10"},
		{"-10", "-9"},
		{"-1", "0"},
		{"-0.5", "-0.25"},
		{"1.25", "1.3"},
		{"007", "8"},
		{"9.99", "10"},
		{"9007199254740992", "9007199254740993"},
		{"99999999999999999999", "100000000000000000000.5"},
		{"10", "9a"},
		{"1e1", "9"},
		{"+9", "10"},
		{"10", "9."},
		{".5", "10"},
		{"", "0"},
		{"--2", "-1"},
		{"-", "0"},
		{"1.2.3", "1.3"},
		{"١", "٢"},
	} {
		for i, text := range less {
			c := conversation.Conversation{Metadata: map[string]string{"n": text}}
			k := query.Condition{Field: query.Metadata, Name: "n", Values: []string{less[1-i]}}
			for op, want := range map[query.Op]bool{query.Less: i == 0, query.LessEqual: i == 0, query.Greater: i == 1, query.GreaterEqual: i == 1} {
				k.Op = op
				if got := k.Match(c); got != want {
					t.Errorf("%q %s %q = %t, want %t", text, op, less[1-i], got, want)
				}
			}
		}
	}
	for _, equal := range [][2]string{{"1", "1.0"}, {"-0", "0"}, {"007", "7.00"}, {"0.10", "00.1"}} {
		c := conversation.Conversation{Metadata: map[string]string{"n": equal[0]}}
		k := query.Condition{Field: query.Metadata, Name: "n", Values: []string{equal[1]}}
		for op, want := range map[query.Op]bool{query.LessEqual: true, query.GreaterEqual: true, query.Less: false, query.Equal: false} {
			k.Op = op
			if got := k.Match(c); got != want {
				t.Errorf("%q %s %q = %t, want %t", equal[0], op, equal[1], got, want)
			}
		}
	}
}
