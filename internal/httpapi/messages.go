package httpapi

import (
	"context"
	"math"

	"github.com/turnwise/turnwise/internal/conversation"
)

type messageView struct {
	ID             string         `json:"id"`
	Text           string         `json:"text"`
	From           person         `json:"from"`
	StartTime      string         `json:"startTime"`
	EndTime        string         `json:"endTime"`
	TimeOffset     float64        `json:"timeOffset"` // seconds since the conversation's start
	Duration       float64        `json:"duration"`   // seconds
	ConversationID string         `json:"conversationId"`
	Phrases        []phraseView   `json:"phrases"` // always there: clients loop over it
	Sentiment      *sentimentView `json:"sentiment,omitzero"`
	Words          []wordView     `json:"words,omitzero"` // there if asked for, be it empty
}

// A phraseView is part of a sentence that says what is to be done.
type phraseView struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

func phraseViews(phrases []string) []phraseView {
	views := make([]phraseView, len(phrases))
	for i, p := range phrases {
		views[i] = phraseView{"action_phrase", p}
	}
	return views
}

type sentimentView struct {
	Polarity struct {
		Score float64 `json:"score"`
	} `json:"polarity"`
	Suggested string `json:"suggested"`
}

// sentimentOf says what goes with the polarity as it is shown.
func sentimentOf(polarity float64) *sentimentView {
	shown := rounded(polarity)
	v := &sentimentView{Suggested: conversation.SentimentLabel(shown)}
	v.Polarity.Score = shown
	return v
}

// rounded is how scores look in answers: with three decimals, and no negative
// zero.
func rounded(score float64) float64 {
	if shown := math.Round(score*1000) / 1000; shown != 0 {
		return shown
	}
	return 0
}

// messages serves GET /v1/conversations/{id}/messages. What nothing has
// measured is left out rather than made up: the sentiment where an external
// analyzer worked, and the score of words, which is the confidence of a speech
// recogniser.
func (a *API) messages(ctx context.Context, x *exchange) (any, error) {
	flags, err := x.flags("verbose", "sentiment")
	if err != nil {
		return nil, err
	}
	c, stored, err := a.read(ctx, x)
	if err != nil {
		return nil, err
	}
	return struct {
		Messages []messageView `json:"messages"`
	}{messageViews(c, stored, flags)}, nil
}

// read returns the conversation that the path names, then its messages, and
// tags the answer. It returns [errCurrent] if the caller has that already.
func (a *API) read(ctx context.Context, x *exchange) (conversation.Conversation, []conversation.Message, error) {
	c, err := a.find(ctx, x)
	if err != nil {
		return c, nil, err
	}
	if err := x.fresh(c); err != nil {
		return c, nil, err
	}
	stored, err := a.deps.Conversations.Messages(x.lasting, x.account.ID, c.ID)
	return c, stored, err
}

func messageViews(c conversation.Conversation, stored []conversation.Message, flags map[string]bool) []messageView {
	people := peopleOf(c)
	views := make([]messageView, len(stored))
	for i, m := range stored {
		views[i] = messageView{
			ID:             m.ID,
			Text:           m.Text,
			From:           personOf(people[m.Member]),
			StartTime:      wireTime(m.Start),
			EndTime:        wireTime(m.End),
			TimeOffset:     seconds(m.Start.Sub(c.Start)),
			Duration:       seconds(m.End.Sub(m.Start)),
			ConversationID: c.ID,
			Phrases:        phraseViews(m.Phrases),
		}
		if flags["sentiment"] && m.Polarity != nil {
			views[i].Sentiment = sentimentOf(*m.Polarity)
		}
		if flags["verbose"] {
			views[i].Words = wordsOf(c, m)
		}
	}
	return views
}

// peopleOf returns the members by every id that messages may name them by.
func peopleOf(c conversation.Conversation) map[string]conversation.Member {
	people := make(map[string]conversation.Member, len(c.Members)+len(c.Merged))
	for _, m := range c.Members {
		people[m.ID] = m
	}
	for old, remains := range c.Merged {
		people[old] = people[remains]
	}
	return people
}
