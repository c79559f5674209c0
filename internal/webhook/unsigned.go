package webhook

import (
	"context"
	"log/slog"
	"sync"
)

// withheld is what the owner of a job reads of an attempt at which nothing was
// sent.
const withheld = "nothing was sent, because this dispatcher does not know the account's secret and webhooks are never sent unsigned; " +
	"an operator can add the account, with webhook_secrets, to the file that the dispatcher starts with"

// unsignedAccounts are accounts with events to deliver whose secrets this process
// does not know: the account was removed from the file, or added after this process
// had read it. Another process that knows the secret may deliver these events.
type unsignedAccounts struct {
	log   *slog.Logger
	meter Meter
	held  sync.Map // of accounts
}

// withhold counts an attempt that was not made, and logs the first one of an
// account.
func (s *unsignedAccounts) withhold(ctx context.Context, account string) {
	s.meter.WebhookWithheld()
	if _, known := s.held.LoadOrStore(account, true); known {
		return
	}
	s.log.LogAttrs(ctx, slog.LevelError, "webhooks held back, the account's secret is not known here",
		slog.String("account", account))
}

// signed logs that the secret of an account has become known.
func (s *unsignedAccounts) signed(ctx context.Context, account string) {
	if _, was := s.held.Load(account); !was {
		return
	}
	s.held.Delete(account)
	s.log.LogAttrs(ctx, slog.LevelInfo, "webhooks sent again, the account's secret is known", slog.String("account", account))
}
