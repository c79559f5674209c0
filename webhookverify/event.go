package webhookverify

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// An Event is what a webhook tells: a job has reached a status.
type Event struct {
	ID             string    `json:"-"` // the same for all attempts at the event, another one for another body
	JobID          string    `json:"jobId"`
	ConversationID string    `json:"conversationId"`
	Status         string    `json:"status"`   // scheduled, in_progress, completed or failed
	Sequence       int64     `json:"sequence"` // 1, 2, 3 … of the job
	OccurredAt     time.Time `json:"occurredAt"`

	SentAt time.Time `json:"-"` // when this attempt was made, to the second
	Replay bool      `json:"-"` // it was given up once, and somebody has had it sent again

	// Last is the highest sequence of the job that the [Ledger] had, 0 if there is
	// none. If Sequence is more than one above it, those between were given up, or
	// are yet to come because they are sent again.
	Last int64 `json:"-"`
}

// read takes the event out of a body.
func (e *Event) read(body []byte) error {
	if err := json.Unmarshal(body, e); err != nil {
		return fmt.Errorf("%w: %w", ErrNoEvent, err)
	}
	if e.JobID == "" || e.Sequence <= 0 {
		return fmt.Errorf("%w: it has no jobId, or no sequence", ErrNoEvent)
	}
	return nil
}

// inContext is the key of the event in the context of a request.
type inContext struct{}

// FromContext returns the event of a request that has passed the middleware.
func FromContext(ctx context.Context) (Event, bool) {
	e, found := ctx.Value(inContext{}).(Event)
	return e, found
}
