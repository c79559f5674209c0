package symbl

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/conversations"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
)

type messageView struct {
	ID             string                   `json:"id"`
	Text           string                   `json:"text"`
	From           conversations.Person     `json:"from"`
	StartTime      string                   `json:"startTime"`
	EndTime        string                   `json:"endTime"`
	TimeOffset     float64                  `json:"timeOffset"` // seconds since the conversation's start
	Duration       float64                  `json:"duration"`   // seconds
	ConversationID string                   `json:"conversationId"`
	Phrases        []conversations.Phrase   `json:"phrases"` // always there: clients loop over it
	Sentiment      *conversations.Sentiment `json:"sentiment,omitzero"`
	Words          []conversations.Word     `json:"words,omitzero"` // there if asked for, be it empty
}

// messages serves GET /v1/conversations/{id}/messages. Values that nothing has
// measured are left out: the sentiment after an external analyzer, and the score of
// words, which is the confidence of a speech recogniser.
func (h *handlers) messages(ctx context.Context, x *edge.Exchange) (any, error) {
	flags, err := input.Flags(x.Request.URL, "verbose", "sentiment")
	if err != nil {
		return nil, err
	}
	c, stored, err := h.Conversations.Read(ctx, x)
	if err != nil {
		return nil, err
	}
	return struct {
		Messages []messageView `json:"messages"`
	}{messageViews(c, stored, flags)}, nil
}

func messageViews(c conversation.Conversation, stored []conversation.Message, flags map[string]bool) []messageView {
	people := conversations.MembersByID(c)
	views := make([]messageView, len(stored))
	for i, m := range stored {
		views[i] = messageView{
			ID:             m.ID,
			Text:           m.Text,
			From:           conversations.PersonOf(people[m.Member]),
			StartTime:      edge.FormatTime(m.Start),
			EndTime:        edge.FormatTime(m.End),
			TimeOffset:     edge.Seconds(m.Start.Sub(c.Start)),
			Duration:       edge.Seconds(m.End.Sub(m.Start)),
			ConversationID: c.ID,
			Phrases:        conversations.PhrasesOf(m.Phrases),
		}
		if flags["sentiment"] && m.Polarity != nil {
			views[i].Sentiment = conversations.SentimentOf(*m.Polarity)
		}
		if flags["verbose"] {
			views[i].Words = conversations.WordsOf(c, m)
		}
	}
	return views
}
