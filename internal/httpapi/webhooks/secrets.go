package webhooks

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/input"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

// The overlap of a secret and the one that replaces it.
const (
	usualOverlap   = 24 * time.Hour
	longestOverlap = 30 * 24 * time.Hour
)

// Secrets has what the webhooks of accounts are signed with, with the errors of
// package keyring.
type Secrets interface {
	List(ctx context.Context, account string) ([]keyring.Info, error)
	Rotate(ctx context.Context, account string, scheme webhook.Scheme, overlap time.Duration) (keyring.Made, error)
	End(ctx context.Context, account, id string) error
}

var (
	errNoSecret  = edge.Refuse(http.StatusNotFound, "The secretId is either invalid or does not exist.")
	errLast      = edge.Refuse(http.StatusConflict, "It is the only secret that signs your webhooks, and they are never sent unsigned. Make another one first.")
	errFull      = edge.Refuse(http.StatusConflict, "You have %d webhook secrets that still sign, which is the limit. End one of them first, or wait until one expires.", keyring.MaxSecrets)
	errElsewhere = edge.Refuse(http.StatusNotImplemented, "Webhook secrets are not known here. Ask the API of a worker.")
)

// secretView is a secret as it is listed.
type secretView struct {
	ID        string         `json:"id"`
	Scheme    webhook.Scheme `json:"scheme"`
	Source    string         `json:"source"`
	Secret    string         `json:"secret,omitempty"` // when it is made only
	PublicKey string         `json:"publicKey,omitempty"`
	CreatedAt string         `json:"createdAt,omitempty"`
	ExpiresAt string         `json:"expiresAt,omitempty"`
}

func viewOf(i keyring.Info) secretView {
	v := secretView{ID: i.ID, Scheme: i.Scheme, Source: "api", PublicKey: i.Public, CreatedAt: edge.FormatTime(i.CreatedAt), ExpiresAt: edge.FormatTime(i.ExpiresAt)}
	if i.Configured {
		v.Source = "configuration"
	}
	return v
}

// secrets serves GET /v1/webhooks/secrets.
func (h *handlers) secrets(ctx context.Context, x *edge.Exchange) (any, error) {
	if h.Secrets == nil {
		return nil, errElsewhere
	}
	all, err := h.Secrets.List(ctx, x.Account.ID)
	if err != nil {
		return nil, err
	}
	views := make([]secretView, len(all))
	for n, i := range all {
		views[n] = viewOf(i)
	}
	return struct {
		Secrets []secretView `json:"secrets"`
	}{views}, nil
}

// A rotation is the body of a request for a secret. It may be empty.
type rotation struct {
	Scheme         *string  `json:"scheme"`
	OverlapSeconds *float64 `json:"overlapSeconds"`
}

// rotate serves POST /v1/webhooks/secrets. No cache may store the answer.
func (h *handlers) rotate(ctx context.Context, x *edge.Exchange) (any, error) {
	if h.Secrets == nil {
		return nil, errElsewhere
	}
	scheme, overlap, err := readRotation(x.Body)
	if err != nil {
		return nil, err
	}
	made, err := h.Secrets.Rotate(ctx, x.Account.ID, scheme, overlap)
	if errors.Is(err, keyring.ErrFull) {
		return nil, errFull
	}
	if err != nil {
		return nil, err
	}
	x.Header().Set("Cache-Control", "no-store")
	v := viewOf(made.Info)
	v.Secret = made.Text
	return v, nil
}

func readRotation(body []byte) (webhook.Scheme, time.Duration, error) {
	scheme, overlap := webhook.HMAC, usualOverlap
	if len(bytes.TrimSpace(body)) == 0 {
		return scheme, overlap, nil
	}
	r, err := input.Decode[rotation](body)
	if err != nil {
		return "", 0, err
	}
	if r.Scheme != nil {
		if scheme = webhook.Scheme(*r.Scheme); scheme != webhook.HMAC && scheme != webhook.Ed25519 {
			return "", 0, input.Invalid("scheme", input.BadValue("must be v1 or v1a"))
		}
	}
	if s := r.OverlapSeconds; s != nil {
		if !(*s >= 0 && *s <= longestOverlap.Seconds()) {
			return "", 0, input.Invalid("overlapSeconds", input.BadValue("must be from 0 to 2592000, which are 30 days"))
		}
		overlap = time.Duration(*s * float64(time.Second)).Truncate(time.Millisecond)
	}
	return scheme, overlap, nil
}

// endSecret serves DELETE /v1/webhooks/secrets/{secretId}.
func (h *handlers) endSecret(ctx context.Context, x *edge.Exchange) (any, error) {
	if h.Secrets == nil {
		return nil, errElsewhere
	}
	err := h.Secrets.End(ctx, x.Account.ID, x.Request.PathValue("secretId"))
	switch {
	case errors.Is(err, keyring.ErrUnknown):
		return nil, errNoSecret
	case errors.Is(err, keyring.ErrLast):
		return nil, errLast
	default:
		return nil, err
	}
}
