package httpapitest

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

// A Service is an API with everything behind it, over a Redis of its own. The
// accounts are "ann" and "bob", their tokens are their names.
type Service struct {
	*httpapi.API

	T      testing.TB
	deps   httpapi.Deps
	Redis  redis.UniversalClient
	Store  *store.Store
	Runner *jobs.Runner
}

// NewService returns a Service that analyses jobs in this process.
func NewService(t *testing.T) *Service {
	t.Helper()
	return NewServiceWith(t, jobs.Local{})
}

// NewServiceWith returns a Service that analyses jobs by analyzer.
func NewServiceWith(t testing.TB, analyzer jobs.Analyzer) *Service {
	t.Helper()
	return NewServiceOn(t, redistest.New(t), analyzer)
}

// NewServiceOn returns a Service over a Redis.
func NewServiceOn(t testing.TB, rdb redis.UniversalClient, analyzer jobs.Analyzer) *Service {
	t.Helper()
	stored := store.New(rdb, store.Options{Shards: 4})
	if err := stored.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	service := jobs.NewService(stored, NoDoorbell{}, stored.Shards(), jobs.ServiceOptions{})
	deps := httpapi.Deps{
		Jobs:          service,
		Control:       control.New(stored, service, NoDoorbell{}, []string{"ann", "bob"}, slog.New(slog.DiscardHandler)),
		Conversations: stored,
		Editor:        edit.New(stored, NoDoorbell{}, stored.Shards()),
		Digests:       digest.New(stored, loadLexicon, digest.Options{}),
		Attempts:      stored,
		Webhooks:      steer.New(stored, NoDoorbell{}, func() string { return jobs.NewID(0) }, slog.New(slog.DiscardHandler)),
		Secrets:       NewKeyring(t, stored),
		ExternalIDs:   stored,
		Accounts:      NewBackend(),
		Catalog:       catalog.New(stored),
	}
	return &Service{
		T: t, Redis: rdb, Store: stored, deps: deps,
		Runner: jobs.NewRunner(stored, analyzer, NoDoorbell{}, jobs.RunnerOptions{}),
		API:    httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{Tokens: NewIssuer(t, stored), Operators: operator{}}),
	}
}

// Deps returns what the API was made of, for another one.
func (s *Service) Deps() httpapi.Deps { return s.deps }

// loadLexicon reads the lexicon once for all tests of a program: it does not change.
var loadLexicon = sync.OnceValues(lexicon.Load)

// NoDoorbell wakes nobody: [Service.RunJobs] runs the jobs.
type NoDoorbell struct{}

// Ring implements [lane.Doorbell].
func (NoDoorbell) Ring(context.Context, int, lane.Wake) {}

// Do sends a request of ann's; see [Request].
func (s *Service) Do(method, target, body string, headers ...string) *httptest.ResponseRecorder {
	s.T.Helper()
	return Serve(s.API, Request(method, target, body, headers...))
}

// RunJobs does all jobs that are due.
func (s *Service) RunJobs() {
	s.T.Helper()
	for shard := range s.Store.Shards() {
		for more := true; more; {
			var err error
			if more, err = s.Runner.Drain(s.T.Context(), shard); err != nil {
				s.T.Fatal(err)
			}
		}
	}
}

// GiveUpEvents ends all events that wait as if their receivers wanted none.
func (s *Service) GiveUpEvents() {
	s.T.Helper()
	for shard := range s.Store.Shards() {
		for {
			c, _, err := s.Store.ClaimEvent(s.T.Context(), shard)
			if err != nil {
				s.T.Fatal(err)
			}
			if c == nil {
				break
			}
			a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Dead, Code: http.StatusGone, Error: "gone"}
			_, _, err = s.Store.SettleEvents(s.T.Context(), c, []webhook.Settlement{{Outcome: webhook.Dead, Class: webhook.ClassAborted, Attempt: a}}, false)
			if err != nil {
				s.T.Fatal(err)
			}
		}
	}
}

// Begin submits a body as ann's new conversation and has its job done.
func (s *Service) Begin(body string) (conversationID string) {
	s.T.Helper()
	got := s.Do(http.MethodPost, "/v1/process/text", body)
	WantStatus(s.T, got, http.StatusCreated)
	var receipt struct{ ConversationID string }
	if err := json.Unmarshal(got.Body.Bytes(), &receipt); err != nil {
		s.T.Fatal(err)
	}
	s.RunJobs()
	return receipt.ConversationID
}
