package client

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// An Append is text for a conversation. Only Messages is required.
type Append struct {
	Messages   []NewMessage      `json:"messages"`
	Name       string            `json:"name,omitempty"`       // of the conversation; replaces an earlier one
	Metadata   map[string]string `json:"metadata,omitempty"`   // of the conversation; replaces an earlier one
	StartTime  time.Time         `json:"startTime,omitzero"`   // of the text, if its messages have no times
	WebhookURL string            `json:"webhookUrl,omitempty"` // where the changes of the job's status go

	WebhookEvents []Status `json:"webhookEvents,omitempty"` // of which it is told; as the account has it if empty

	ConfidenceThreshold *float64      `json:"confidenceThreshold,omitempty"` // 0 to 1; nil is 0.5
	DetectPhrases       bool          `json:"detectPhrases,omitempty"`
	DetectEntities      bool          `json:"detectEntities,omitempty"`
	Entities            []EntityMatch `json:"entities,omitempty"` // to be found besides the usual ones
	EnableSummary       bool          `json:"enableSummary,omitempty"`
	EnableAllTrackers   bool          `json:"enableAllTrackers,omitempty"` // those that are saved
	Trackers            []Tracker     `json:"trackers,omitempty"`          // saved ones by ID, others by Name and Vocabulary

	// IdempotencyKey makes the append take effect once per key and day,
	// whoever repeats it. If it is empty, a random one is used for all tries
	// of one call.
	IdempotencyKey string `json:"-"`
}

// A NewMessage is a message to append.
type NewMessage struct {
	Content    string // one sentence or many
	From       Speaker
	Start, End time.Time // if zero, it follows the message before it
}

// MarshalJSON writes the message in the nested form of the API.
func (m NewMessage) MarshalJSON() ([]byte, error) {
	type payload struct {
		Content string `json:"content"`
	}
	type duration struct {
		Start time.Time `json:"startTime,omitzero"`
		End   time.Time `json:"endTime,omitzero"`
	}
	return json.Marshal(struct {
		Payload  payload  `json:"payload"`
		From     Speaker  `json:"from,omitzero"`
		Duration duration `json:"duration,omitzero"`
	}{payload{m.Content}, m.From, duration{m.Start, m.End}})
}

// A Speaker is the author of a message. UserID, ID and Name, in this order,
// identify the same speaker in later appends.
type Speaker struct {
	ID     string `json:"id,omitempty"`
	UserID string `json:"userId,omitempty"` // preferably an e-mail address
	Name   string `json:"name,omitempty"`
}

// An EntityMatch is an entity to be found in the text of one append.
type EntityMatch struct {
	CustomType string `json:"customType"`      // its name
	Text       string `json:"text"`            // what to look for
	Value      string `json:"value,omitempty"` // its meaning; Text if empty
}

// A Receipt says that an append was accepted: it takes effect once, or its job
// fails.
type Receipt struct {
	ConversationID string `json:"conversationId"`
	JobID          string `json:"jobId"`
}

// SubmitText starts a conversation.
func (c *Client) SubmitText(ctx context.Context, a Append) (Receipt, error) {
	return c.submit(ctx, a, Request{Method: http.MethodPost, Path: []string{"v1", "process", "text"}})
}

// AppendText appends to a conversation, after everything accepted for it
// before.
func (c *Client) AppendText(ctx context.Context, conversationID string, a Append) (Receipt, error) {
	return c.submit(ctx, a, Request{Method: http.MethodPut, Path: []string{"v1", "process", "text", conversationID}})
}

func (c *Client) submit(ctx context.Context, a Append, r Request) (Receipt, error) {
	r.IdempotencyKey = cmp.Or(a.IdempotencyKey, rand.Text())
	receipt, err := send[Receipt](ctx, c, r, a)
	if err == nil && receipt.JobID == "" {
		return receipt, fmt.Errorf("%w: %s names no job", ErrNotAPI, r)
	}
	return receipt, err
}
