package keyring

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

// A Keyring has the secrets of accounts. It may be used by several goroutines at
// once.
type Keyring struct {
	configured map[string][]webhook.Secret // by account
	store      Store
	sealer     *Sealer

	read sync.Map // [*lookup] by account
}

// New returns a Keyring of the accounts that have an entry in configured, if only
// an empty one.
func New(configured map[string][]webhook.Secret, store Store, sealer *Sealer) *Keyring {
	return &Keyring{configured: configured, store: store, sealer: sealer}
}

// An Info says of a secret what everybody in its account may know.
type Info struct {
	ID         string
	Scheme     webhook.Scheme
	Configured bool      // it stands in the configuration
	Public     string    // what receivers verify with, if that is no secret: whpk_…
	CreatedAt  time.Time // zero if it is configured
	ExpiresAt  time.Time // zero if it does not
}

// A Made is a secret that was just made. This is the only time that it is shown.
type Made struct {
	Info

	Text string // whsec_…; empty if receivers verify with the public key
}

// Secrets returns what to sign with now. It returns none for an account that is
// not known here.
func (k *Keyring) Secrets(ctx context.Context, account string) ([]webhook.Secret, error) {
	configured, known := k.configured[account]
	if !known {
		return nil, nil
	}
	stored, err := k.recent(ctx, account)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if len(stored.Records) == 0 && len(stored.Retired) == 0 {
		return configured, nil
	}
	var secrets []webhook.Secret
	for _, r := range stored.Records {
		if !over(r.ExpiresAt, now) {
			s, err := k.sealer.open(account, r)
			if err != nil {
				return nil, err
			}
			secrets = append(secrets, s)
		}
	}
	for _, s := range configured {
		if until, retired := stored.Retired[s.ID()]; !retired || now.Before(until) {
			secrets = append(secrets, s)
		}
	}
	return secrets, nil
}

// over reports whether a time of expiry has come.
func over(expires, now time.Time) bool { return !expires.IsZero() && !now.Before(expires) }

// List returns the secrets that sign now, those that were made first, the newest
// before the others.
func (k *Keyring) List(ctx context.Context, account string) ([]Info, error) {
	stored, err := k.store.WebhookSecrets(ctx, account)
	if err != nil {
		return nil, fmt.Errorf("list the webhook secrets of account %s: %w", account, err)
	}
	now := time.Now()
	var infos []Info
	for _, r := range stored.Records {
		if over(r.ExpiresAt, now) {
			continue
		}
		s, err := k.sealer.open(account, r)
		if err != nil {
			return nil, err
		}
		infos = append(infos, Info{ID: r.ID, Scheme: r.Scheme, Public: s.Public(), CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt})
	}
	slices.SortStableFunc(infos, func(a, b Info) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	for _, s := range k.configured[account] {
		until, retired := stored.Retired[s.ID()]
		if !retired || now.Before(until) {
			infos = append(infos, Info{ID: s.ID(), Scheme: s.Scheme(), Configured: true, Public: s.Public(), ExpiresAt: until})
		}
	}
	return infos, nil
}

// Rotate makes a secret of a scheme. Those of the same scheme sign beside it for
// the overlap.
func (k *Keyring) Rotate(ctx context.Context, account string, scheme webhook.Scheme, overlap time.Duration) (Made, error) {
	text := webhook.NewSecretOf(scheme)
	secret, err := webhook.ParseSecret(text)
	if err != nil {
		return Made{}, fmt.Errorf("make a webhook secret: %w", err)
	}
	r := Record{ID: secret.ID(), Scheme: scheme, CreatedAt: time.Now()}
	r.Sealed = k.sealer.seal(account, r.ID, text)
	var replaced []string
	for _, s := range k.configured[account] {
		if s.Scheme() == scheme {
			replaced = append(replaced, s.ID())
		}
	}
	if err := k.store.AddWebhookSecret(ctx, account, r, replaced, overlap); err != nil {
		return Made{}, fmt.Errorf("add a webhook secret of account %s: %w", account, err)
	}
	settle(ctx)
	made := Made{Info: Info{ID: r.ID, Scheme: scheme, Public: secret.Public(), CreatedAt: r.CreatedAt}}
	if made.Public == "" {
		made.Text = text
	}
	return made, nil
}

// End has a secret sign no longer.
func (k *Keyring) End(ctx context.Context, account, id string) error {
	var configured []string
	for _, s := range k.configured[account] {
		configured = append(configured, s.ID())
	}
	if err := k.store.EndWebhookSecret(ctx, account, id, configured); err != nil {
		return fmt.Errorf("end webhook secret %s of account %s: %w", id, account, err)
	}
	settle(ctx)
	return nil
}

// settle waits until no process believes any more what it had read before.
func settle(ctx context.Context) {
	timer := time.NewTimer(maxAge)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done(): // nobody waits for the answer
	}
}
