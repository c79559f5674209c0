package client

import (
	"context"
	"encoding/json"
	"time"
)

// An Insight is a question, an action item or a follow-up in a conversation.
type Insight struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"` // "question", "action_item" or "follow_up"
	Text       string          `json:"text"`
	Score      float64         `json:"score"` // 0 to 1
	MessageIDs []string        `json:"messageIds"`
	From       Speaker         `json:"from"` // empty if nobody was named
	Phrases    []Phrase        `json:"phrases"`
	Entities   []InsightEntity `json:"entities"`
	Definitive bool            `json:"definitive"`
	Assignee   Member          `json:"assignee"`
	DueBy      time.Time       `json:"dueBy,omitzero"`
}

// An InsightEntity is a person or a time that an insight mentions.
type InsightEntity struct {
	Type   string          `json:"type"`
	Text   string          `json:"text"`
	Offset int             `json:"offset"` // characters into the text of the insight
	Value  json.RawMessage `json:"value"`  // a string or an object, by the type
	Start  string          `json:"start,omitempty"`
	End    string          `json:"end,omitempty"`
}

// Insights returns the questions, action items and follow-ups of a
// conversation in one list.
func (c *Client) Insights(ctx context.Context, conversationID string) ([]Insight, error) {
	return insights(ctx, c, conversationID, "insights", "insights")
}

// Questions returns the questions of a conversation.
func (c *Client) Questions(ctx context.Context, conversationID string) ([]Insight, error) {
	return insights(ctx, c, conversationID, "questions", "questions")
}

// ActionItems returns the action items of a conversation.
func (c *Client) ActionItems(ctx context.Context, conversationID string) ([]Insight, error) {
	return insights(ctx, c, conversationID, "action-items", "actionItems")
}

// FollowUps returns the follow-ups of a conversation.
func (c *Client) FollowUps(ctx context.Context, conversationID string) ([]Insight, error) {
	return insights(ctx, c, conversationID, "follow-ups", "followUps")
}

func insights(ctx context.Context, c *Client, conversationID, route, member string) ([]Insight, error) {
	lists, err := get[map[string][]Insight](ctx, c, nil, "v1", "conversations", conversationID, route)
	return lists[member], err
}
