package edge_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// listen serves the API on loopback as it is served in production, though with
// a timeout of a test's length, and returns a connection to it.
func listen(t *testing.T, timeout time.Duration) net.Conn {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := httpapitest.NewFull().API(httpapi.Options{Timeout: timeout}).NewServer()
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close(); <-done })

	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return conn
}

func send(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
}

func TestSlowHeaderIsCutOff(t *testing.T) {
	t.Parallel()

	conn := listen(t, 100*time.Millisecond)
	send(t, conn, "POST /v1/process/text HTTP/1.1\r\nHost: x\r\nAuthor")
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("the connection was not closed: %v", err)
	}
}

func TestSlowBodyIsCutOff(t *testing.T) {
	t.Parallel()

	conn := listen(t, 100*time.Millisecond)
	send(t, conn, "POST /v1/process/text HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\nContent-Length: 100\r\n\r\n"+`{"messages":[`)
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Fatalf("the connection was not closed: %v", err)
	}
	if want := `{"statusCode":408,"message":"The body did not arrive in time."}`; !strings.HasPrefix(string(got), "HTTP/1.1 408 ") || !strings.HasSuffix(string(got), want) {
		t.Errorf("got %q, want 408 and %s", got, want)
	}
}

func TestHeaderOfMoreThanItMayHave(t *testing.T) {
	t.Parallel()

	conn := listen(t, 0)
	send(t, conn, "GET /v1/job/1 HTTP/1.1\r\nHost: x\r\nX-A: "+strings.Repeat("a", 32<<10)+"\r\n\r\n")
	got, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	if got.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d, want 431", got.StatusCode)
	}
}

// TestOneConnectionManyRequests checks that refused requests, whose bodies
// nobody read, leave a connection in order.
func TestOneConnectionManyRequests(t *testing.T) {
	t.Parallel()

	conn := listen(t, 0)
	in := bufio.NewReader(conn)
	for _, step := range []struct {
		text   string
		status int
	}{
		{"POST /v1/process/text HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 401},
		{"POST /v1/nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 404},
		{"POST /v1/process/text HTTP/1.1\r\nHost: x\r\nX-Api-Key: ann\r\nContent-Length: 5\r\n\r\nhello", 400},
		{"POST /v1/process/text HTTP/1.1\r\nHost: x\r\nX-Api-Key: ann\r\nTransfer-Encoding: chunked\r\n\r\n2f\r\n" + httpapitest.Hello + "\r\n0\r\n\r\n", 201},
		{"HEAD /v1/job/" + httpapitest.JobID + " HTTP/1.1\r\nHost: x\r\nX-Api-Key: ann\r\n\r\n", 200},
		{"GET /v1/job/" + httpapitest.JobID + " HTTP/1.1\r\nHost: x\r\nX-Api-Key: ann\r\nContent-Length: 5\r\n\r\nhello", 200},
		{"POST /v1/process/text HTTP/1.1\r\nHost: x\r\nX-Api-Key: ann\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n", 400},
	} {
		send(t, conn, step.text)
		got, err := http.ReadResponse(in, &http.Request{Method: step.text[:strings.IndexByte(step.text, ' ')]})
		if err != nil {
			t.Fatalf("%.60q: %v", step.text, err)
		}
		if _, err := io.Copy(io.Discard, got.Body); err != nil {
			t.Fatalf("%.60q: %v", step.text, err)
		}
		if got.StatusCode != step.status {
			t.Errorf("%.60q: status %d, want %d", step.text, got.StatusCode, step.status)
		}
	}
}
