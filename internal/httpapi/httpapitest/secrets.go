package httpapitest

import (
	"testing"

	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

// What the configuration has the webhooks of accounts signed with.
const (
	AnnsSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	BobsSecret = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="
)

// NewKeyring returns the secrets of ann and bob.
func NewKeyring(t testing.TB, stored *store.Store) *keyring.Keyring {
	t.Helper()
	configured := map[string][]webhook.Secret{}
	for account, text := range map[string]string{"ann": AnnsSecret, "bob": BobsSecret} {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			t.Fatal(err)
		}
		configured[account] = []webhook.Secret{s}
	}
	return keyring.New(configured, stored, nil)
}
