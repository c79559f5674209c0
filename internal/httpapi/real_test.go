package httpapi_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// A standing is an API on the real things behind it, over a Redis of its own. The
// accounts are "ann" and "bob", their tokens are their names.
type standing struct {
	*httpapi.API

	t      testing.TB
	rdb    redis.UniversalClient
	store  *store.Store
	runner *jobs.Runner
}

func newReal(t *testing.T) *standing {
	t.Helper()
	return newRealBy(t, jobs.Local{})
}

// newRealBy is newReal with what analyses the jobs.
func newRealBy(t testing.TB, by jobs.Analyzer) *standing {
	t.Helper()
	rdb := redistest.New(t)
	kept := store.New(rdb, store.Options{Shards: 4})
	if err := kept.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &standing{
		t: t, rdb: rdb, store: kept,
		runner: jobs.NewRunner(kept, by, noBell{}, jobs.RunnerOptions{}),
		API: httpapi.New(httpapi.Deps{
			Jobs:          jobs.NewService(kept, noBell{}, kept.Shards(), jobs.ServiceOptions{}),
			Conversations: kept,
			Editor:        edit.New(kept, noBell{}, kept.Shards()),
			Digests:       digest.New(kept, lexicon.Load, digest.Options{}),
			Attempts:      kept,
			ExternalIDs:   kept,
			Accounts:      newWorld(),
			Catalog:       catalog.New(kept),
		}, slog.New(slog.DiscardHandler), httpapi.Options{Tokens: newIssuer(t, kept)}),
	}
}

type noBell struct{}

func (noBell) Ring(context.Context, int, lane.Wake) {}

// do sends a request of ann's; see [request].
func (r *standing) do(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r.t.Helper()
	return serve(r.API, request(method, target, body, headers...))
}

// work does all jobs that are due.
func (r *standing) work() {
	r.t.Helper()
	for shard := range r.store.Shards() {
		for more := true; more; {
			var err error
			if more, err = r.runner.Drain(r.t.Context(), shard); err != nil {
				r.t.Fatal(err)
			}
		}
	}
}

// begin submits a body as ann's new conversation and has its job done.
func (r *standing) begin(body string) (conversationID string) {
	r.t.Helper()
	got := r.do(http.MethodPost, "/v1/process/text", body)
	wantStatus(r.t, got, http.StatusCreated)
	var receipt struct{ ConversationID string }
	if err := json.Unmarshal(got.Body.Bytes(), &receipt); err != nil {
		r.t.Fatal(err)
	}
	r.work()
	return receipt.ConversationID
}
