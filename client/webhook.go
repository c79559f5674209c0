package client

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
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
// its body, if it is signed with one of the secrets. There are two secrets while
// one is replaced. Otherwise the error is [ErrForged].
//
// An event may arrive more than once: keep the last Sequence of each job, drop
// events whose number is not above it, and answer 2xx all the same.
func VerifyWebhook(header http.Header, body []byte, secrets ...string) (Event, error) {
	if len(secrets) == 0 {
		return Event{}, errors.New("verify a webhook: there is no secret to do it with")
	}
	forged := ErrForged
	for _, secret := range secrets {
		verifier, err := newVerifier(secret)
		if err != nil {
			return Event{}, err
		}
		err = verifier.Verify(body, header)
		if err == nil {
			return readEvent(header, body)
		}
		forged = fmt.Errorf("%w: %w", ErrForged, err)
	}
	return Event{}, forged
}

// newVerifier reads a secret. It refuses an empty or short one, with which
// anybody could sign.
func newVerifier(secret string) (*standardwebhooks.Webhook, error) {
	encoded, prefixed := strings.CutPrefix(secret, "whsec_")
	key, err := base64.StdEncoding.DecodeString(encoded)
	if !prefixed || err != nil || len(key) < 24 {
		return nil, errors.New("verify a webhook: a secret must be whsec_ followed by 24 bytes or more in base64")
	}
	return standardwebhooks.NewWebhookRaw(key)
}

func readEvent(header http.Header, body []byte) (Event, error) {
	event := Event{ID: header.Get(standardwebhooks.HeaderWebhookID)}
	if err := json.Unmarshal(body, &event); err != nil {
		return Event{}, fmt.Errorf("read the event of a webhook: %w", err)
	}
	return event, nil
}
