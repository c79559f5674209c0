package webhook

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptrace"
	"time"
)

const (
	maxHeader  = 16 << 10        // bytes of an answer's header, informational ones included
	bodyTime   = time.Second     // for the rest of an answer, since its status has said it all
	idleTime   = 4 * time.Second // of a connection, see newTransport
	maxIdle    = 4096            // idle connections
	maxPerHost = 256             // of them, to one host and port
)

// SenderOptions adjusts a [Sender]. The zero value is fit for production.
type SenderOptions struct {
	Timeout   time.Duration // of one attempt, from the look-up of the name to the end of the answer; 15s if zero
	UserAgent string        // "Turnwise-Webhooks/1" if empty
}

// A Sender makes attempts to deliver events. It may be used by several
// goroutines at once.
type Sender struct {
	secrets   func(account string) []Secret
	timeout   time.Duration
	agent     string
	transport *http.Transport
}

// A Result is how an attempt ended. Outcome is [Retry] also for the attempt
// after which there is no other; that is for [Policy.Settle] to say.
type Result struct {
	Outcome    Outcome
	RetryAfter time.Duration // what the receiver asked for; zero if nothing
	Attempt    Attempt       // for the owner of the job
	Address    string        // dialled, or refused; for the operator only
}

// NewSender returns a Sender that dials what guard permits, and signs with all
// the secrets that an account has at the time of the attempt. What it sends for
// an account without secrets is not signed.
func NewSender(secrets func(account string) []Secret, guard *Guard, opts SenderOptions) *Sender {
	timeout := cmp.Or(opts.Timeout, 15*time.Second)
	dialer := &net.Dialer{Timeout: timeout, ControlContext: guard.Control}
	return &Sender{
		secrets:   secrets,
		timeout:   timeout,
		agent:     cmp.Or(opts.UserAgent, "Turnwise-Webhooks/1"),
		transport: newTransport(dialer, timeout),
	}
}

// newTransport returns a transport that takes nothing from the environment.
//
// It speaks HTTP/1.1 only: over HTTP/2 a request is sent again, unseen, when
// the receiver resets its stream, and an attempt is to be one request. For
// the same reason connections are given up before the five seconds after
// which common servers close an idle one, possibly under a request.
func newTransport(dialer *net.Dialer, timeout time.Duration) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		Protocols:              &protocols,
		TLSHandshakeTimeout:    timeout,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxPerHost,
		IdleConnTimeout:        idleTime,
	}
}

// Close closes the connections that are not in use.
func (s *Sender) Close() { s.transport.CloseIdleConnections() }

// Send makes one attempt to deliver e: one POST to its URL, signed now, that
// is never sent on to another address.
//
// A status of 2xx is a success the moment it is in, whatever becomes of the
// rest of the answer. 410, or the header "webhook-delivery: abort-message",
// ends the event; so do a URL that cannot be delivered to and an address that
// the [Guard] refuses. Anything else is to be tried again, be it another
// status, a redirect, silence or a connection that failed.
//
// When ctx ends before a status is in, the attempt is broken off: the result
// is [Retry] without a code.
func (s *Sender) Send(ctx context.Context, e Event, attempt int) Result {
	t := newTrace()
	r := s.post(httptrace.WithClientTrace(ctx, t.hooks()), e, t)
	r.Attempt.EventID = e.ID()
	r.Attempt.Status = e.Status
	r.Attempt.Number = attempt
	r.Attempt.Outcome = r.Outcome
	t.fill(&r.Attempt)
	return r
}

func (s *Sender) post(ctx context.Context, e Event, t *trace) Result {
	if err := CheckURL(e.URL); err != nil {
		return Result{Outcome: Dead, Attempt: Attempt{Error: "the URL " + err.Error()}}
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	req, err := s.request(ctx, e, t.start)
	if err != nil {
		return Result{Outcome: Dead, Attempt: Attempt{Error: "the request could not be made"}}
	}
	// Not by an http.Client: that is where redirects, cookies and credentials
	// from the URL come from.
	res, err := s.transport.RoundTrip(req)
	at, address := t.at()
	if err != nil {
		return unanswered(err, at, address)
	}
	defer res.Body.Close()

	r := judge(res, time.Now())
	r.Address = address
	if res.StatusCode != http.StatusSwitchingProtocols { // else it has no body and no deadline
		defer time.AfterFunc(bodyTime, cancel).Stop()
		r.Attempt.Answer = readAnswer(res.Body)
	}
	return r
}

func (s *Sender) request(ctx context.Context, e Event, at time.Time) (*http.Request, error) {
	body, err := json.Marshal(NewPayload(e))
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.ID(), err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make the request of event %s: %w", e.ID(), err)
	}
	req.Header["Content-Type"] = []string{"application/json"}
	req.Header["User-Agent"] = []string{s.agent}
	sign(req.Header, s.secrets(e.Account), e.ID(), at, body)
	return req, nil
}

// unanswered is the result of an attempt that got no status.
func unanswered(err error, p phase, address string) Result {
	r := Result{Outcome: Retry, Attempt: Attempt{Error: explain(err, p)}, Address: address}
	if blocked, ok := errors.AsType[*BlockedError](err); ok {
		r.Outcome, r.Address = Dead, blocked.Address
	}
	return r
}
