package edge_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// pipeListener is a listener of which the connections are in memory, so that a
// bubble's clock can move.
type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept implements [net.Listener].
func (p *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p *pipeListener) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

// Addr implements [net.Listener].
func (*pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "pipe"} }

// dial returns a connection to the server behind the pipes.
func (p *pipeListener) dial(t *testing.T) net.Conn {
	t.Helper()
	here, there := net.Pipe()
	p.conns <- there
	t.Cleanup(func() { _ = here.Close() })
	return here
}

// servePipes serves the API in a bubble, as it is served in production.
func servePipes(t *testing.T, api *httpapi.API) *pipeListener {
	t.Helper()
	p := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	srv, done := api.NewServer(), make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(p) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return p
}

// wantClosingAnswer reads the answer that is expected on a connection.
func wantClosingAnswer(t *testing.T, conn net.Conn, status int) {
	t.Helper()
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, got.Body); err != nil {
		t.Fatal(err)
	}
	if got.StatusCode != status || !got.Close {
		t.Errorf("status %d, closing %t, want %d and the connection closed", got.StatusCode, got.Close, status)
	}
}

// closeDelay is how long package http waits before it closes a connection of which
// it knows that there is more to read.
const closeDelay = 500 * time.Millisecond

const wrongToken = "POST /v1/process/text HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer eve\r\n"

// TestUnreadBodyIsBounded has bodies come in that nobody wants, without end,
// and checks for how long they are read.
func TestUnreadBodyIsBounded(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, head  string
		piece       int
		every       time.Duration // a piece
		least, most int           // bytes that are taken
		longest     time.Duration
	}{
		{"nothing comes", "Content-Length: 8388608\r\n\r\n", 1 << 10, time.Hour, 0, 0, time.Second},
		{"nothing comes, chunked", "Transfer-Encoding: chunked\r\n\r\n", 1 << 10, time.Hour, 0, 0, time.Second},
		{"nothing comes, 100-continue", "Content-Length: 8388608\r\nExpect: 100-continue\r\n\r\n", 1 << 10, time.Hour, 0, 0, time.Second},
		{"slowly", "Content-Length: 8388608\r\n\r\n", 1 << 10, 100 * time.Millisecond, 5 << 10, 20 << 10, 2 * time.Second},
		{"too long", "Content-Length: 83886080\r\n\r\n", 1 << 10, 10 * time.Millisecond, 900 << 10, 1100 << 10, 10 * time.Second},
		{"too much", "Content-Length: 83886080\r\n\r\n", 32 << 10, 0, 63 << 20, 65 << 20, time.Second},
		{"too much, chunked", "Transfer-Encoding: chunked\r\n\r\n", 32 << 10, 0, 63 << 20, 65 << 20, time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				conn := servePipes(t, httpapitest.NewFull().API(httpapi.Options{})).dial(t)
				send(t, conn, wrongToken+tt.head)
				wantClosingAnswer(t, conn, http.StatusUnauthorized)
				began, taken := time.Now(), 0
				text := strings.Repeat("a", tt.piece)
				if strings.HasPrefix(tt.head, "Transfer-Encoding") {
					text = fmt.Sprintf("%x\r\n%s\r\n", tt.piece, text)
				}
				ended := make(chan struct{})
				go func() {
					defer close(ended)
					_, _ = io.Copy(io.Discard, conn)
				}()
				for open := true; open; {
					select {
					case <-time.After(tt.every):
						_, err := io.WriteString(conn, text)
						if open = err == nil; open {
							taken += tt.piece
						}
					case <-ended:
						open = false
					}
				}
				if took := time.Since(began); taken < tt.least || taken > tt.most || took > tt.longest+closeDelay {
					t.Errorf("%d bytes in %v, want %d to %d within %v", taken, took, tt.least, tt.most, tt.longest)
				}
			})
		})
	}
}

// TestUnreadBodiesAtOnce checks that those who send slowly leave no room for
// more of their kind, and nobody else without an answer.
func TestUnreadBodiesAtOnce(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		const room = 256
		p := servePipes(t, httpapitest.NewFull().API(httpapi.Options{}))
		began := time.Now()
		var lasted [room + 10]time.Duration
		var all sync.WaitGroup
		for n := range lasted {
			conn := p.dial(t)
			send(t, conn, wrongToken+"Content-Length: 8388608\r\n\r\n")
			wantClosingAnswer(t, conn, http.StatusUnauthorized)
			synctest.Wait()
			all.Go(func() {
				_, _ = io.Copy(io.Discard, conn)
				lasted[n] = time.Since(began)
			})
		}
		conn := p.dial(t)
		send(t, conn, "GET /v1/job/"+httpapitest.JobID+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Api-Key: ann\r\n\r\n")
		wantClosingAnswer(t, conn, http.StatusOK)
		if took := time.Since(began); took != 0 {
			t.Errorf("the next caller was answered after %v, want at once", took)
		}
		all.Wait()
		for n, took := range lasted {
			if want := n < room; (took > closeDelay) != want {
				t.Errorf("connection %d lasted %v, want it read on: %t", n, took, want)
			}
		}
	})
}

// TestUnreadBodyEndsInTime checks that a client that has sent all of its body is
// not kept waiting, and that one that waits for 100-continue gets its answer
// instead.
func TestUnreadBodyEndsInTime(t *testing.T) {
	t.Parallel()

	for _, head := range []string{
		"Content-Length: 1048576\r\n\r\n",
		"Content-Length: 1048576\r\nExpect: 100-continue\r\n\r\n",
	} {
		synctest.Test(t, func(t *testing.T) {
			conn := servePipes(t, httpapitest.NewFull().API(httpapi.Options{})).dial(t)
			send(t, conn, wrongToken+head)
			wantClosingAnswer(t, conn, http.StatusUnauthorized)
			began := time.Now()
			send(t, conn, strings.Repeat("a", 1<<20))
			rest, err := io.ReadAll(conn)
			if took := time.Since(began); err != nil || len(rest) != 0 || took != 0 {
				t.Errorf("%q: %q and %v after %v, want the end at once", head, rest, err, took)
			}
		})
	}
}
