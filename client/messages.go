package client

import (
	"context"
	"time"
)

// MessageOptions says what to add to messages.
type MessageOptions struct {
	Words     bool // the words, each with its time
	Sentiment bool // of each, if the service has it
}

// A Message is one sentence of a conversation.
type Message struct {
	ID             string     `json:"id"`
	Text           string     `json:"text"`
	From           Member     `json:"from"` // empty if nobody was named
	Start          time.Time  `json:"startTime"`
	End            time.Time  `json:"endTime"`
	TimeOffset     float64    `json:"timeOffset"` // seconds since the conversation's start
	Duration       float64    `json:"duration"`   // seconds
	ConversationID string     `json:"conversationId"`
	Phrases        []Phrase   `json:"phrases"`
	Sentiment      *Sentiment `json:"sentiment,omitempty"`
	Words          []Word     `json:"words,omitempty"`
}

// A Phrase is a part of a message that calls for action.
type Phrase struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// A Sentiment says whether a text is positive or negative.
type Sentiment struct {
	Polarity struct {
		Score float64 `json:"score"` // -1 to 1
	} `json:"polarity"`
	Suggested string `json:"suggested"` // "positive", "neutral" or "negative"
}

// A Word is a word of a message.
type Word struct {
	Word       string    `json:"word"`
	Start      time.Time `json:"startTime"`
	End        time.Time `json:"endTime"`
	TimeOffset float64   `json:"timeOffset"`
	Duration   float64   `json:"duration"`
}

// Messages returns all messages of a conversation, in the order in which they
// were accepted.
func (c *Client) Messages(ctx context.Context, conversationID string, opts MessageOptions) ([]Message, error) {
	list, err := get[struct {
		Messages []Message `json:"messages"`
	}](ctx, c, flags(map[string]bool{"verbose": opts.Words, "sentiment": opts.Sentiment}), "v1", "conversations", conversationID, "messages")
	return list.Messages, err
}
