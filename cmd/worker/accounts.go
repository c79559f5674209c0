package main

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"runtime"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/quota"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
)

// accounts are those of the settings, or the one of the try-out.
type accounts struct {
	*account.Directory

	secrets map[string][]webhook.Secret  // of the configuration, by account
	gaps    map[string]webhook.GapPolicy // by account
	gap     webhook.GapPolicy            // of the others
	limits  map[string]int               // by account, if it has one of its own
	limit   int                          // of the others
	sealer  *keyring.Sealer              // of those that accounts make

	turns *quota.Quota // to compute for long

	keys []account.Key // sign the tokens of applications
	life time.Duration // of those

	made tryout.Credentials // empty if there are accounts

	consoleKey [32]byte // seals the sessions of the console
}

func openAccounts(s settings.Settings) (*accounts, error) {
	a := &accounts{
		secrets: map[string][]webhook.Secret{}, gaps: map[string]webhook.GapPolicy{}, gap: webhook.GapPolicy(s.WebhookGap), limits: map[string]int{}, limit: s.MaxConcurrentJobs, life: s.TokenTTL,
		turns: quota.New(processorsOf(s)),
	}
	var err error
	if a.sealer, err = keyring.NewSealer(s.WebhookSecretKeys); err != nil {
		return nil, fmt.Errorf("read webhook_secret_keys: %w", err)
	}
	entries, keys := s.Accounts, s.TokenKeys
	if s.TryOut() {
		c, err := tryout.Complete(s.DataDir, tryout.Credentials{Token: s.Token, WebhookSecret: s.WebhookSecret})
		if err != nil {
			return nil, fmt.Errorf("make credentials for the try-out: %w", err)
		}
		a.made = c
		if len(keys) == 0 {
			keys = []string{c.TokenKey}
		}
		entries = []account.Entry{{
			Account:         account.Account{ID: "default", WebhookSecrets: []string{c.WebhookSecret}, MaxConcurrentJobs: s.MaxConcurrentJobs, WebhookEvents: s.WebhookEvents, StrictTypes: s.StrictTypes, ImportStatus: s.ImportStatus},
			TokenHashes:     []string{account.HashToken(c.Token)},
			AppID:           c.AppID,
			AppSecretHashes: []string{account.HashToken(c.AppSecret)},
		}}
	}
	for _, text := range keys {
		key, err := account.ParseKey(text)
		if err != nil {
			return nil, fmt.Errorf("read the keys of tokens: %w", err)
		}
		a.keys = append(a.keys, key)
	}
	for _, e := range entries {
		a.secrets[e.ID] = nil
		for _, text := range e.WebhookSecrets {
			secret, err := webhook.ParseSecret(text)
			if err != nil {
				return nil, fmt.Errorf("read a webhook secret of account %s: %w", e.ID, err)
			}
			a.secrets[e.ID] = append(a.secrets[e.ID], secret)
		}
		a.gaps[e.ID] = webhook.GapPolicy(e.WebhookGap)
		if e.MaxConcurrentJobs > 0 {
			a.limits[e.ID] = e.MaxConcurrentJobs
		}
	}
	a.consoleKey = consoleKey(entries, keys, s.ConsoleOperatorToken)
	a.Directory, err = account.NewDirectory(entries...)
	return a, err
}

// ids returns those of all accounts, in order.
func (a *accounts) ids() []string { return slices.Sorted(maps.Keys(a.secrets)) }

// issuer returns who gives tokens to applications and keeps them in the ledger.
func (a *accounts) issuer(ledger account.TokenStore) (*account.Issuer, error) {
	return account.NewIssuer(a.Directory, ledger, a.keys, account.IssuerOptions{Life: a.life})
}

// gapOf returns what becomes of the webhooks of an account behind one that is given up.
func (a *accounts) gapOf(id string) webhook.GapPolicy { return cmp.Or(a.gaps[id], a.gap) }

// keyring returns the secrets of the accounts, with those that they have made for
// themselves.
func (a *accounts) keyring(store keyring.Store) *keyring.Keyring {
	return keyring.New(a.secrets, store, a.sealer)
}

// maxConcurrent returns how many unfinished jobs an account may have.
func (a *accounts) maxConcurrent(id string) int {
	if own, ok := a.limits[id]; ok {
		return own
	}
	return a.limit
}

// maxPending returns about how many unfinished jobs an account may have.
func (a *accounts) maxPending(id string) int {
	known, _ := a.ByID(id)
	return known.MaxPendingJobs
}

// guard allows what the operator named, and in a try-out this machine.
func guard(s settings.Settings) *webhook.Guard {
	allowed := s.WebhookAllowCIDRs
	if s.TryOut() {
		allowed = append(slices.Clip(allowed),
			netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"))
	}
	return webhook.NewGuard(allowed)
}

// oneAccount reports whether there is one account only, be it that of a try-out.
func oneAccount(s settings.Settings) bool { return len(s.Accounts) < 2 }

// processorsOf returns how many processors one account may have.
func processorsOf(s settings.Settings) int {
	all := runtime.GOMAXPROCS(0)
	if oneAccount(s) {
		return all
	}
	return max(all-1, 1)
}
