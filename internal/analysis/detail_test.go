package analysis_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// TestDetail compares what is filled in with what the engine itself tells of
// the same sentences.
func TestDetail(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	in := analysis.Input{JobID: "j", AcceptedAt: time.Date(2026, 8, 3, 8, 0, 0, 0, time.UTC), Utterances: []analysis.Utterance{
		{From: conversation.Speaker{Name: "Ann"}, Text: "I will send the invoice to Globex by Friday. The weather is fine in Paris."},
		{From: conversation.Speaker{Name: "Bob"}, Text: "Ann, please call Globex tomorrow at 5 pm."},
	}, Options: analysis.Options{TimezoneOffset: new(120.0)}}
	own := analyzed(e, in)
	if len(own.Insights) != 2 || own.Insights[0].DueBy.IsZero() || own.Insights[1].DueBy.IsZero() {
		t.Fatalf("insights %+v, which this test is not about", own.Insights)
	}
	var found []analysis.Insight
	for _, in := range own.Insights {
		found = append(found, analysis.Insight{ID: "7", Type: in.Type, MessageIDs: in.MessageIDs, Assignee: "Carl", Phrases: []string{"do"}})
	}
	found = append(found, analysis.Insight{MessageIDs: []string{own.Sentences[1].ID}, Phrases: []string{"do"}})
	e.Detail(in, own.Sentences, found)
	for i, w := range own.Insights {
		got := found[i]
		if !reflect.DeepEqual(got.Entities, w.Entities) || !reflect.DeepEqual(got.Phrases, w.Phrases) || !got.DueBy.Equal(w.DueBy) {
			t.Errorf("Detail = %+v, want entities, phrases and time of %+v", got, w)
		}
		if got.ID != "7" || got.Assignee != "Carl" {
			t.Errorf("Detail = %+v, want the rest as it was", got)
		}
	}
	if got := found[2]; !reflect.DeepEqual(got.Phrases, []string{"do"}) || !got.DueBy.IsZero() || len(got.Entities) != 1 {
		t.Errorf("Detail of a sentence that is no task = %+v, want Paris, and its phrase as it was", got)
	}
}
