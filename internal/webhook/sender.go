package webhook

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
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
	Extras    []Extra       // of endpoints that want more than others
	Origin    string        // in whose name receivers are asked for their consent; they are not if it is empty
	Log       *slog.Logger  // of what is held back; may be nil
	Meter     Meter         // may be nil
}

// A Sender makes attempts to deliver events. It may be used by several
// goroutines at once.
type Sender struct {
	secrets   Secrets
	strangers unsignedAccounts
	timeout   time.Duration
	agent     string
	consents  *consents // nil if nobody is asked
	transport *http.Transport
	routes    map[routeKey]route // of endpoints with extras
}

// A Result is how an attempt ended. Outcome is [Retry] also for the attempt
// after which there is no other; that is for [Policy.Settle] to say.
type Result struct {
	Outcome    Outcome
	Class      Class
	RetryAfter time.Duration // what the receiver asked for; zero if nothing
	Attempt    Attempt       // for the owner of the job
	Address    string        // dialled, or refused; for the operator only
}

// Secrets returns what the webhooks of an account are signed with now: none if the
// account is not known here.
type Secrets func(ctx context.Context, account string) ([]Secret, error)

// NewSender returns a Sender that dials what guard permits, and signs with all
// the secrets that an account has at the time of the attempt. It sends nothing
// for an account of which it has none.
func NewSender(secrets Secrets, guard *Guard, opts SenderOptions) *Sender {
	timeout := cmp.Or(opts.Timeout, 15*time.Second)
	transport := newTransport(&net.Dialer{Timeout: timeout, ControlContext: guard.Control}, timeout)
	return &Sender{
		secrets: secrets,
		strangers: unsignedAccounts{
			log:   cmp.Or(opts.Log, slog.New(slog.DiscardHandler)),
			meter: orNoMeter(opts.Meter),
		},
		timeout:   timeout,
		agent:     cmp.Or(opts.UserAgent, "Turnwise-Webhooks/1"),
		consents:  newConsents(opts.Origin),
		transport: transport,
		routes:    newRoutes(opts.Extras, transport),
	}
}

// newTransport returns a transport that takes nothing from the environment.
//
// It speaks HTTP/1.1 only: over HTTP/2 a request is sent again, unseen, when
// the receiver resets its stream. Connections are given up before the five
// seconds after which common servers close an idle one, possibly under a
// request; what happens then, see [route.exchange].
func newTransport(dialer *net.Dialer, timeout time.Duration) *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		Protocols:              &protocols,
		TLSHandshakeTimeout:    timeout,
		TLSClientConfig:        &tls.Config{GetClientCertificate: answerWith(nil)},
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConns:           maxIdle,
		MaxIdleConnsPerHost:    maxPerHost,
		IdleConnTimeout:        idleTime,
	}
}

// Close closes the connections that are not in use.
func (s *Sender) Close() {
	s.transport.CloseIdleConnections()
	for _, r := range s.routes {
		r.transport.CloseIdleConnections()
	}
}

// Send makes one attempt to deliver e: one POST to its URL, signed now, that
// is never sent on to another address. It is sent a second time, at once, only
// if a connection that had served before broke without a byte of an answer.
//
// A status of 2xx is a success the moment it is in, whatever becomes of the
// rest of the answer. 410, or the header "webhook-delivery: abort-message",
// ends the event; so do a URL that cannot be delivered to and an address that
// the [Guard] refuses. Anything else is to be tried again, be it another
// status, a redirect, silence, a connection that failed, a receiver that did not
// consent, or an account whose secret is not known here.
//
// When ctx ends before a status is in, the attempt is broken off: the result
// is [Retry] without a code.
func (s *Sender) Send(ctx context.Context, e Event, attempt int) Result {
	t := newTrace(time.Now())
	body := e.body()
	id := e.idOf(body)
	r, t := s.post(ctx, message{event: e, id: id, body: body}, t)
	r.Attempt.EventID = id
	r.Attempt.Status = e.Status
	r.Attempt.Number = attempt
	r.Attempt.Answer = keptOf(r.Attempt.Answer, attempt)
	r.Attempt.Outcome = r.Outcome
	t.fill(&r.Attempt)
	return r
}

// A message is an event in the form in which it is sent.
type message struct {
	event Event
	to    *url.URL
	route route
	id    string
	body  []byte
}

// post also returns the trace of the request that the result is of.
func (s *Sender) post(ctx context.Context, m message, t *trace) (Result, *trace) {
	to, err := ParseURL(m.event.URL)
	if err != nil {
		return Result{Outcome: Dead, Class: ClassInvalid, Attempt: Attempt{Error: "the URL " + err.Error()}}, t
	}
	m.to, m.route = to, s.routeTo(m.event.Account, m.event.URL)
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	req, err := s.request(ctx, m, t.start)
	if why, held := s.strangers.withhold(ctx, m.event.Account, err); held {
		return Result{Outcome: Retry, Class: ClassWithheld, Attempt: Attempt{Error: why}}, t
	}
	if err != nil {
		return Result{Outcome: Dead, Class: ClassInvalid, Attempt: Attempt{Error: "the request could not be made"}}, t
	}
	s.strangers.signed(ctx, m.event.Account)
	if r, asked, over := s.mayNotSend(ctx, m, t.start); over {
		return r, asked
	}
	res, t, err := m.route.exchange(req, t)
	if err != nil {
		return unanswered(err, t), t
	}
	defer res.Body.Close()

	r := resultOf(res, time.Now())
	r.Address = t.at()
	if res.StatusCode != http.StatusSwitchingProtocols { // else it has no body and no deadline
		defer time.AfterFunc(bodyTime, cancel).Stop()
		r.Attempt.Answer = readAnswer(res.Body)
	}
	return r, t
}

// exchange sends the request and returns the header of the answer, with the
// trace of the request that it is to.
//
// A receiver may close a connection right after an answer, just when the next
// request is on its way. So a request on a connection that had served before,
// and broke without a byte of an answer, is sent again on a new one. It may
// have arrived, which is why it is not repeated any further.
//
// Nothing here is done by an http.Client: that is where redirects, cookies and
// credentials from the URL come from.
func (r route) exchange(req *http.Request, t *trace) (*http.Response, *trace, error) {
	res, err := r.transport.RoundTrip(t.follow(req))
	if err == nil || !t.staleConn() || req.Context().Err() != nil {
		return res, t, err
	}
	body, err := req.GetBody()
	if err != nil {
		return nil, t, err
	}
	t = newTrace(t.start)
	req = t.follow(req)
	req.Body = body
	fresh := r.transport.Clone()
	fresh.DisableKeepAlives = true // so it knows no other connection, and leaves none
	res, err = fresh.RoundTrip(req)
	return res, t, err
}

func (s *Sender) request(ctx context.Context, m message, at time.Time) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.to.String(), bytes.NewReader(m.body))
	if err != nil {
		return nil, fmt.Errorf("make the request of event %s: %w", m.id, err)
	}
	m.route.add(req.Header)
	req.Header["Content-Type"] = []string{"application/json"}
	req.Header["User-Agent"] = []string{s.agent}
	if m.event.Trace != "" {
		req.Header["Traceparent"] = []string{m.event.Trace}
	}
	if m.event.Replay {
		req.Header["Webhook-Replay"] = []string{"true"}
	}
	secrets, err := s.secrets(ctx, m.event.Account)
	if err != nil {
		return nil, &unreadableError{err}
	}
	if err := sign(req.Header, secrets, m.id, at, m.body); err != nil {
		return nil, fmt.Errorf("sign event %s: %w", m.id, err)
	}
	return req, nil
}

// unanswered is the result of an attempt that got no status.
func unanswered(err error, t *trace) Result {
	r := Result{Outcome: Retry, Class: t.class(err), Attempt: Attempt{Error: t.explain(err)}, Address: t.at()}
	if blocked, ok := errors.AsType[*BlockedError](err); ok {
		r.Outcome, r.Address = Dead, blocked.Address
	}
	return r
}
