package client

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Members returns who takes part in a conversation.
func (c *Client) Members(ctx context.Context, conversationID string) ([]Member, error) {
	list, err := get[struct {
		Members []Member `json:"members"`
	}](ctx, c, nil, "v1", "conversations", conversationID, "members")
	return list.Members, err
}

// UpdateMember gives the member with the ID of m its name and, if that is not
// empty, its e-mail address. A member that already has the address is merged
// with this one.
func (c *Client) UpdateMember(ctx context.Context, conversationID string, m Member) error {
	_, err := set[json.RawMessage](ctx, c, http.MethodPut, m, "v1", "conversations", conversationID, "members", m.ID)
	return err
}

// A SpeakerEvent says that somebody started or stopped speaking, and when.
type SpeakerEvent struct {
	Stopped bool // started if false
	User    Member
	Offset  time.Duration // since the start of the conversation
}

// MarshalJSON writes the event in the form of the API.
func (e SpeakerEvent) MarshalJSON() ([]byte, error) {
	type offset struct {
		Seconds int64 `json:"seconds"`
		Nanos   int64 `json:"nanos"`
	}
	kind := "started_speaking"
	if e.Stopped {
		kind = "stopped_speaking"
	}
	return json.Marshal(struct {
		Type   string `json:"type"`
		User   Member `json:"user"`
		Offset offset `json:"offset"`
	}{kind, e.User, offset{int64(e.Offset / time.Second), int64(e.Offset % time.Second)}})
}

// SetSpeakers says who spoke when, and so who said what.
func (c *Client) SetSpeakers(ctx context.Context, conversationID string, events []SpeakerEvent) error {
	body := map[string][]SpeakerEvent{"speakerEvents": events}
	_, err := set[json.RawMessage](ctx, c, http.MethodPut, body, "v1", "conversations", conversationID, "speakers")
	return err
}
