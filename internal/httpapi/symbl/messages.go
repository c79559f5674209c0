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
	part, err := conversations.PartOf(x.Request.URL, "messages")
	if err != nil {
		return nil, err
	}
	c, err := h.Conversations.Revalidated(ctx, x)
	if err != nil {
		return nil, err
	}
	if err := x.Admit(edge.Reading); err != nil {
		return nil, err
	}
	return conversations.Stream[conversation.Message, messageView]{
		Part:  part,
		Items: edge.InTurns(x, h.Conversations.Store.EachMessage(x.Reading(), x.Account.ID, c.ID, part.From)),
		View:  messageViewer(c, flags, x.Account.StrictTypes),
	}, nil
}

// messageViewer returns what makes the views of the messages of a conversation.
func messageViewer(c conversation.Conversation, flags map[string]bool, strict bool) func(conversation.Message) (messageView, bool) {
	people := conversations.MembersByID(c)
	return func(m conversation.Message) (messageView, bool) {
		v := messageView{
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
		if strict { // Symbl's Go SDK decodes phrases as strings
			v.Phrases = []conversations.Phrase{}
		}
		if flags["sentiment"] && m.Polarity != nil {
			v.Sentiment = conversations.SentimentOf(*m.Polarity)
		}
		if flags["verbose"] {
			v.Words = conversations.WordsOf(c, m)
		}
		return v, true
	}
}
