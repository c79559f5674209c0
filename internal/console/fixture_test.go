package console_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/console"
	"github.com/turnwise/turnwise/internal/console/live"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/jobs/control"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/presence"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
	"github.com/turnwise/turnwise/internal/webhook/keyring"
	"github.com/turnwise/turnwise/internal/webhook/steer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	operatorToken = "the-operator-has-this"
	hook          = "https://receiver.example/hook"
)

// A fixture is a console of the accounts ann and bob, whose tokens are their names, on
// real services and a Redis of its own.
type fixture struct {
	*console.Console

	t       testing.TB
	store   *store.Store
	jobs    *jobs.Service
	runner  *jobs.Runner
	deps    console.Deps
	options console.Options
	log     lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// The lexicon and the engine are made once for all tests: both may be shared.
var (
	loadLexicon = sync.OnceValues(lexicon.Load)
	newEngine   = sync.OnceValues(func() (*analysis.Engine, error) {
		lex, err := loadLexicon()
		if err != nil {
			return nil, err
		}
		return analysis.New(lex)
	})
)

type noDoorbell struct{}

func (noDoorbell) Ring(context.Context, int, lane.Wake) {}

// system is a service of which little is known.
type system struct{ *store.Store }

func (s system) Processes(ctx context.Context) ([]presence.Process, error) {
	return presence.Read(ctx, s.Store)
}

func (system) Redis(context.Context) (console.RedisState, error) {
	return console.RedisState{Version: "7", Words: "redis://canary-of-redis", Keeps: "all is on disk", Durable: true, Memory: 5 << 20}, nil
}

func newFixture(t testing.TB) *fixture {
	t.Helper()
	f := &fixture{t: t, store: store.New(redistest.New(t), store.Options{Shards: 2})}
	if err := f.store.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	entries := []account.Entry{
		{Account: account.Account{ID: "ann", WebhookSecrets: []string{webhook.NewSecret()}}, TokenHashes: []string{account.HashToken("ann")}},
		{Account: account.Account{ID: "bob", WebhookSecrets: []string{webhook.NewSecret()}}, TokenHashes: []string{account.HashToken("bob")}},
	}
	accounts, err := account.NewDirectory(entries...)
	if err != nil {
		t.Fatal(err)
	}
	sealer, err := keyring.NewSealer(nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzer, err := newEngine()
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string][]webhook.Secret{}
	for _, e := range entries {
		secret, err := webhook.ParseSecret(e.WebhookSecrets[0])
		if err != nil {
			t.Fatal(err)
		}
		secrets[e.ID] = []webhook.Secret{secret}
	}
	f.jobs = jobs.NewService(f.store, noDoorbell{}, f.store.Shards(), jobs.ServiceOptions{})
	f.runner = jobs.NewRunner(f.store, jobs.Local{Engine: analyzer}, noDoorbell{}, jobs.RunnerOptions{})
	log := slog.New(slog.NewTextHandler(&f.log, nil))
	f.deps = console.Deps{
		Accounts: accounts, Jobs: f.jobs, Conversations: f.store, Digests: digest.New(f.store, loadLexicon, digest.Options{}),
		Control: control.New(f.store, f.jobs, noDoorbell{}, []string{"ann", "bob"}, log), Webhooks: steer.New(f.store, noDoorbell{}, func() string { return jobs.NewID(0) }, log),
		Secrets: keyring.New(secrets, f.store, sealer), System: system{f.store},
	}
	f.options = console.Options{Key: [32]byte{1}, Operator: operatorToken, Version: "v1", Live: live.Options{Every: 20 * time.Millisecond}}
	f.Console = f.another(f.options)
	t.Cleanup(func() { f.Close() })
	return f
}

// another returns a console on the same services, as another process has it.
func (f *fixture) another(opts console.Options) *console.Console {
	f.t.Helper()
	c, err := console.New(f.deps, slog.New(slog.NewTextHandler(&f.log, nil)), opts)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

// append has an append of an account's accepted and worked.
func (f *fixture) append(owner, conversationID, speaker, text string) jobs.Receipt {
	f.t.Helper()
	r, err := f.jobs.Submit(f.t.Context(), jobs.Append{
		Account: owner, ConversationID: conversationID, WebhookURL: hook,
		Options:    analysis.Options{DetectPhrases: true, DetectEntities: true, Name: "Call <i>one</i>"},
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: speaker}, Text: text}},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	f.work()
	return r
}

// work works all jobs that are due.
func (f *fixture) work() {
	f.t.Helper()
	for shard := range f.store.Shards() {
		for more := true; more; {
			var err error
			if more, err = f.runner.Drain(f.t.Context(), shard); err != nil {
				f.t.Fatal(err)
			}
		}
	}
}

// giveUp ends all events that wait as if their receivers wanted none.
func (f *fixture) giveUp() {
	f.t.Helper()
	for shard := range f.store.Shards() {
		for {
			c, _, err := f.store.ClaimEvent(f.t.Context(), shard)
			if err != nil {
				f.t.Fatal(err)
			}
			if c == nil {
				break
			}
			a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Dead, Code: http.StatusGone, Error: "gone", Answer: "<b>no</b>"}
			if _, _, err = f.store.SettleEvents(f.t.Context(), c, []webhook.Settlement{{Outcome: webhook.Dead, Class: webhook.ClassAborted, Health: webhook.Fast, Attempt: a}}, false); err != nil {
				f.t.Fatal(err)
			}
		}
	}
}

// cookie signs in with a token and returns the cookie.
func (f *fixture) cookie(token string) *http.Cookie {
	f.t.Helper()
	got := f.do(nil, "POST", "/console/sign-in", url.Values{"token": {token}})
	if got.Code != http.StatusSeeOther || len(got.Result().Cookies()) != 1 {
		f.t.Fatalf("signing in as %s was answered %d", token, got.Code)
	}
	return got.Result().Cookies()[0]
}

// do sends a request as a browser would.
func (f *fixture) do(cookie *http.Cookie, method, target string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	f.t.Helper()
	r := httptest.NewRequestWithContext(f.t.Context(), method, target, strings.NewReader(form.Encode()))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if cookie != nil {
		r.AddCookie(cookie)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	got := httptest.NewRecorder()
	f.ServeHTTP(got, r)
	return got
}
