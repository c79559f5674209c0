package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	accounts "github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// maxPending is how many unfinished jobs a worker lets a conversation have by
// default. Looking at it is a part of each acceptance.
const maxPending = 10_000

// newAPI puts the HTTP API together as a worker with the role api does.
func newAPI(s *system, token string) (*http.Server, error) {
	directory, err := accounts.NewDirectory(accounts.Entry{
		Account: accounts.Account{ID: account}, TokenHashes: []string{accounts.HashToken(token)},
	})
	if err != nil {
		return nil, err
	}
	tokens, err := accounts.NewIssuer(directory, s.store, nil, accounts.IssuerOptions{})
	if err != nil {
		return nil, err
	}
	metrics := telemetry.New(prometheus.NewRegistry())
	service := jobs.NewService(s.store, s.bells, s.store.Shards(), jobs.ServiceOptions{
		Limits: jobs.Limits{Pending: maxPending}, Meter: metrics, LocalSlots: s.bells.Append, Runner: s.runner,
	})
	return httpapi.New(httpapi.Deps{
		Jobs:          service,
		Conversations: s.store,
		Editor:        edit.New(s.store, s.bells, s.store.Shards()),
		Digests:       digest.New(s.store, lexicon.Load, digest.Options{}),
		Attempts:      s.store,
		ExternalIDs:   s.store,
		Accounts:      directory,
		Catalog:       catalog.New(s.store),
	}, slog.New(slog.DiscardHandler), httpapi.Options{Meter: metrics, Tokens: tokens, Slots: s.store}).NewServer(), nil
}

// bareList is where the bare handler puts what it receives.
const bareList = "bare"

// bare is what an API costs that does nothing: it decodes the same body, checks
// none of it and pushes it to a list.
func bare(rdb redis.UniversalClient) *http.Server {
	return &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { //nolint:gosec // the bench alone calls it
		var request struct {
			Messages []struct {
				Payload struct{ Content string }
				From    struct{ UserID, Name string }
			}
		}
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(text, &request)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		if err := rdb.RPush(r.Context(), bareList, text).Err(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"conversationId":"7182718916282163","jobId":"6fa9bc98-5f9c-400f-8f84-30f0a5f37dde"}`)
	})}
}

// serve has an HTTP server answer on loopback while fn runs.
func serve(ctx context.Context, server *http.Server, fn func(addr string) error) error {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen on loopback: %w", err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	err = fn(l.Addr().String())
	closed := server.Close() // no request is under way any more
	if served := <-ended; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, closed)
}
