package webhook

import (
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"testing"
	"testing/synctest"
	"time"
)

// A dial is begun, then an idle connection becomes free and is taken: the dial
// goes on without the attempt.
func TestTraceForgetsADialThatLost(t *testing.T) {
	t.Parallel()

	conn, other := net.Pipe()
	t.Cleanup(func() { _ = conn.Close(); _ = other.Close() })
	tr := newTrace(time.Now())
	hooks := tr.hooks()
	hooks.ConnectStart("tcp", "192.0.2.1:80")
	tr.connect.from = tr.connect.from.Add(-time.Second)
	hooks.GotConn(httptrace.GotConnInfo{Conn: conn, Reused: true})
	hooks.ConnectStart("tcp", "192.0.2.2:80")
	hooks.ConnectDone("tcp", "192.0.2.2:80", nil)

	var a Attempt
	tr.fill(&a)
	if address := tr.at(); a.Connect != 0 || tr.phase != sending || address != conn.RemoteAddr().String() {
		t.Errorf("got %vms of connecting, %s at %s; want none, sending, at the connection in use", a.Connect, tr.phase, address)
	}
}

func TestTraceCountsWhatHasNotEnded(t *testing.T) {
	t.Parallel()

	began := time.Now()
	tests := []struct {
		name string
		span span
		want float64
	}{
		{"not begun", span{}, 0},
		{"not ended", span{from: began}, 2000},
		{"ended", span{began, began.Add(1500 * time.Microsecond)}, 1.5},
	}
	for _, tt := range tests {
		if got := tt.span.millis(began.Add(2 * time.Second)); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

// phases calls the hooks of a new connection, with so many seconds in each
// phase.
func phases(tr *trace, conn net.Conn) {
	h := tr.hooks()
	h.DNSStart(httptrace.DNSStartInfo{})
	time.Sleep(1 * time.Second)
	h.DNSDone(httptrace.DNSDoneInfo{})
	h.ConnectStart("tcp", "192.0.2.1:443")
	time.Sleep(2 * time.Second)
	h.ConnectStart("tcp", "192.0.2.2:443") // which is slower than the one before
	time.Sleep(2 * time.Second)
	h.ConnectDone("tcp", "192.0.2.1:443", nil)
	h.TLSHandshakeStart()
	time.Sleep(8 * time.Second)
	h.TLSHandshakeDone(tls.ConnectionState{}, nil)
	h.GotConn(httptrace.GotConnInfo{Conn: conn})
	time.Sleep(16 * time.Second)
	h.ConnectDone("tcp", "192.0.2.2:443", nil)
	h.WroteRequest(httptrace.WroteRequestInfo{})
}

// Each phase has its own time, and what goes on beside or after it has none.
func TestTraceTimesThePhases(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		conn, other := net.Pipe()
		t.Cleanup(func() { _ = conn.Close(); _ = other.Close() })
		tr := newTrace(time.Now())
		began := time.Now()
		phases(tr, conn)
		var got Attempt
		tr.fill(&got)
		if want := (Attempt{At: began, DNS: 1000, Connect: 4000, TLS: 8000, Total: 29000}); got != want {
			t.Errorf("without an answer: got %+v, want %+v", got, want)
		}
		tr.hooks().GotFirstResponseByte()
		time.Sleep(32 * time.Second)
		tr.fill(&got)
		if want := (Attempt{At: began, DNS: 1000, Connect: 4000, TLS: 8000, FirstByte: 29000, Total: 61000}); got != want {
			t.Errorf("with one: got %+v, want %+v", got, want)
		}
	})
}
