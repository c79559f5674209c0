package webhook

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A delivery is what a receiver got.
type delivery struct {
	header http.Header
	body   []byte
	proto  string
}

// newReceiver returns a receiver that answers 200 and keeps what it gets.
func newReceiver(t *testing.T, start func(http.Handler) *httptest.Server) (*httptest.Server, <-chan delivery) {
	t.Helper()
	got := make(chan delivery, 128)
	server := start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- delivery{r.Header, body, r.Proto}
		_, _ = io.WriteString(w, "thanks")
	}))
	t.Cleanup(server.Close)
	return server, got
}

func TestSendSaysWhatHappened(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	oldSecret, newSecret := mustParse(t, NewSecret()), mustParse(t, NewSecret())
	asked := ""
	sender := NewSender(fixed(func(account string) []Secret {
		asked = account
		return []Secret{newSecret, oldSecret}
	}), NewGuard(loopback()), SenderOptions{})
	t.Cleanup(sender.Close)

	r := sender.Send(t.Context(), event(server.URL+"/hook"), 2)

	if r.Outcome != Delivered || r.Attempt.Code != 200 || r.Attempt.Answer != "thanks" || r.Attempt.Error != "" {
		t.Errorf("got %+v, want it delivered", r)
	}
	if asked != "acme" {
		t.Errorf("the secrets of %q were asked for, want those of acme", asked)
	}
	d := <-got
	const body = `{"jobId":"0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f","id":"0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f",` +
		`"conversationId":"5179649407582208","status":"completed","sequence":3,"occurredAt":"2026-03-01T11:00:00.070Z"}`
	if string(d.body) != body {
		t.Errorf("got body\n%s, want\n%s", d.body, body)
	}
	digits := fmt.Sprintf("%x", sha256.Sum256(d.body))[:8]
	for name, want := range map[string]string{
		"webhook-id":      "0b5e1f9a-8a1c-4c3f-9a57-3a5d1c2b4e6f_3_" + digits,
		"content-type":    "application/json",
		"user-agent":      "Turnwise-Webhooks/1",
		"accept-encoding": "",
		"authorization":   "",
		"cookie":          "",
	} {
		if got := d.header.Get(name); got != want {
			t.Errorf("got %s %q, want %q", name, got, want)
		}
	}
	for _, secret := range []Secret{oldSecret, newSecret} {
		if err := verify(secret, d.header, d.body); err != nil {
			t.Errorf("the request does not verify: %v", err)
		}
	}
	if a := r.Attempt; a.EventID != event("").ID() || a.Status != "completed" || a.Number != 2 || a.Outcome != Delivered {
		t.Errorf("got record %+v, want it to name event, status and attempt", a)
	}
}

func TestSendMeasuresThePhases(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, func(h http.Handler) *httptest.Server {
		server := httptest.NewUnstartedServer(h)
		server.EnableHTTP2 = true
		server.StartTLS()
		return server
	})
	sender := newSender(t, SenderOptions{})
	trusted := x509.NewCertPool()
	trusted.AddCert(server.Certificate())
	sender.transport.TLSClientConfig = &tls.Config{RootCAs: trusted}

	first := sender.Send(t.Context(), event(server.URL), 1).Attempt
	again := sender.Send(t.Context(), event(server.URL), 1).Attempt

	if first.Connect <= 0 || first.TLS <= 0 || first.FirstByte < first.Connect+first.TLS || first.Total < first.FirstByte || first.At.IsZero() {
		t.Errorf("got %+v, want the phases of a new connection", first)
	}
	if again.Connect != 0 || again.TLS != 0 || again.FirstByte <= 0 {
		t.Errorf("got %+v, want those of a connection that was there", again)
	}
	if d := <-got; d.proto != "HTTP/1.1" {
		t.Errorf("got %s, want HTTP/1.1, over which nothing is sent twice", d.proto)
	}
}

func TestSendRefusesWhereItMayNotGo(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	sender := NewSender(oneSecret(t), NewGuard(nil), SenderOptions{})
	t.Cleanup(sender.Close)
	for _, host := range []string{
		"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "127.255.0.1",
		"①②⑦.⓪.⓪.①", "１２７.0.0.1", "127。0。0。1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "local\u00adhost", "127.0.0.\u200b1",
		"[64:ff9b::7f00:1]", "[fe80::1%25lo]", "", "user@127.0.0.1",
	} {
		r := sender.Send(t.Context(), event("http://"+host+":"+port+"/"), 1)
		if r.Outcome != Dead || r.Attempt.Code != 0 || strings.Contains(r.Attempt.Error, "127.") {
			t.Errorf("host %q: got %s, %q; want it dead, and no address told", host, r.Outcome, r.Attempt.Error)
		}
	}
	if len(got) != 0 {
		t.Errorf("the receiver got %d requests, want none", len(got))
	}
}

func TestSendTellsTheOperatorWhatWasRefused(t *testing.T) {
	t.Parallel()

	sender := NewSender(oneSecret(t), NewGuard(nil), SenderOptions{})
	t.Cleanup(sender.Close)
	if r := sender.Send(t.Context(), event("http://10.9.8.7/"), 1); r.Address != "10.9.8.7:80" || strings.Contains(r.Attempt.Error, "10.9.8.7") {
		t.Errorf("got address %q, error %q; want the address in the former only", r.Address, r.Attempt.Error)
	}
}

// The environment names a proxy; a request through it would be out of the
// guard's sight.
func TestSendIgnoresTheEnvironment(t *testing.T) {
	proxy, got := newReceiver(t, httptest.NewServer)
	for _, name := range []string{"HTTP_PROXY", "http_proxy", "ALL_PROXY"} {
		t.Setenv(name, proxy.URL)
	}
	r := newSender(t, SenderOptions{}).Send(t.Context(), event("http://192.0.2.1/"), 1)
	if r.Outcome != Dead || len(got) != 0 {
		t.Errorf("got %s and %d requests at the proxy, want it dead and none", r.Outcome, len(got))
	}
}

// No address is in what a job's owner reads, not even one that may be dialled.
func TestSendErrorsNameNoAddress(t *testing.T) {
	t.Parallel()

	var lc net.ListenConfig
	closed, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0)
	secure.StartTLS()
	t.Cleanup(secure.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)

	tests := []struct {
		name, url, want string
	}{
		{"nobody listens", "http://" + closed.Addr().String(), "connection refused while connecting"},
		{"certificate of nobody", secure.URL, "the certificate was by an unknown authority while agreeing on TLS"},
		{"TLS to one who does not speak it", strings.Replace(plain.URL, "http", "https", 1), "the connection failed while agreeing on TLS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			r := newSender(t, SenderOptions{}).Send(t.Context(), event(tt.url), 1)
			if r.Outcome != Retry || r.Attempt.Error != tt.want || r.Address == "" {
				t.Errorf("got %s, error %q, address %q; want retry, %q and the address", r.Outcome, r.Attempt.Error, r.Address, tt.want)
			}
		})
	}
}

func TestSendUsesConnectionsAgain(t *testing.T) {
	t.Parallel()

	var connections atomic.Int64
	answer := strings.Repeat("a", maxAnswer+maxDrain/2)
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	for range 20 {
		if r := sender.Send(t.Context(), event(server.URL), 1); r.Outcome != Delivered || len(r.Attempt.Answer) != maxAnswer {
			t.Fatalf("got %s with %d bytes of answer, want it delivered with %d", r.Outcome, len(r.Attempt.Answer), maxAnswer)
		}
	}
	if n := connections.Load(); n != 1 {
		t.Errorf("20 deliveries took %d connections, want 1", n)
	}
}

func TestSendStopsWithItsContext(t *testing.T) {
	t.Parallel()

	receiver := newRawReceiver(t, "", hangs, "")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	r := newSender(t, SenderOptions{}).Send(ctx, event(receiver.url), 1)
	if r.Outcome != Retry || r.Attempt.Code != 0 || !strings.Contains(r.Attempt.Error, "interrupted") {
		t.Errorf("got %s, code %d, %q; want it interrupted", r.Outcome, r.Attempt.Code, r.Attempt.Error)
	}
}

// A success is recorded soon, though the receiver takes its time to finish.
func TestSendDoesNotWaitForTheRestOfTheAnswer(t *testing.T) {
	t.Parallel()

	receiver := newRawReceiver(t, "HTTP/1.1 200 OK\r\n\r\n", drips, "x")
	began := time.Now()
	r := newSender(t, SenderOptions{}).Send(t.Context(), event(receiver.url), 1)
	if took := time.Since(began); r.Outcome != Delivered || r.Attempt.Answer == "" || took > 5*time.Second {
		t.Errorf("got %s with answer %q after %s, want it delivered with a beginning of the answer after %s", r.Outcome, r.Attempt.Answer, took, bodyTime)
	}
}

func TestSendJudgesWhatTheNameMeansNow(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	server.Config.SetKeepAlivesEnabled(false)
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	names := newNameServer(t, "127.0.0.1", "127.0.0.2")
	guard := NewGuard([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")})
	sender := NewSender(oneSecret(t), guard, SenderOptions{})
	sender.transport = newTransport(&net.Dialer{Resolver: names, ControlContext: guard.Control}, time.Second)
	t.Cleanup(sender.Close)

	url := "http://rebinding.example.com:" + port
	first, second := sender.Send(t.Context(), event(url), 1), sender.Send(t.Context(), event(url), 2)
	if first.Outcome != Delivered || first.Attempt.DNS <= 0 {
		t.Errorf("got %+v, want it delivered to where the name led first", first)
	}
	if second.Outcome != Dead || strings.Contains(second.Attempt.Error, "127.") || second.Address != "127.0.0.2:"+port {
		t.Errorf("got %+v, want it dead, and the address for the operator only", second)
	}
	if len(got) != 1 {
		t.Errorf("the receiver got %d requests, want 1", len(got))
	}
}

func TestSendDoesNotWaitForANameServer(t *testing.T) {
	t.Parallel()

	sender := newSender(t, SenderOptions{Timeout: 200 * time.Millisecond})
	sender.transport = newTransport(&net.Dialer{Timeout: 200 * time.Millisecond, Resolver: newNameServer(t)}, time.Second)
	began := time.Now()
	r := sender.Send(t.Context(), event("http://silent.example.com"), 1)
	if took := time.Since(began); took > 2*time.Second || r.Outcome != Retry || r.Attempt.Error != "the time was up while resolving the host name" {
		t.Errorf("got %s, %q after %s; want retry for lack of time", r.Outcome, r.Attempt.Error, took)
	}
}

func BenchmarkSend(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "ok")
	}))
	defer server.Close()
	sender := newSender(b, SenderOptions{})
	e := event(server.URL)
	b.SetParallelism(32) // times the cores: 64 senders on two
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if r := sender.Send(b.Context(), e, 1); r.Outcome != Delivered {
				b.Errorf("got %+v, want it delivered", r)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "deliveries/s")
}
