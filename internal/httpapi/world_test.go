package httpapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	jobID          = "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"
	conversationID = "5815170693595136"
	hello          = `{"messages":[{"payload":{"content":"Hello."}}]}`
)

// A world stands in for everything behind the API. The accounts "ann" and
// "bob" exist, their tokens are their names; the one job and the one
// conversation are ann's.
type world struct {
	mu        sync.Mutex
	submitted []jobs.Append
	edits     []edited
	listed    []query.Query

	err          error // of every call
	panics       bool
	hangs        bool // until the deadline
	job          jobs.Job
	conversation conversation.Conversation
	messages     []conversation.Message
	insights     []analysis.Insight
	topics       digest.Topics
	byModel      bool // says the digests
	summary      digest.Summary
	attempts     []webhook.Attempt
	page         query.Page // of every list
}

func newWorld() *world {
	return &world{
		job:          jobs.Job{ID: jobID, Account: "ann", ConversationID: conversationID, Status: jobs.InProgress},
		conversation: conversation.Conversation{ID: conversationID, Type: "meeting"},
	}
}

func (w *world) ByToken(token string) (account.Account, bool) {
	return account.Account{ID: token}, token == "ann" || token == "bob"
}

// fault is how a call goes wrong. Ids that could not exist must not come here:
// they would end up in the keys of a store.
func (w *world) fault(ctx context.Context, id string) error {
	_, _, ok := jobs.ParseID(id)
	if id != "" && !ok && !conversation.ValidID(id) {
		panic("looked for the id " + id)
	}
	if w.panics {
		panic("a bug")
	}
	if w.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return w.err
}

func (w *world) Submit(ctx context.Context, a jobs.Append) (jobs.Receipt, error) {
	if err := w.fault(ctx, a.ConversationID); err != nil {
		return jobs.Receipt{}, err
	}
	if a.Check != nil {
		if err := a.Check(ctx); err != nil {
			return jobs.Receipt{}, err
		}
		a.Check = nil // functions cannot be compared
	}
	if a.ConversationID != "" && (a.Account != "ann" || a.ConversationID != conversationID) {
		return jobs.Receipt{}, jobs.ErrUnknownConversation
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.submitted = append(w.submitted, a)
	return jobs.Receipt{ConversationID: conversationID, JobID: jobID}, nil
}

func (w *world) Job(ctx context.Context, account, id string) (jobs.Job, error) {
	if err := w.fault(ctx, id); err != nil {
		return jobs.Job{}, err
	}
	if account != w.job.Account || id != w.job.ID {
		return jobs.Job{}, jobs.ErrNotFound
	}
	return w.job, nil
}

func (w *world) Attempts(ctx context.Context, account, id string) ([]webhook.Attempt, error) {
	_, err := w.Job(ctx, account, id)
	return w.attempts, err
}

func (w *world) Conversation(ctx context.Context, account, id string) (conversation.Conversation, error) {
	if err := w.fault(ctx, id); err != nil {
		return conversation.Conversation{}, err
	}
	if account != "ann" || id != w.conversation.ID {
		return conversation.Conversation{}, jobs.ErrUnknownConversation
	}
	return w.conversation, nil
}

func (w *world) Messages(ctx context.Context, account, id string) ([]conversation.Message, error) {
	_, err := w.Conversation(ctx, account, id)
	return w.messages, err
}

func (w *world) Insights(ctx context.Context, account, id string) ([]analysis.Insight, error) {
	_, err := w.Conversation(ctx, account, id)
	return w.insights, err
}

func (w *world) List(ctx context.Context, _ string, q query.Query) (query.Page, error) {
	if err := w.fault(ctx, ""); err != nil {
		return query.Page{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.listed = append(w.listed, q)
	return w.page, nil
}

// only returns the one append that was submitted.
func (w *world) only(t *testing.T) jobs.Append {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.submitted) != 1 {
		t.Fatalf("%d appends were submitted, want 1", len(w.submitted))
	}
	return w.submitted[0]
}

func (w *world) deps() httpapi.Deps {
	return httpapi.Deps{Jobs: w, Conversations: w, Editor: w, Digests: w, Attempts: w, ExternalIDs: w, Accounts: w, Catalog: catalog.New(shelves{world: w})}
}

func (w *world) Topics(context.Context, string, conversation.Conversation, []string) (digest.Topics, error) {
	return w.topics, w.err
}

func (w *world) UsesModels() (topics, summary bool) { return w.byModel, w.byModel }

func (w *world) Summary(context.Context, string, conversation.Conversation) (digest.Summary, error) {
	return w.summary, w.err
}

func (w *world) api(opts httpapi.Options) *httpapi.API { return w.logged(slog.DiscardHandler, opts) }

func (w *world) logged(h slog.Handler, opts httpapi.Options) *httpapi.API {
	return httpapi.New(w.deps(), slog.New(h), opts)
}

// request returns a request of ann's. Headers are given as name, value, …; an
// empty value takes the header away.
func request(method, target, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer ann")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i+1] == "" {
			r.Header.Del(headers[i])
		}
	}
	return r
}

// serve answers a request, and holds both against the OpenAPI document.
func serve(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	var body bytes.Buffer
	r.Body = io.NopCloser(io.TeeReader(r.Body, &body))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	drift.exchanged(r, body.Bytes(), w)
	return w
}

// wantRefusal checks an answer against the one form that errors have.
func wantRefusal(t testing.TB, got *httptest.ResponseRecorder, status int, message string) {
	t.Helper()
	data, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, got, status)
	var body struct {
		StatusCode int
		Message    string
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("the error is not JSON: %v: %s", err, got.Body)
	}
	if body.StatusCode != status || body.Message != message {
		t.Errorf("got  %s\nwant {\"statusCode\":%d,\"message\":%s}", got.Body, status, data)
	}
	if ct := got.Header().Get("Content-Type"); ct != "application/json; charset=utf-8" {
		t.Errorf("Content-Type of an error is %q", ct)
	}
}

func wantStatus(t testing.TB, got *httptest.ResponseRecorder, status int) {
	t.Helper()
	if got.Code != status {
		t.Fatalf("status %d, want %d; body %s", got.Code, status, got.Body)
	}
}

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// repeat is a body of n messages.
func repeat(n int) string {
	return `{"messages":[` + strings.TrimSuffix(strings.Repeat(`{"payload":{"content":"Hi."}},`, n), ",") + `]}`
}

// endless is a body that does not end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

// broken is a body that breaks off.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
