package connections_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/connections"
)

// A door is a server with bounds. It knows whoever asks for /known, and keeps
// who asks for /slow waiting.
type door struct {
	t    *testing.T
	addr string
	slow chan struct{} // closed to answer them
	log  lines
}

// lines are those of a log.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func open(t *testing.T, opts connections.Options) *door {
	t.Helper()
	d := &door{t: t, slow: make(chan struct{})}
	opts.Log = slog.New(slog.NewTextHandler(&d.log, nil))
	s := &http.Server{
		ReadHeaderTimeout: time.Minute,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/known":
				connections.Known(r.Context())
			case "/slow":
				<-d.slow
			}
			w.WriteHeader(http.StatusNoContent)
		}),
	}
	connections.Bound(s, opts)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.addr = l.Addr().String()
	go s.Serve(l)
	t.Cleanup(func() { _ = s.Close() })
	return d
}

// caller is one connection.
type caller struct {
	*testing.T
	net.Conn
	in *bufio.Reader
}

// call opens a connection and sends the text over it.
func (d *door) call(text string) *caller {
	d.t.Helper()
	conn, err := net.Dial("tcp", d.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	c := &caller{d.t, conn, bufio.NewReader(conn)}
	c.send(text)
	return c
}

func get(path string) string { return fmt.Sprintf("GET %s HTTP/1.1\r\nHost: x\r\n\r\n", path) }

func (c *caller) send(text string) {
	c.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.Fatal(err)
	}
}

// wants checks the status of the next answer.
func (c *caller) wants(status int) *http.Response {
	c.Helper()
	resp, err := http.ReadResponse(c.in, nil)
	if err != nil || resp.StatusCode != status {
		c.Fatalf("got %v, %v; want %d", resp, err, status)
	}
	return resp
}

// wantsClosed checks that the connection is closed without an answer.
func (c *caller) wantsClosed() {
	c.Helper()
	if n, err := c.in.WriteTo(io.Discard); n > 0 || os.IsTimeout(err) {
		c.Fatalf("got %d bytes, %v; want the connection closed", n, err)
	}
}

// Whoever does least gives way, whatever the order in which they came.
func TestWhoGivesWay(t *testing.T) {
	t.Parallel()

	d := open(t, connections.Options{Most: 4})
	known := d.call(get("/known"))
	known.wants(http.StatusNoContent)
	arriving := d.call("GET /sl")
	slow := d.call(get("/slow"))
	stranger := d.call(get("/"))
	stranger.wants(http.StatusNoContent)
	settle()

	newcomers := make([]*caller, 3)
	for i, first := range []*caller{arriving, stranger, known} { // in this order
		newcomers[i] = d.call(get("/slow"))
		first.wantsClosed()
		settle()
	}
	last := d.call("")
	resp := last.wants(http.StatusServiceUnavailable)
	var body struct{ Message string }
	if err := json.NewDecoder(resp.Body).Decode(&body); err != nil || resp.Header.Get("Retry-After") != "1" || body.Message == "" {
		t.Errorf("the refusal has %q, %v and Retry-After %q", body.Message, err, resp.Header.Get("Retry-After"))
	}
	close(d.slow)
	for _, c := range append(newcomers, slow) { // who was being answered is
		c.wants(http.StatusNoContent)
	}
	if got := d.log.String(); strings.Count(got, "connections were refused") != 1 {
		t.Errorf("log: %s", got)
	}
}

// settle gives the server the time to see what was sent: it tells nobody.
func settle() { time.Sleep(100 * time.Millisecond) }

// A thousand that only open connections keep nobody from theirs.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	t.Parallel()

	d := open(t, connections.Options{Most: 10})
	for i := range 200 {
		if i%2 == 0 {
			d.call("GE")
		} else {
			d.call("")
		}
	}
	settle()
	d.call(get("/")).wants(http.StatusNoContent)
}

// A stranger may be idle for a short time, and who has shown a token for longer.
func TestIdleTime(t *testing.T) {
	t.Parallel()

	const idle = 300 * time.Millisecond
	d := open(t, connections.Options{Idle: idle})
	known, stranger, silent, slow := d.call(get("/known")), d.call(get("/")), d.call(""), d.call(get("/slow"))
	known.wants(http.StatusNoContent)
	stranger.wants(http.StatusNoContent)
	for range 4 { // one that goes on asking is not idle
		time.Sleep(idle / 3)
		stranger.send(get("/"))
		stranger.wants(http.StatusNoContent)
	}
	began := time.Now()
	stranger.wantsClosed()
	if took := time.Since(began); took < idle/2 {
		t.Errorf("a stranger was idle for %s when its connection was closed, want %s", took, idle)
	}
	silent.wantsClosed()
	known.send(get("/"))
	known.wants(http.StatusNoContent)
	close(d.slow)
	slow.wants(http.StatusNoContent)
}
