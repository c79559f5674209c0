package webhook

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

const (
	consentTime = time.Hour // how long a receiver's consent counts, in this process
	maxConsents = 10_000    // URLs of which it is known
)

// consents are what receivers have consented to. Before its first webhook a URL is asked
// by the OPTIONS request of CloudEvents' "HTTP 1.1 Web Hooks for Event Delivery", section
// 4, so that nobody can have Turnwise send to somebody who does not want it. A consent
// counts for an hour; a refusal is asked about again at the next attempt.
type consents struct {
	origin string // who asks
	until  *lru.Cache[string, time.Time]
}

// newConsents returns consents in the name of an origin, or nil, which asks nobody, if
// it is empty.
func newConsents(origin string) *consents {
	if origin == "" {
		return nil
	}
	until, _ := lru.New[string, time.Time](maxConsents) // fails for a size below 1 only
	return &consents{origin, until}
}

// given reports whether a URL has consented not long ago.
func (c *consents) given(to string, now time.Time) bool {
	until, known := c.until.Get(to)
	return known && now.Before(until)
}

// request returns the question.
func (c *consents) request(ctx context.Context, to *url.URL, agent string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodOptions, to.String(), http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header["User-Agent"] = []string{agent}
	req.Header["WebHook-Request-Origin"] = []string{c.origin}
	return req, nil
}

// allows reports whether an answer consents. The status does not count: receivers that
// have no other use for OPTIONS may answer 405 with the header.
func (c *consents) allows(h http.Header) bool {
	allowed := h.Get("WebHook-Allowed-Origin")
	return allowed == "*" || strings.EqualFold(allowed, c.origin)
}

// mayNotSend asks a receiver for its consent, if that is to be done and was not. If it
// does not give it, the attempt is over, with the result and the trace of the question.
func (s *Sender) mayNotSend(ctx context.Context, m message, start time.Time) (Result, *trace, bool) {
	to := m.to
	if s.consents == nil || s.consents.given(to.String(), start) {
		return Result{}, nil, false
	}
	t := newTrace(start)
	req, err := s.consents.request(ctx, to, s.agent)
	if err != nil {
		return Result{Outcome: Dead, Class: ClassInvalid, Attempt: Attempt{Error: "the question for consent could not be made"}}, t, true
	}
	m.route.add(req.Header)
	res, err := m.route.transport.RoundTrip(t.follow(req))
	if err != nil {
		r := unanswered(err, t)
		r.Attempt.Error = "asked for its consent: " + r.Attempt.Error
		return r, t, true
	}
	_, _ = io.CopyN(io.Discard, res.Body, maxHeader) // so that the connection can be used again
	_ = res.Body.Close()
	if !s.consents.allows(res.Header) {
		return Result{Outcome: Retry, Class: ClassConsent, Address: t.at(), Attempt: Attempt{
			Code: res.StatusCode, Error: fmt.Sprintf("the receiver did not consent to webhooks of %s", s.consents.origin),
		}}, t, true
	}
	s.consents.until.Add(to.String(), start.Add(consentTime))
	return Result{}, nil, false
}
