package client

import "context"

// Analytics says how long each member spoke.
type Analytics struct {
	Metrics []Metric          `json:"metrics"`
	Members []MemberAnalytics `json:"members"`
}

// A Metric is a share of the conversation.
type Metric struct {
	Type    string  `json:"type"` // "total_silence", "total_talk_time" or "total_overlap"
	Percent float64 `json:"percent"`
	Seconds float64 `json:"seconds"`
}

// MemberAnalytics says how long a member spoke and listened.
type MemberAnalytics struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	UserID string `json:"userId"`
	Pace   struct {
		WPM float64 `json:"wpm"` // words per minute
	} `json:"pace"`
	TalkTime   Share `json:"talkTime"`
	ListenTime Share `json:"listenTime"`
}

// A Share is a part of the time of a conversation.
type Share struct {
	Percentage float64 `json:"percentage"`
	Seconds    float64 `json:"seconds"`
}

// Analytics returns how long each member of a conversation spoke.
func (c *Client) Analytics(ctx context.Context, conversationID string) (Analytics, error) {
	return get[Analytics](ctx, c, nil, "v1", "conversations", conversationID, "analytics")
}
