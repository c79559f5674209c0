// Package keyring knows what the webhooks of accounts are signed with: the secrets
// of the configuration, and those that the accounts have made for themselves.
//
// A secret that replaces another one signs beside it for a while, so that
// receivers can be given the new one without losing an event. From the moment
// when a change is answered, every attempt that begins in any process is signed by
// it: a process believes what it has read for [maxAge] at most, and a change is
// answered only after so long.
//
// A secret is shown once, to whoever made it. What is stored is sealed (AES-256-GCM)
// if the operator has given a key.
package keyring

import (
	"context"
	"errors"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

// maxAge is how long what was read of an account's secrets is believed.
const maxAge = 100 * time.Millisecond

// MaxSecrets is how many secrets an account may have made that still sign.
const MaxSecrets = 8

var (
	// ErrUnknown reports that an account has no such secret.
	ErrUnknown = errors.New("the account has no such webhook secret")
	// ErrLast reports that nothing would be left to sign with.
	ErrLast = errors.New("it is the only webhook secret of the account")
	// ErrFull reports that an account has made as many secrets as it may.
	ErrFull = errors.New("the account has as many webhook secrets as it may")
)

// A Record is a secret as it is stored.
type Record struct {
	ID        string
	Scheme    webhook.Scheme
	Sealed    string
	CreatedAt time.Time
	ExpiresAt time.Time // zero if it does not
}

// Stored is what is stored of an account's secrets.
type Stored struct {
	Records []Record
	Retired map[string]time.Time // since when, or from when on, a secret of the configuration does not sign, by its id
}

// A Store keeps the secrets of accounts. Each method is one atomic step.
type Store interface {
	// WebhookSecrets returns what is stored of an account.
	WebhookSecrets(ctx context.Context, account string) (Stored, error)

	// AddWebhookSecret stores a secret, and has those of the same scheme expire after
	// the overlap, together with those of the configuration that are named. It returns
	// [ErrFull] if there are [MaxSecrets].
	AddWebhookSecret(ctx context.Context, account string, r Record, replaced []string, overlap time.Duration) error

	// EndWebhookSecret has a secret sign no longer. It needs to know those of the
	// configuration. It returns [ErrUnknown] or [ErrLast].
	EndWebhookSecret(ctx context.Context, account, id string, configured []string) error
}
