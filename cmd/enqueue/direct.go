package main

import (
	"context"
	"errors"
	"log/slog"
	"net/http"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/store"
)

// direct says on which Redis, and for whom, the API runs in this process.
type direct struct {
	redisURL string
	account  string
	token    string // what the client authenticates with, for this process alone
}

// transport returns the API as something that a client can be given instead
// of the network, and what ends it. The account has no limits here: whoever
// reaches Redis may do as they like.
func (d direct) transport(ctx context.Context) (http.RoundTripper, func(), error) {
	accounts, err := account.NewDirectory(account.Entry{
		Account:     account.Account{ID: d.account},
		TokenHashes: []string{account.HashToken(d.token)},
	})
	if err != nil {
		return nil, nil, usagef("--account: %w", err)
	}
	rdb, err := redisconn.Open(d.redisURL)
	if err != nil {
		return nil, nil, usagef("--redis-url: %w", err)
	}
	stop := func() { _ = rdb.Close() } // nothing is under way any more
	kept := store.New(rdb, store.Options{})
	if err := kept.Open(ctx); err != nil {
		stop()
		if errors.Is(err, jobs.ErrUnavailable) {
			return nil, nil, &unreachableError{"Redis", err}
		}
		return nil, nil, &usageError{err}
	}
	// One client is enough, because nothing here serves asynq.
	bell := queue.Bells{
		Append:  queue.NewLine(lane.Append, rdb, queue.Options{Shards: kept.Shards()}),
		Deliver: queue.NewLine(lane.Deliver, rdb, queue.Options{Shards: kept.Shards()}),
	}
	stop = func() {
		bell.Close()
		_ = rdb.Close()
	}
	api := httpapi.New(httpapi.Deps{
		Jobs:          jobs.NewService(kept, bell, kept.Shards(), jobs.ServiceOptions{}),
		Conversations: kept,
		Editor:        edit.New(kept, bell, kept.Shards()),
		Digests:       digest.New(kept, lexicon.Load, digest.Options{}),
		Attempts:      kept,
		ExternalIDs:   kept,
		Accounts:      accounts,
		Catalog:       catalog.New(kept),
	}, slog.New(slog.DiscardHandler), httpapi.Options{})
	return inProcess{api}, stop, nil
}
