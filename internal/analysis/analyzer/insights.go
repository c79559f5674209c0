package analyzer

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// defaultThreshold is the confidence below which an insight is dropped unless
// the job says otherwise.
const defaultThreshold = 0.5

// A finding is an insight as the analyzer answers it.
type finding struct {
	ID         string   `json:"id"`
	Type       string   `json:"type"`
	Text       string   `json:"text"`
	Score      *float64 `json:"score"`
	MessageIDs []string `json:"messageIds"`
}

// readInsights returns the insights of an answer, less those of too little
// confidence. One flaw refuses the whole answer: an analyzer that gets one
// insight wrong is not to be half believed.
func readInsights(answer []byte, t jobs.Task, sentences []analysis.Sentence) ([]analysis.Insight, error) {
	var body struct {
		Insights []finding `json:"insights"`
	}
	if err := json.Unmarshal(answer, &body); err != nil {
		return nil, notJSON(err)
	}
	if most := min(analysis.MaxItems, maxInsights*len(sentences)); len(body.Insights) > most {
		return nil, broken("it has %d insights, and %d at most are taken for the %d messages of the job", len(body.Insights), most, len(sentences))
	}
	threshold := defaultThreshold
	if c := t.Input.Options.ConfidenceThreshold; c != nil {
		threshold = *c
	}
	messages := make(map[string]bool, len(sentences))
	for _, s := range sentences {
		messages[s.ID] = true
	}
	ids := make(map[string]bool, len(body.Insights))
	var insights []analysis.Insight
	for i, f := range body.Insights {
		in := f.insight(t.JobID, i)
		if err := check(in, i, messages); err != nil {
			return nil, err
		}
		if ids[in.ID] {
			return nil, broken("insights[%d].id %s stands for another insight already", i, in.ID)
		}
		ids[in.ID] = true
		if in.Score >= threshold {
			insights = append(insights, in)
		}
	}
	return insights, nil
}

// insight fills in what the analyzer may leave out.
func (f finding) insight(jobID string, n int) analysis.Insight {
	in := analysis.Insight{ID: f.ID, Type: f.Type, Text: strings.TrimSpace(f.Text), Score: 1, MessageIDs: f.MessageIDs}
	if f.Score != nil {
		in.Score = *f.Score
	}
	if in.ID == "" {
		in.ID = conversation.MessageID(jobID+"/insights", n)
	}
	return in
}

func check(in analysis.Insight, n int, messages map[string]bool) error {
	switch in.Type {
	case "question", "action_item", "follow_up":
	default:
		return broken("insights[%d].type is %q, not question, action_item or follow_up", n, in.Type)
	}
	switch {
	case !conversation.ValidID(in.ID):
		return broken("insights[%d].id is %q, not 1 to 20 decimal digits", n, in.ID)
	case in.Text == "":
		return broken("insights[%d].text is missing", n)
	case strings.Contains(in.Text, "\x00"):
		return broken("insights[%d].text contains the character NUL", n)
	case len(in.Text) > maxInsightBytes:
		return broken("insights[%d].text has %d bytes, more than %d", n, len(in.Text), maxInsightBytes)
	case in.Score < 0 || in.Score > 1:
		return broken("insights[%d].score is %v, not between 0 and 1", n, in.Score)
	case len(in.MessageIDs) == 0:
		return broken("insights[%d].messageIds is missing", n)
	}
	for i, id := range in.MessageIDs {
		if !messages[id] {
			return broken("insights[%d].messageIds[%d] is %q, no message of this job", n, i, id)
		}
	}
	return nil
}

// notJSON names what the decoder stumbled over, without words of Go.
func notJSON(err error) error {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if e.Field == "" {
			return broken("it is a JSON %s, not an object", e.Value)
		}
		return broken("%s cannot be a JSON %s", e.Field, e.Value)
	}
	return broken("it is not JSON")
}
