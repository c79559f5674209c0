package webhook

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// A fickle receiver answers the first requests of each connection and then
// does something else.
type fickle struct {
	url         string
	connections atomic.Int64
	requests    atomic.Int64

	answers int                     // of a connection
	then    func(*net.TCPConn) bool // with the connection after that; false ends it
	early   bool                    // do it right after the last answer, not with the next request
}

func newFickle(t *testing.T, f *fickle) *fickle {
	t.Helper()
	var lc net.ListenConfig
	listener, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f.url = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.connections.Add(1)
			wg.Go(func() {
				defer conn.Close()
				defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
				f.serve(conn.(*net.TCPConn))
			})
		}
	})
	t.Cleanup(func() {
		cancel()
		_ = listener.Close()
		wg.Wait()
	})
	return f
}

func (f *fickle) serve(conn *net.TCPConn) {
	in := bufio.NewReader(conn)
	for n := 0; ; n++ {
		if f.early && n == f.answers && !f.then(conn) {
			return
		}
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		_, _ = io.Copy(io.Discard, req.Body)
		f.requests.Add(1)
		if n >= f.answers && !f.then(conn) {
			return
		}
		if _, err := io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"); err != nil {
			return
		}
	}
}

func ends(*net.TCPConn) bool { return false }

func resets(conn *net.TCPConn) bool { return conn.SetLinger(0) != nil }

func answersHalf(conn *net.TCPConn) bool {
	_, _ = io.WriteString(conn, "HTTP/1.1 200")
	return false
}

// A connection that the receiver closes just when the next event is on its way
// costs that event nothing, however often it happens.
func TestClosedConnectionIsNoAttempt(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		receiver fickle
	}{
		{"closes right after its answer", fickle{answers: 1, then: ends, early: true}},
		{"resets right after its answer", fickle{answers: 1, then: resets, early: true}},
		{"closes after some answers", fickle{answers: 5, then: ends, early: true}},
		{"closes with the request in hand", fickle{answers: 1, then: ends}},
		{"resets with the request in hand", fickle{answers: 1, then: resets}},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			receiver := newFickle(t, &tt.receiver)
			sender := newSender(t, SenderOptions{})
			for range 200 {
				if r := sender.Send(t.Context(), event(receiver.url), 1); r.Outcome != Delivered {
					t.Fatalf("got %s, %q; want it delivered by the first attempt", r.Outcome, r.Attempt.Error)
				}
			}
		})
	}
}

// What was sent again is the same message, over a connection of its own, and
// the record is of that one.
func TestSendAgainSendsTheSame(t *testing.T) {
	t.Parallel()

	var got []delivery
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		body, _ := io.ReadAll(r.Body)
		got = append(got, delivery{r.Header, body, r.RemoteAddr})
		if len(got) == 2 {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	sender.Send(t.Context(), event(server.URL), 1)
	r := sender.Send(t.Context(), event(server.URL), 1)

	mu.Lock()
	defer mu.Unlock()
	if r.Outcome != Delivered || len(got) != 3 {
		t.Fatalf("got %s, %q and %d requests; want delivered and 3", r.Outcome, r.Attempt.Error, len(got))
	}
	broken, again := got[1], got[2]
	for _, name := range []string{headerID, headerTimestamp, headerSignature} {
		if broken.header.Get(name) != again.header.Get(name) {
			t.Errorf("%s was %q, then %q; want it the same", name, broken.header.Get(name), again.header.Get(name))
		}
	}
	if string(broken.body) != string(again.body) || broken.proto == again.proto {
		t.Errorf("got %q from %s, then %q from %s; want the same from another port", broken.body, broken.proto, again.body, again.proto)
	}
	if r.Attempt.Connect <= 0 {
		t.Errorf("got %+v, want the time that the new connection took", r.Attempt)
	}
}

func TestSendIsNotRepeatedFurther(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		receiver fickle
		before   int // attempts that were answered
		requests int64
	}{
		{"a new connection that breaks", fickle{then: ends}, 0, 1},
		{"an answer that has begun", fickle{answers: 1, then: answersHalf}, 1, 2},
	}
	for i := range tests {
		tt := &tests[i]
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			receiver := newFickle(t, &tt.receiver)
			sender := newSender(t, SenderOptions{})
			for range tt.before {
				if r := sender.Send(t.Context(), event(receiver.url), 1); r.Outcome != Delivered {
					t.Fatalf("got %+v, want it delivered", r)
				}
			}
			r := sender.Send(t.Context(), event(receiver.url), 1)
			if n := receiver.requests.Load(); r.Outcome != Retry || !strings.Contains(r.Attempt.Error, "closed") || n != tt.requests {
				t.Errorf("got %s, %q and %d requests; want retry, that it was closed, and %d", r.Outcome, r.Attempt.Error, n, tt.requests)
			}
		})
	}
}

// A receiver that takes everything and answers nothing from some moment on
// gets an event twice in an attempt, not once per connection that was idle.
func TestSendAgainHappensOnce(t *testing.T) {
	t.Parallel()

	var requests atomic.Int64
	var broken atomic.Bool
	together := make(chan struct{})
	const idle = 8
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if broken.Load() {
			requests.Add(1)
			panic(http.ErrAbortHandler)
		}
		if requests.Add(1) == idle {
			close(together)
		}
		<-together
	}))
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	var wg sync.WaitGroup
	for range idle {
		wg.Go(func() { sender.Send(t.Context(), event(server.URL), 1) })
	}
	wg.Wait()
	broken.Store(true)
	requests.Store(0)
	if r := sender.Send(t.Context(), event(server.URL), 1); r.Outcome != Retry || requests.Load() != 2 {
		t.Errorf("got %s and %d requests, want retry and 2", r.Outcome, requests.Load())
	}
}

// An attempt that ran out of time while it waited for an answer has had its
// time.
func TestSendAgainHasTheTimeOfTheAttempt(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancelCause(t.Context())
	receiver := newFickle(t, &fickle{answers: 1, then: func(*net.TCPConn) bool { cancel(errors.New("enough")); return false }})
	sender := newSender(t, SenderOptions{})
	sender.Send(t.Context(), event(receiver.url), 1)
	if r := sender.Send(ctx, event(receiver.url), 1); r.Outcome != Retry || r.Attempt.Code != 0 || receiver.connections.Load() > 2 {
		t.Errorf("got %+v over %d connections, want it broken off", r, receiver.connections.Load())
	}
}
