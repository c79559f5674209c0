package webhook

import (
	"context"
	"errors"
	"log/slog"
	"sync"
)

// withheld is what the owner of a job reads of an attempt at which nothing was
// sent.
const withheld = "nothing was sent, because this dispatcher does not know the account's secret and webhooks are never sent unsigned; " +
	"an operator can add the account, with webhook_secrets, to the file that the dispatcher starts with"

// unread is what the owner of a job reads of an attempt at which nothing was sent
// for a reason that is the operator's.
const unread = "nothing was sent, because the account's secrets could not be read, and webhooks are never sent unsigned; the operator's log says why"

// An unreadableError reports that the secrets of an account could not be read.
type unreadableError struct{ err error }

func (e *unreadableError) Error() string { return "read the webhook secrets: " + e.err.Error() }

// Unwrap returns the reason.
func (e *unreadableError) Unwrap() error { return e.err }

// unsignedAccounts are accounts with events to deliver whose secrets this process
// does not know: the account was removed from the file, or added after this process
// had read it. Another process that knows the secret may deliver these events.
type unsignedAccounts struct {
	log   *slog.Logger
	meter Meter
	held  sync.Map // of accounts
}

// withhold reports whether an attempt was not made for lack of a secret, and what
// its owner reads then. It counts it, and logs the first one of an account.
func (s *unsignedAccounts) withhold(ctx context.Context, account string, err error) (why string, held bool) {
	unreadable, isUnreadable := errors.AsType[*unreadableError](err)
	if !isUnreadable && !errors.Is(err, errNoSecret) {
		return "", false
	}
	s.meter.WebhookWithheld()
	_, known := s.held.LoadOrStore(account, true)
	switch {
	case isUnreadable:
		if !known {
			s.log.LogAttrs(ctx, slog.LevelError, "webhooks held back, the account's secrets cannot be read",
				slog.String("account", account), slog.Any("err", unreadable.err))
		}
		return unread, true
	case !known:
		s.log.LogAttrs(ctx, slog.LevelError, "webhooks held back, the account's secret is not known here",
			slog.String("account", account))
	}
	return withheld, true
}

// signed logs that the secret of an account has become known.
func (s *unsignedAccounts) signed(ctx context.Context, account string) {
	if _, was := s.held.Load(account); !was {
		return
	}
	s.held.Delete(account)
	s.log.LogAttrs(ctx, slog.LevelInfo, "webhooks sent again, the account's secret is known", slog.String("account", account))
}
