package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// A Conversation is a conversation without its messages.
type Conversation struct {
	ID       string            `json:"id"`
	Type     string            `json:"type"` // "meeting"
	Name     string            `json:"name"` // the ID if it was given none
	Start    time.Time         `json:"startTime,omitzero"`
	End      time.Time         `json:"endTime,omitzero"`
	Members  []Member          `json:"members"`
	Metadata map[string]string `json:"metadata"`

	// ETag changes whenever anything of the conversation does. It is for
	// ConversationUpdate.IfMatch, and empty in lists.
	ETag string `json:"-"`
	// Document is the JSON of the API, with members that this package does not
	// know.
	Document json.RawMessage `json:"-"`
}

// UnmarshalJSON reads a conversation and keeps the document.
func (c *Conversation) UnmarshalJSON(data []byte) error {
	type plain Conversation
	if err := json.Unmarshal(data, (*plain)(c)); err != nil {
		return err
	}
	c.Document = bytes.Clone(data)
	return nil
}

// A Member is somebody who takes part in a conversation.
type Member struct {
	ID    string `json:"id,omitempty"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// A ConversationUpdate says what to change of a conversation. Fields that are
// nil change nothing.
type ConversationUpdate struct {
	Name     *string           `json:"name,omitempty"` // "" removes it
	Start    *time.Time        `json:"startTime,omitempty"`
	End      *time.Time        `json:"endTime,omitempty"`
	Members  []Member          `json:"members,omitempty"` // are added or, if they are known, completed; none is removed
	Metadata map[string]string `json:"metadata,omitzero"` // replaces all of it; if empty, but not nil, removes all

	// IfMatch is the ETag of the conversation that the update is based on. If
	// the conversation has another one, nothing is changed and the error is
	// [ErrChanged]. If the answer to a try that took effect is lost, the error
	// of the next one is [ErrChanged] too.
	IfMatch string `json:"-"`
}

// Conversation returns a conversation.
func (c *Client) Conversation(ctx context.Context, id string) (Conversation, error) {
	return c.conversation(ctx, Request{Method: http.MethodGet, Path: []string{"v1", "conversations", id}})
}

// UpdateConversation changes a conversation and returns it with the changes.
func (c *Client) UpdateConversation(ctx context.Context, id string, u ConversationUpdate) (Conversation, error) {
	body, err := json.Marshal(u)
	if err != nil {
		return Conversation{}, fmt.Errorf("encode the update: %w", err)
	}
	return c.conversation(ctx, Request{
		Method:     http.MethodPut,
		Path:       []string{"v1", "conversations", id},
		Body:       body,
		IfMatch:    u.IfMatch,
		Repeatable: true,
	})
}

// DeleteConversation deletes a conversation and all that belongs to it, for
// good. Its unfinished jobs fail. If the answer to a try is lost, the next one
// may end in [ErrNotFound].
func (c *Client) DeleteConversation(ctx context.Context, id string) error {
	return remove(ctx, c, "v1", "conversations", id)
}

func (c *Client) conversation(ctx context.Context, r Request) (Conversation, error) {
	var found Conversation
	answer, err := c.Do(ctx, r)
	if err != nil {
		return found, err
	}
	if err := answer.decode(r, &found); err != nil {
		return found, err
	}
	found.ETag = answer.Header.Get("ETag")
	return found, nil
}

// Labels returns the labels of a conversation: names and values, separate from
// its metadata.
func (c *Client) Labels(ctx context.Context, id string) (map[string]string, error) {
	return c.labels(ctx, Request{Method: http.MethodGet, Path: []string{"v2", "conversations", id}})
}

// SetLabels replaces the labels of a conversation and returns the new ones.
func (c *Client) SetLabels(ctx context.Context, id string, labels map[string]string) (map[string]string, error) {
	if labels == nil {
		labels = map[string]string{} // null would change nothing
	}
	body, err := json.Marshal(map[string]any{"labels": labels})
	if err != nil {
		return nil, fmt.Errorf("encode the labels: %w", err)
	}
	return c.labels(ctx, Request{Method: http.MethodPut, Path: []string{"v2", "conversations", id}, Body: body, Repeatable: true})
}

func (c *Client) labels(ctx context.Context, r Request) (map[string]string, error) {
	resource, err := call[struct {
		Attributes struct {
			Labels map[string]string `json:"labels"`
		} `json:"attributes"`
	}](ctx, c, r)
	return resource.Attributes.Labels, err
}
