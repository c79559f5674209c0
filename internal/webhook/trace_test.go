package webhook

import (
	"net"
	"net/http/httptrace"
	"testing"
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
