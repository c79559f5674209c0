package session

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/inprocess"
)

// defaultAPI is where a worker listens by default.
const defaultAPI = "http://127.0.0.1:8080"

// A Target is the API that a command calls.
type Target struct {
	API    *url.URL
	Token  string
	Tryout bool // the token is that of the try-out, which is no secret on this machine

	// dial opens connections to the worker that left its address, and to nobody
	// who listens there in its place. It is nil for any other API.
	dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Connect returns a session with the API: over the network, or in this process
// with --redis-url.
func (inv *Invocation) Connect(ctx context.Context) (*Session, error) {
	if inv.flags.redisURL != "" {
		opts := inprocess.Options{Warn: inv.Warn, RedisURL: inv.flags.redisURL, Account: cmp.Or(inv.flags.account, "default"), Token: account.NewToken()}
		transport, stop, err := inprocess.Open(ctx, opts)
		if err != nil {
			return nil, err
		}
		inv.cleanup = append(inv.cleanup, stop)
		local := Target{API: &url.URL{Scheme: "http", Host: "localhost"}, Token: opts.Token}
		return inv.open(local, "Redis", transport)
	}
	t, err := inv.Target()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	inv.cleanup = append(inv.cleanup, transport.CloseIdleConnections)
	inv.noToken = t.Token == ""
	where := "the API at " + t.API.String()
	if t.dial != nil {
		if err := t.prove(ctx); err != nil {
			return nil, &exit.UnreachableError{Where: where, Err: err}
		}
		transport.DialContext, transport.Proxy = t.dial, nil
	}
	return inv.open(t, where, transport)
}

// prove returns an error if somebody else listens at the worker's address. That
// nobody does is left for the first request to find out, which waits for it.
func (t Target) prove(ctx context.Context) error {
	conn, err := t.dial(ctx, "tcp", t.API.Host)
	if errors.Is(err, tryout.ErrNotProven) {
		return err
	}
	if err == nil {
		_ = conn.Close() // it was only asked who it is
	}
	return nil
}

// open returns a session with the API of t.
func (inv *Invocation) open(t Target, where string, transport http.RoundTripper) (*Session, error) {
	inv.where = where
	retryFor, onBehalf := inv.flags.retry, inv.flags.account
	if inv.flags.redisURL != "" {
		onBehalf = "" // the API in this process has that one alone
	}
	if retryFor == 0 {
		retryFor = -1 // once
	}
	api, err := client.New(t.API.String(), t.Token, client.Options{
		RetryFor:  retryFor,
		Account:   onBehalf,
		Transport: transport,
		UserAgent: "turnwise-enqueue",
		OnRetry:   inv.warnOfRetry,
	})
	if err != nil {
		return nil, &exit.UsageError{Err: err}
	}
	return &Session{API: api, Out: inv.Printer()}, nil
}

// warnOfRetry says why a request takes longer, once per request.
func (inv *Invocation) warnOfRetry(r client.Retry) {
	if r.Failed == 1 {
		inv.Warn("%v; trying again for %s", inv.explain(r.Err), inv.flags.retry)
	}
}

// Target returns which API the flags, the environment and the try-out name.
// The token of the try-out is for the try-out's own address only, and whatever
// is sent there is for the worker that left the address: it must go to no other
// server.
func (inv *Invocation) Target() (Target, error) {
	state := inv.Tryout()
	raw := cmp.Or(inv.flags.api, state.API, defaultAPI)
	if !strings.Contains(raw, "://") {
		return Target{}, exit.Usagef("the address of the API is %q, want it with http:// or https:// in front, such as %q", raw, "http://"+raw)
	}
	api, err := url.Parse(raw)
	if err != nil {
		return Target{}, exit.Usagef("the address of the API: %w", err)
	}
	if (api.Scheme != "http" && api.Scheme != "https") || api.Host == "" || api.RawQuery != "" || api.User != nil {
		return Target{}, exit.Usagef("the address of the API is %q, want something like %s", api.Redacted(), defaultAPI)
	}
	t := Target{API: api, Token: strings.TrimSpace(inv.flags.token)}
	if own, err := url.Parse(state.API); err == nil && sameAPI(api, own) {
		api.Host = own.Host // another name of loopback may be somebody else's
		t.dial = tryout.Prover{Key: state.Proof}.DialContext
		if t.Token == "" {
			t.Token, t.Tryout = state.Token, true
		}
	}
	return t, nil
}

// Tryout returns the state that the worker's try-out has written for this
// user. It is empty if there is none.
func (inv *Invocation) Tryout() tryout.State {
	state, err := tryout.ReadState(inv.flags.dataDir)
	if err != nil && !errors.Is(err, tryout.ErrNoWorker) {
		inv.Warn("%v; going on without it", err)
	}
	return state
}

// sameAPI reports whether two addresses are of one server: the same port of
// the same host, where all names of loopback are one host.
func sameAPI(a, b *url.URL) bool {
	if a.Scheme != b.Scheme || a.Port() != b.Port() {
		return false
	}
	return a.Hostname() == b.Hostname() || loopback(a.Hostname()) && loopback(b.Hostname())
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
