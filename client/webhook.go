package client

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/webhookverify"
)

// ErrForged reports that a webhook is not signed with the secret, or that its
// time is more than five minutes off. Answer it with 401.
var ErrForged = errors.New("the webhook carries no good signature")

// An Event is the content of a webhook: a job has reached a status.
type Event struct {
	ID             string    `json:"-"` // the same for all attempts to deliver the event, another one for another body
	JobID          string    `json:"jobId"`
	ConversationID string    `json:"conversationId"`
	Status         Status    `json:"status"`
	Sequence       int64     `json:"sequence"` // 1, 2, 3 of the job; drop events whose number is not above the last one
	OccurredAt     time.Time `json:"occurredAt"`
}

// VerifyWebhook returns the event of a request, from its header and the bytes of
// its body, if it is signed with one of the secrets, or the public keys, whsec_… or
// whpk_…. There are two while one is replaced. Otherwise the error is [ErrForged].
//
// An event may arrive more than once: keep the last Sequence of each job, drop
// events whose number is not above it, and answer 2xx all the same. The
// middleware of package webhookverify does that.
func VerifyWebhook(header http.Header, body []byte, secrets ...string) (Event, error) {
	verifier, err := webhookverify.New(secrets, webhookverify.Options{})
	if err != nil {
		return Event{}, fmt.Errorf("verify a webhook: %w", err)
	}
	e, err := verifier.Verify(header, body)
	switch {
	case errors.Is(err, webhookverify.ErrUnverified):
		return Event{}, fmt.Errorf("%w: %w", ErrForged, err)
	case err != nil:
		return Event{}, fmt.Errorf("read the event of a webhook: %w", err)
	default:
		return Event{
			ID: e.ID, JobID: e.JobID, ConversationID: e.ConversationID, Status: Status(e.Status), Sequence: e.Sequence, OccurredAt: e.OccurredAt,
		}, nil
	}
}
