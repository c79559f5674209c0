package client

import (
	"context"
	"time"
)

// A MessageRef points to where something was said. Of a text of more than 1,000
// characters it has the part around the place.
type MessageRef struct {
	ID     string    `json:"id"`
	Text   string    `json:"text"`
	Offset int       `json:"offset"` // characters into the text; -1 if it was said in other words
	Start  time.Time `json:"startTime,omitzero"`
	End    time.Time `json:"endTime,omitzero"`
}

// An InsightRef points to an insight about what was said.
type InsightRef struct {
	ID     string `json:"id"`
	Type   string `json:"type"` // as of an [Insight]
	Text   string `json:"text"`
	Offset int    `json:"offset"` // as of a [MessageRef]
}

// TopicOptions says what to add to topics.
type TopicOptions struct {
	Sentiment  bool     // how their messages sound
	Parents    bool     // broader topics
	Vocabulary []string // phrases that are topics wherever they occur; without commas
}

// A Topic is what a conversation is about.
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

// Topics returns what a conversation is about.
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

// A DetectedEntity is a person, a place, a date or the like that was named.
type DetectedEntity struct {
	Type        string       `json:"type"`
	SubType     string       `json:"subType"`
	CustomType  string       `json:"customType"` // if Type is "custom"
	Category    string       `json:"category"`
	Text        string       `json:"text"`  // as it first came up
	Value       string       `json:"value"` // what Text stands for
	Start       string       `json:"start"` // of ranges, as is End
	End         string       `json:"end"`
	MessageRefs []MessageRef `json:"messageRefs"`
}

// DetectedEntities returns what a conversation names. The appends must have
// asked for it.
func (c *Client) DetectedEntities(ctx context.Context, conversationID string) ([]DetectedEntity, error) {
	list, err := get[struct {
		Entities []DetectedEntity `json:"entities"`
	}](ctx, c, nil, "v1", "conversations", conversationID, "entities")
	return list.Entities, err
}

// A DetectedTracker is a tracker of which something was said.
type DetectedTracker struct {
	ID      string         `json:"id"`
	Name    string         `json:"name"`
	Matches []TrackerMatch `json:"matches"`
}

// A TrackerMatch is a term of a tracker, and where it was said.
type TrackerMatch struct {
	Type        string       `json:"type"` // "vocabulary"
	Value       string       `json:"value"`
	MessageRefs []MessageRef `json:"messageRefs"`
	InsightRefs []InsightRef `json:"insightRefs"`
}

// DetectedTrackers returns what trackers found in a conversation.
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

// Summary returns the summary of a conversation. It is [ErrNotFound] as long
// as the conversation has unfinished jobs.
func (c *Client) Summary(ctx context.Context, conversationID string) ([]SummaryItem, error) {
	list, err := get[struct {
		Summary []SummaryItem `json:"summary"`
	}](ctx, c, nil, "v1", "conversations", conversationID, "summary")
	return list.Summary, err
}
