package main

import (
	"cmp"
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
)

// defaultAPI is where a worker listens unless told otherwise.
const defaultAPI = "http://127.0.0.1:8080"

// target is the API that a command talks to.
type target struct {
	api   *url.URL
	token string
	found bool // the token is that of the try-out, which is no secret on this machine
}

// connect returns a session for the command: with the API over the network, or
// with the one in this process with --redis-url.
func (a *app) connect(ctx context.Context) (*session, error) {
	if a.global.redisURL != "" {
		d := direct{redisURL: a.global.redisURL, account: a.global.account, token: account.NewToken()}
		transport, stop, err := d.transport(ctx)
		if err != nil {
			return nil, err
		}
		a.cleanup = append(a.cleanup, stop)
		here := target{api: &url.URL{Scheme: "http", Host: "localhost"}, token: d.token}
		return a.open(here, "Redis", transport)
	}
	t, err := a.target()
	if err != nil {
		return nil, err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	a.cleanup = append(a.cleanup, transport.CloseIdleConnections)
	return a.open(t, "the API at "+t.api.String(), transport)
}

// target finds out which API is meant. The token of the try-out is for the
// try-out's own address only: no other server shall see it.
func (a *app) target() (target, error) {
	state := a.tryout()
	api, err := url.Parse(cmp.Or(a.global.api, state.API, defaultAPI))
	if err != nil {
		return target{}, usagef("the address of the API: %w", err)
	}
	if (api.Scheme != "http" && api.Scheme != "https") || api.Host == "" || api.RawQuery != "" || api.User != nil {
		return target{}, usagef("the address of the API is %q, want something like %s", api.Redacted(), defaultAPI)
	}
	t := target{api: api, token: strings.TrimSpace(a.global.token)}
	if t.token == "" && sameAPI(api, state.API) {
		t.token, t.found = state.Token, true
	}
	return t, nil
}

// tryout returns what the worker's try-out has left for this user, which is
// nothing if there is none.
func (a *app) tryout() tryout.State {
	state, err := tryout.ReadState(a.global.dataDir)
	if err != nil && !errors.Is(err, tryout.ErrNoWorker) {
		a.warn("%v; going on without it", err)
	}
	return state
}

// sameAPI reports whether two addresses are of one server: the same port of
// the same host, whatever loopback is called.
func sameAPI(a *url.URL, other string) bool {
	b, err := url.Parse(other)
	if err != nil || a.Scheme != b.Scheme || a.Port() != b.Port() {
		return false
	}
	return a.Hostname() == b.Hostname() || loopback(a.Hostname()) && loopback(b.Hostname())
}

func loopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}
