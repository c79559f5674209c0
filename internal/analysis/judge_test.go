package analysis_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// TestModelFindsTasks has what no rule sees, with who is to do it and its words, and what the
// model doubts.
func TestModelFindsTasks(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	tests := []struct{ text, want string }{
		{"You'll have the translation by Thursday noon.", `action_item "have the translation by Thursday noon" self`},
		{"My brother's picking up the skip on Saturday.", `action_item "picking up the skip on Saturday" My brother`},
		{"Pop round and see Mrs. Hale tomorrow.", `follow_up "Pop round and see Mrs. Hale tomorrow" Milan`},
		{"I think uh we we have to make uh good zap buttons.", ""}, // which a rule takes for a task
	}
	for _, tt := range tests {
		r := analyzed(e, analysis.Input{JobID: "7", AcceptedAt: monday, Utterances: []analysis.Utterance{
			{From: conversation.Speaker{Name: "Ann Lee"}, Text: tt.text},
			{From: conversation.Speaker{Name: "Milan"}, Text: "It was raining."},
		}})
		got := ""
		for _, in := range r.Insights {
			who := in.Assignee
			if in.Own {
				who = "self"
			}
			got += in.Type + ` "` + strings.Join(in.Phrases, "|") + `" ` + who
		}
		if got != tt.want {
			t.Errorf("%q: %s, want %s", tt.text, got, tt.want)
		}
	}
}

// TestAnswerTellsTask has what could be a task or not, which the answer tells.
func TestAnswerTellsTask(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	tests := []struct {
		text, who, answer string
		found             bool
	}{
		{"Oat milk as well.", "Milan", "Will do.", true},
		{"Oat milk as well.", "Milan", "It was raining.", false},
		{"Oat milk as well.", "Milan", "I will, but not today.", false},
		{"Oat milk as well.", "Ann", "Will do.", false}, // says it too
		{"The minutes to everyone by noon.", "Milan", "Consider it done.", true},
		{"It rained all night.", "Milan", "Will do.", false},
	}
	for _, tt := range tests {
		r := analyzed(e, analysis.Input{JobID: "7", AcceptedAt: monday, Utterances: []analysis.Utterance{
			{From: conversation.Speaker{Name: "Ann"}, Text: tt.text},
			{From: conversation.Speaker{Name: tt.who}, Text: tt.answer},
		}})
		if len(r.Insights) > 0 != tt.found || tt.found && r.Insights[0].Assignee != tt.who {
			t.Errorf("%q, %s: %q: %+v, found should be %v", tt.text, tt.who, tt.answer, r.Insights, tt.found)
		}
	}
}

// TestLongSentencesAreNotJudged has a sentence of orders that is too long for the model.
func TestLongSentencesAreNotJudged(t *testing.T) {
	t.Parallel()

	text := strings.Repeat("ask ", 200)
	if got := found(newEngine(t), text, analysis.Options{}); got != "" {
		t.Errorf("%s, want nothing", got)
	}
}
