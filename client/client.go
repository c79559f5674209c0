package client

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Options adjusts a [Client]. The zero value is fit for production.
type Options struct {
	AppID, AppSecret string // get tokens with these, and new ones before they expire; instead of a token

	RetryFor       time.Duration // how long a call goes on trying; 30s if zero, negative tries once
	AttemptTimeout time.Duration // of one try, answer included; 30s if zero
	MaxAnswer      int64         // bytes of an answer, which is held in memory; 256 MiB if zero

	// Account is whose jobs and lanes are meant, where the token is that of an operator.
	Account string

	Transport http.RoundTripper // http.DefaultTransport if nil
	UserAgent string            // "turnwise-go" if empty
	OnRetry   func(Retry)       // is called before each wait; may be nil
}

// A Retry describes a failed try that will be followed by another one.
type Retry struct {
	Failed int           // how many tries have failed, this one included
	Err    error         // of the last one
	Wait   time.Duration // until the next one
}

// A Client calls the API of one server for one account.
type Client struct {
	base  string // without a slash at its end
	http  *http.Client
	opts  Options
	token string     // empty if there is none, or if there is an app
	apps  *appTokens // nil if there is no app
}

// New returns a client of the API at baseURL, such as http://127.0.0.1:8080.
// The token may be empty if opts has an app, or for calls that need none.
func New(baseURL, token string, opts Options) (*Client, error) {
	base, err := url.Parse(baseURL)
	if err != nil {
		return nil, fmt.Errorf("read the base URL: %w", err)
	}
	switch {
	case base.Scheme != "http" && base.Scheme != "https", base.Host == "", base.User != nil, base.RawQuery != "", base.Fragment != "":
		return nil, fmt.Errorf("the base URL is %q, want something like http://127.0.0.1:8080", base.Redacted())
	case hasControl(token):
		return nil, errors.New("the token has a control character in it, perhaps a line break")
	case (opts.AppID == "") != (opts.AppSecret == ""):
		return nil, errors.New("an app needs both its id and its secret")
	case token != "" && opts.AppID != "":
		return nil, errors.New("a token and an app exclude each other")
	}
	opts.RetryFor = cmp.Or(opts.RetryFor, 30*time.Second)
	opts.AttemptTimeout = cmp.Or(opts.AttemptTimeout, 30*time.Second)
	opts.MaxAnswer = cmp.Or(opts.MaxAnswer, 256<<20)
	opts.UserAgent = cmp.Or(opts.UserAgent, "turnwise-go")
	c := &Client{
		base: strings.TrimRight(base.String(), "/"),
		http: &http.Client{
			Transport:     opts.Transport,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		opts:  opts,
		token: token,
	}
	if opts.AppID != "" {
		c.apps = newAppTokens(c)
	}
	return c, nil
}

// hasControl reports whether s is unfit for a header: a line break in it would
// begin another header.
func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
