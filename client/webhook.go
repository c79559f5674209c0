package client

import (
	"context"
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

// A WebhookSecret signs the webhooks of the account.
type WebhookSecret struct {
	ID        string    `json:"id"`
	Scheme    string    `json:"scheme"`           // v1 or v1a
	Source    string    `json:"source"`           // api or configuration
	Secret    string    `json:"secret,omitempty"` // when it is made, and never again; not of v1a
	PublicKey string    `json:"publicKey"`        // of v1a
	CreatedAt time.Time `json:"createdAt,omitzero"`
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
}

// WebhookSecrets returns the secrets that sign, without showing them.
func (c *Client) WebhookSecrets(ctx context.Context) ([]WebhookSecret, error) {
	list, err := get[struct {
		Secrets []WebhookSecret `json:"secrets"`
	}](ctx, c, nil, "v1", "webhooks", "secrets")
	return list.Secrets, err
}

// RotateWebhookSecret makes a secret of a scheme, v1 or v1a. The others sign beside it for
// the overlap, which is in force when this returns.
func (c *Client) RotateWebhookSecret(ctx context.Context, scheme string, overlap time.Duration) (WebhookSecret, error) {
	return create[WebhookSecret](ctx, c, map[string]any{"scheme": scheme, "overlapSeconds": overlap.Seconds()}, "v1", "webhooks", "secrets")
}

// EndWebhookSecret ends a secret at once. The last one cannot be ended.
func (c *Client) EndWebhookSecret(ctx context.Context, id string) error {
	return remove(ctx, c, "v1", "webhooks", "secrets", id)
}
