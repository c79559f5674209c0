package console

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
)

// Whatever was found, the spans put together are the text.
func TestSpansOf(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		m    conversation.Message
		want []span
	}{
		{"nothing", conversation.Message{Text: "Hi."}, []span{{Text: "Hi."}}},
		{"an entity behind letters of several bytes", conversation.Message{
			Text: "Grüße an Zoë!", Entities: []conversation.Entity{{Type: "person", Text: "Zoë", Offset: 9}},
		}, []span{{Text: "Grüße an "}, {"Zoë", "entity", "person"}, {Text: "!"}}},
		{"the longer of two, and one with a value", conversation.Message{
			Text:     "Call me today at 10",
			Entities: []conversation.Entity{{Type: "date", Text: "today", Value: "2026-11-29", Offset: 8}},
			Phrases:  []string{"Call me today"},
		}, []span{{"Call me today", "phrase", "action phrase"}, {Text: " at 10"}}},
		{"a tracker in other case", conversation.Message{
			Text: "A REFUND, please", Matches: []conversation.Match{{Name: "Money", Term: "refund", Offset: 2}},
		}, []span{{Text: "A "}, {"REFUND", "tracker", "tracker Money"}, {Text: ", please"}}},
		{"places that are not there", conversation.Message{
			Text:     "short",
			Entities: []conversation.Entity{{Type: "x", Text: "long", Offset: 99}, {Type: "x", Text: "other", Offset: 0}, {Type: "x", Text: "", Offset: 1}},
			Matches:  []conversation.Match{{Name: "similar", Offset: -1}},
		}, []span{{Text: "short"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := spansOf(tt.m)
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
			var whole strings.Builder
			for _, s := range got {
				whole.WriteString(s.Text)
			}
			if whole.String() != tt.m.Text {
				t.Errorf("together they are %q, want %q", whole.String(), tt.m.Text)
			}
		})
	}
}
