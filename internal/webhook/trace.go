package webhook

import (
	"cmp"
	"context"
	"crypto/tls"
	"net/http"
	"net/http/httptrace"
	"sync"
	"time"
)

// A phase is what an attempt is doing; it says where one failed.
type phase string

const (
	resolving   phase = "resolving the host name"
	connecting  phase = "connecting"
	handshaking phase = "agreeing on TLS"
	sending     phase = "sending the request"
	waiting     phase = "waiting for the answer"
)

// A trace records the phases of one attempt. It is told of them by several
// goroutines, and even after the attempt: the addresses of a name are dialled
// side by side, and a dial goes on when an idle connection became free in the
// meantime. What is dialled once a connection is there does not count.
type trace struct {
	start time.Time

	mu                sync.Mutex
	phase             phase
	dns, connect, tls span
	connected, reused bool
	certificate       bool   // the receiver asked for one
	certified         bool   // and got it
	address           string // last dialled, or connected to
	firstByte         time.Time
}

// A span is a stretch of time that may not have begun, or not have ended.
type span struct{ from, to time.Time }

func newTrace(start time.Time) *trace { return &trace{start: start, phase: connecting} }

// traceKey is the key of a trace in the context of its request.
type traceKey struct{}

// follow returns the request with t told of what becomes of it.
func (t *trace) follow(req *http.Request) *http.Request {
	ctx := context.WithValue(req.Context(), traceKey{}, t)
	return req.WithContext(httptrace.WithClientTrace(ctx, t.hooks()))
}

// answerWith answers receivers that ask for a client certificate, with none if it is
// nil, and has the trace note that they did: what they do next may be to close, without
// a word that says why.
func answerWith(certificate *tls.Certificate) func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
	return func(asked *tls.CertificateRequestInfo) (*tls.Certificate, error) {
		if t, ok := asked.Context().Value(traceKey{}).(*trace); ok {
			t.mu.Lock()
			defer t.mu.Unlock()
			t.certificate, t.certified = true, certificate != nil
		}
		return cmp.Or(certificate, new(tls.Certificate)), nil
	}
}

// hooks returns the trace in the form in which net/http calls it.
func (t *trace) hooks() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		DNSStart:             func(httptrace.DNSStartInfo) { t.begin(resolving, &t.dns) },
		DNSDone:              func(httptrace.DNSDoneInfo) { t.end(&t.dns) },
		ConnectStart:         func(_, address string) { t.dial(address) },
		ConnectDone:          func(string, string, error) { t.end(&t.connect) },
		TLSHandshakeStart:    func() { t.begin(handshaking, &t.tls) },
		TLSHandshakeDone:     func(tls.ConnectionState, error) { t.end(&t.tls) },
		GotConn:              t.gotConn,
		WroteRequest:         t.wroteRequest,
		GotFirstResponseByte: t.gotFirstByte,
	}
}

func (t *trace) begin(p phase, s *span) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.connected {
		return
	}
	t.phase = p
	if s.from.IsZero() {
		s.from = time.Now()
	}
}

func (t *trace) end(s *span) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.connected {
		s.to = time.Now()
	}
}

func (t *trace) dial(address string) {
	t.begin(connecting, &t.connect)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.connected {
		t.address = address
	}
}

func (t *trace) gotConn(info httptrace.GotConnInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.connected = true
	t.phase = sending
	t.address = info.Conn.RemoteAddr().String()
	t.reused = info.Reused
	if info.Reused { // a dial that lost the race took none of the attempt's time
		t.dns, t.connect, t.tls = span{}, span{}, span{}
	}
}

func (t *trace) wroteRequest(httptrace.WroteRequestInfo) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.phase = waiting
}

func (t *trace) gotFirstByte() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.firstByte = time.Now()
}

// at returns the address that the attempt is at.
func (t *trace) at() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.address
}

// staleConn reports that the request was sent over a connection that had served
// before, and got no response.
func (t *trace) staleConn() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reused && t.firstByte.IsZero()
}

// fill writes the times into a, for an attempt that ends now.
func (t *trace) fill(a *Attempt) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	a.At = t.start
	a.DNS = t.dns.millis(now)
	a.Connect = t.connect.millis(now)
	a.TLS = t.tls.millis(now)
	a.Total = span{t.start, now}.millis(now)
	if !t.firstByte.IsZero() {
		a.FirstByte = span{t.start, t.firstByte}.millis(now)
	}
}

// millis returns the length of s in milliseconds, to the microsecond: up to
// now if it has not ended, zero if it has not begun.
func (s span) millis(now time.Time) float64 {
	if s.from.IsZero() {
		return 0
	}
	if s.to.Before(s.from) {
		s.to = now
	}
	return float64(s.to.Sub(s.from).Microseconds()) / 1000
}
