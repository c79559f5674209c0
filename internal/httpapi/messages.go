package httpapi

import (
	"context"

	"github.com/turnwise/turnwise/internal/conversation"
)

type messageView struct {
	ID             string     `json:"id"`
	Text           string     `json:"text"`
	From           person     `json:"from"`
	StartTime      string     `json:"startTime"`
	EndTime        string     `json:"endTime"`
	TimeOffset     float64    `json:"timeOffset"` // seconds since the conversation's start
	Duration       float64    `json:"duration"`   // seconds
	ConversationID string     `json:"conversationId"`
	Phrases        []struct{} `json:"phrases"` // always there: clients loop over it
}

// messages serves GET /v1/conversations/{id}/messages. It takes the documented
// parameters; verbose would add the words of speech, which text has not.
func (a *API) messages(ctx context.Context, x *exchange) (any, error) {
	query, err := queryOf(x.r.URL)
	if err != nil {
		return nil, err
	}
	for _, name := range [...]string{"verbose", "sentiment"} {
		if _, err := boolParam(query, name); err != nil {
			return nil, err
		}
	}
	c, err := a.find(ctx, x)
	if err != nil {
		return nil, err
	}
	stored, err := a.deps.Conversations.Messages(ctx, x.account.ID, c.ID)
	if err != nil {
		return nil, err
	}
	return struct {
		Messages []messageView `json:"messages"`
	}{messageViews(c, stored)}, nil
}

func messageViews(c conversation.Conversation, stored []conversation.Message) []messageView {
	people := make(map[string]person, len(c.Members))
	for _, m := range c.Members {
		people[m.ID] = personOf(m)
	}
	views := make([]messageView, len(stored))
	for i, m := range stored {
		views[i] = messageView{
			ID:             m.ID,
			Text:           m.Text,
			From:           people[m.Member],
			StartTime:      wireTime(m.Start),
			EndTime:        wireTime(m.End),
			TimeOffset:     seconds(m.Start.Sub(c.Start)),
			Duration:       seconds(m.End.Sub(m.Start)),
			ConversationID: c.ID,
		}
	}
	return views
}
