// Package inprocess serves the HTTP API inside enqueue, on a Redis, so that
// commands work without a worker that answers.
//
//	client → http.RoundTripper → httpapi → jobs → store → Redis
//
// It is the API's own handler, so requests are refused, stored and answered as
// by a worker. Only the limits of accounts are missing: whoever reaches Redis
// may do anything.
package inprocess

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

// Options says on which Redis, and for which account, the API is served. All
// of them are required.
type Options struct {
	Warn     func(format string, args ...any) // of what a worker may not do
	RedisURL string
	Account  string
	Token    string // the client authenticates with it; it is valid in this process alone
}

// Open returns the API as a transport for a client, and the function that
// closes it.
func Open(ctx context.Context, opts Options) (http.RoundTripper, func(), error) {
	accounts, err := account.NewDirectory(account.Entry{
		Account:     account.Account{ID: opts.Account},
		TokenHashes: []string{account.HashToken(opts.Token)},
	})
	if err != nil {
		return nil, nil, exit.Usagef("--account: %w", err)
	}
	rdb, err := redisconn.Open(opts.RedisURL)
	if err != nil {
		return nil, nil, exit.Usagef("--redis-url: %w", err)
	}
	store := store.New(rdb, store.Options{})
	if err := store.Open(ctx); err != nil {
		_ = rdb.Close() // nothing uses it any more
		if errors.Is(err, jobs.ErrUnavailable) {
			return nil, nil, &exit.UnreachableError{Where: "Redis", Err: redisconn.Diagnose(ctx, opts.RedisURL, err)}
		}
		return nil, nil, &exit.UsageError{Err: err}
	}
	// One client is enough, because nothing here serves asynq.
	bell := queue.Doorbells{
		Append:  queue.NewPool(lane.Append, rdb, queue.Options{Shards: store.Shards()}),
		Deliver: queue.NewPool(lane.Deliver, rdb, queue.Options{Shards: store.Shards()}),
	}
	steering := steer.New(store, bell, func() string { return jobs.NewID(rand.IntN(store.Shards())) }, slog.New(slog.DiscardHandler))
	service := jobs.NewService(store, bell, store.Shards(), jobs.ServiceOptions{})
	api := httpapi.New(httpapi.Deps{
		Jobs:          service,
		Conversations: store,
		Editor:        edit.New(store, bell, store.Shards()),
		Digests:       digest.New(store, lexicon.Load, digest.Options{}),
		Attempts:      store,
		Webhooks:      steering,
		Control:       control.New(store, service, bell, nil, slog.New(slog.DiscardHandler)),
		ExternalIDs:   store,
		Accounts:      accounts,
		Catalog:       catalog.New(store),
	}, slog.New(slog.DiscardHandler), httpapi.Options{Addresses: addresses{opts.Warn}})
	stop := func() {
		bell.Close()
		_ = rdb.Close() // nothing uses it any more
	}
	return transport{api}, stop, nil
}
