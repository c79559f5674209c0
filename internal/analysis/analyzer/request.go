package analyzer

import (
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A request is the body that is posted.
type request struct {
	JobID          string           `json:"jobId"`
	ConversationID string           `json:"conversationId"`
	Attempt        int              `json:"attempt"`
	Options        analysis.Options `json:"options"`
	Messages       []message        `json:"messages"`
}

type message struct {
	ID        string               `json:"id"`
	Text      string               `json:"text"`
	From      conversation.Speaker `json:"from"`
	StartTime string               `json:"startTime"`
	EndTime   string               `json:"endTime"`
}

func newRequest(t jobs.Task, sentences []analysis.Sentence) request {
	messages := make([]message, len(sentences))
	for i, s := range sentences {
		messages[i] = message{
			ID:        s.ID,
			Text:      s.Text,
			From:      t.Input.Utterances[s.Utterance].From,
			StartTime: s.Start.Format(timeFormat),
			EndTime:   s.End.Format(timeFormat),
		}
	}
	return request{
		JobID:          t.JobID,
		ConversationID: t.ConversationID,
		Attempt:        t.Attempt,
		Options:        t.Input.Options,
		Messages:       messages,
	}
}

// timeFormat is that of the API: always three digits behind the second.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"
