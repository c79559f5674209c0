package client

import (
	"context"
	"time"
)

// A MessageRef is a place in a message. Of a text of more than 1,000 characters
// it has the part around the place.
type MessageRef struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	Offset int       `json:"offset"` // characters into the text; -1 if the text has other words
	Start  time.Time `json:"startTime,omitzero"`
	End    time.Time `json:"endTime,omitzero"`
}

// An InsightRef is a place in an insight.
type InsightRef struct {
	ID     string `json:"id"`
	Type   string `json:"type"` // as of an [Insight]
	Text   string `json:"text"`
	Offset int    `json:"offset"` // as of a [MessageRef]
}

// TopicOptions says what to add to topics.
type TopicOptions struct {
	Sentiment  bool     // of their messages
	Parents    bool     // broader topics
	Vocabulary []string // phrases that are topics wherever they occur; without commas
}

// A Topic is a subject of a conversation.
type Topic struct {
	ID         string     `json:"id"`
	Text       string     `json:"text"`
	Type       string     `json:"type"`
	Score      float64    `json:"score"`
	MessageIDs []string   `json:"messageIds"`
	Sentiment  *Sentiment `json:"sentiment,omitempty"`
	ParentRefs []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"parentRefs"`
}

// Topics returns the topics of a conversation.
func (c *Client) Topics(ctx context.Context, conversationID string, opts TopicOptions) ([]Topic, error) {
	query := flags(map[string]bool{"sentiment": opts.Sentiment, "parentRefs": opts.Parents})
	if len(opts.Vocabulary) > 0 {
		query["customTopicVocabulary"] = opts.Vocabulary
	}
	list, err := get[struct {
		Topics []Topic `json:"topics"`
	}](ctx, c, query, "v1", "conversations", conversationID, "topics")
	return list.Topics, err
}

// A DetectedEntity is a person, a place, a date or the like in a conversation.
type DetectedEntity struct {
	Type        string       `json:"type"`
	SubType     string       `json:"subType"`
	CustomType  string       `json:"customType"` // if Type is "custom"
	Category    string       `json:"category"`
	Text        string       `json:"text"`  // of its first mention
	Value       string       `json:"value"` // what Text stands for
	Start       string       `json:"start"` // of ranges, as is End
	End         string       `json:"end"`
	MessageRefs []MessageRef `json:"messageRefs"`
}

// DetectedEntities returns the entities in a conversation, of appends that have
// DetectEntities set.
func (c *Client) DetectedEntities(ctx context.Context, conversationID string) ([]DetectedEntity, error) {
	list, err := get[struct {
		Entities []DetectedEntity `json:"entities"`
	}](ctx, c, nil, "v1", "conversations", conversationID, "entities")
	return list.Entities, err
}

// A DetectedTracker is a tracker with matches in a conversation.
type DetectedTracker struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Matches []TrackerMatch `json:"matches"`
}

// A TrackerMatch is a term of a tracker, and the places where it is.
type TrackerMatch struct {
	Type        string       `json:"type"` // "vocabulary"
	Value       string       `json:"value"`
	MessageRefs []MessageRef `json:"messageRefs"`
	InsightRefs []InsightRef `json:"insightRefs"`
}

// DetectedTrackers returns the trackers with matches in a conversation.
func (c *Client) DetectedTrackers(ctx context.Context, conversationID string) ([]DetectedTracker, error) {
	return get[[]DetectedTracker](ctx, c, nil, "v1", "conversations", conversationID, "trackers-detected")
}

// A SummaryItem is a sentence of a summary.
type SummaryItem struct {
	ID          string       `json:"id"`
	Text        string       `json:"text"`
	MessageRefs []MessageRef `json:"messageRefs"` // with IDs alone
	Start       time.Time    `json:"startTime"`
	End         time.Time    `json:"endTime"`
}

// Summary returns the summary of a conversation. The error is [ErrNotFound]
// while the conversation has unfinished jobs.
func (c *Client) Summary(ctx context.Context, conversationID string) ([]SummaryItem, error) {
	list, err := get[struct {
		Summary []SummaryItem `json:"summary"`
	}](ctx, c, nil, "v1", "conversations", conversationID, "summary")
	return list.Summary, err
}
