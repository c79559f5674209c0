package tokens_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/httpapi/edge"
	"github.com/turnwise/turnwise/internal/httpapi/tokens"
)

// A vault has applications that all have the secret "right".
type vault struct {
	tokens.Tokens

	asked  atomic.Int32
	slowed [2]atomic.Int32 // by application, by address
	log    bytes.Buffer
}

type accounts struct{}

func (accounts) ByToken(string) (account.Account, bool) { return account.Account{}, false }

func (v *vault) Generate(_ context.Context, c account.Credentials) (account.Token, error) {
	v.asked.Add(1)
	if c.AppSecret != "right" {
		return account.Token{}, account.ErrUnknownApp
	}
	return account.Token{Text: "token", Remaining: time.Hour}, nil
}

func (v *vault) GuessSlowed(byAddress bool) {
	by := 0
	if byAddress {
		by = 1
	}
	v.slowed[by].Add(1)
}

// guess is a request for a token, and what has to come of it.
type guess struct {
	after       time.Duration // waited before
	times       int
	app, secret string
	from        string
	want        int
	retryAfter  int // seconds
}

func TestGuessesAreSlowed(t *testing.T) {
	t.Parallel()

	const here, there = "192.0.2.1", "198.51.100.7"
	tests := []struct {
		name    string
		guesses []guess
		slowed  [2]int32
	}{
		{"for an application, from everywhere", []guess{
			{times: 5, app: "a", secret: "wrong", from: here, want: 401},
			{times: 5, app: "a", secret: "wrong", from: there, want: 401},
			{times: 3, app: "a", secret: "wrong", from: here, want: 429, retryAfter: 2},
			{times: 1, app: "a", secret: "right", from: "203.0.113.5", want: 429, retryAfter: 2},
			{times: 1, app: "b", secret: "wrong", from: here, want: 401},
			{after: 2 * time.Second, times: 1, app: "a", secret: "wrong", from: here, want: 401},
			{times: 1, app: "a", secret: "wrong", from: here, want: 429, retryAfter: 2},
			{after: time.Minute, times: 10, app: "a", secret: "wrong", from: there, want: 401},
		}, [2]int32{5, 0}},
		{"from an address, for any application", []guess{
			{times: 10, app: "a", secret: "wrong", from: here, want: 401},
			{times: 10, app: "b", secret: "wrong", from: here, want: 401},
			{times: 10, app: "c", secret: "wrong", from: here, want: 401},
			{times: 2, app: "d", secret: "right", from: here, want: 429, retryAfter: 1},
			{times: 1, app: "d", secret: "right", from: there, want: 200},
			{after: time.Second, times: 1, app: "d", secret: "right", from: here, want: 200},
		}, [2]int32{0, 2}},
		{"from a network of IPv6", []guess{
			{times: 10, app: "a", secret: "wrong", from: "2001:db8::1", want: 401},
			{times: 10, app: "b", secret: "wrong", from: "2001:db8::2", want: 401},
			{times: 10, app: "c", secret: "wrong", from: "2001:db8::ffff:3", want: 401},
			{times: 1, app: "d", secret: "wrong", from: "2001:db8::4", want: 429, retryAfter: 1},
			{times: 1, app: "d", secret: "wrong", from: "2001:db8:0:1::4", want: 401},
		}, [2]int32{0, 1}},
		{"right secrets are free", []guess{
			{times: 100, app: "a", secret: "right", from: here, want: 200},
		}, [2]int32{}},
		{"an address that has the secret is not held up by others", []guess{
			{times: 1, app: "a", secret: "right", from: here, want: 200},
			{times: 10, app: "a", secret: "wrong", from: there, want: 401},
			{times: 1, app: "a", secret: "wrong", from: there, want: 429, retryAfter: 2},
			{times: 5, app: "a", secret: "right", from: here, want: 200},
		}, [2]int32{1, 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				v, ask := newVault()
				var looked int32
				for _, g := range tt.guesses {
					time.Sleep(g.after)
					for n := range g.times {
						got := ask(g.app, g.secret, g.from)
						if retry, _ := strconv.Atoi(got.Header().Get("Retry-After")); got.Code != g.want || retry != g.retryAfter {
							t.Fatalf("%+v, number %d: answered %d %s, Retry-After %d", g, n+1, got.Code, got.Body, retry)
						}
						if got.Code != http.StatusTooManyRequests {
							looked++
						}
					}
				}
				if asked := v.asked.Load(); asked != looked {
					t.Errorf("secrets were looked at %d times, want %d: not those that were slowed", asked, looked)
				}
				if app, address := v.slowed[0].Load(), v.slowed[1].Load(); app != tt.slowed[0] || address != tt.slowed[1] {
					t.Errorf("counted %d by application and %d by address, want %v", app, address, tt.slowed)
				}
			})
		})
	}
}

// newVault returns a vault and how to ask it for a token.
func newVault() (*vault, func(app, secret, from string) *httptest.ResponseRecorder) {
	v := &vault{}
	log := slog.New(slog.NewTextHandler(&v.log, &slog.HandlerOptions{Level: slog.LevelWarn}))
	h := edge.New(accounts{}, []edge.Dialect{tokens.Dialect(accounts{}, v, log, v)}, slog.New(slog.DiscardHandler), edge.Options{})
	return v, func(app, secret, from string) *httptest.ResponseRecorder {
		body := fmt.Sprintf(`{"type":"application","appId":%q,"appSecret":%q}`, app, secret)
		r := httptest.NewRequest(http.MethodPost, "/oauth2/token:generate", strings.NewReader(body))
		r.RemoteAddr = net.JoinHostPort(from, "4711")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
}

// Guesses that come at once are no way around.
func TestGuessesAtOnceAreSlowed(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		v, ask := newVault()
		var wg sync.WaitGroup
		for range 100 {
			wg.Go(func() { ask("a", "wrong", "192.0.2.1") })
		}
		wg.Wait()
		if asked := v.asked.Load(); asked != 10 {
			t.Errorf("of 100 guesses at once %d were looked at, want 10", asked)
		}
	})
}

// The log has a line a minute, with what came since the last one.
func TestGuessesAreLoggedOnce(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		v, ask := newVault()
		for range 60 {
			ask("a", "wrong", "192.0.2.1")
		}
		const first = "requests=1 address=192.0.2.1/32 by_address=false"
		if got := v.log.String(); strings.Count(got, "were slowed") != 1 || !strings.Contains(got, first) {
			t.Errorf("log: %s, want one line with %s", got, first)
		}
		time.Sleep(time.Minute)
		for range 60 {
			ask("a", "wrong", "192.0.2.1")
		}
		if got := v.log.String(); strings.Count(got, "were slowed") != 2 || !strings.Contains(got, "requests=50 ") {
			t.Errorf("log: %s, want a second line with the 49 before and its own", got)
		}
		if strings.Contains(v.log.String(), "wrong") {
			t.Errorf("a secret was logged: %s", v.log.String())
		}
	})
}
