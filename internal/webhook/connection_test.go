package webhook

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// What a URL shows is found out before anything is sent, and told.
func TestSendChecksTheURL(t *testing.T) {
	t.Parallel()

	server, got := newReceiver(t, httptest.NewServer)
	r := newSender(t, SenderOptions{}).Send(t.Context(), event(strings.Replace(server.URL, "://", "://user:secret@", 1)), 1)
	if want := "the URL must not contain a user name or password"; r.Outcome != Dead || r.Attempt.Error != want || len(got) != 0 {
		t.Errorf("got %s, %q and %d requests; want dead, %q and none", r.Outcome, r.Attempt.Error, len(got), want)
	}
}

// The operator learns which address answered.
func TestSendTellsTheOperatorWhoAnswered(t *testing.T) {
	t.Parallel()

	server, _ := newReceiver(t, httptest.NewServer)
	r := newSender(t, SenderOptions{}).Send(t.Context(), event(server.URL), 1)
	if want := server.Listener.Addr().String(); r.Address != want {
		t.Errorf("got address %q, want %q", r.Address, want)
	}
}

// An attempt that a receiver lets hang on a connection that had served before
// is not made again, and says where its time went.
func TestSendThatHangsOnAnOldConnection(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int64
		sender := newPipeSender(t, func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			if requests.Add(1) > 1 {
				<-r.Context().Done()
			}
		})
		sender.Send(t.Context(), event("http://receiver.test/"), 1)
		began := time.Now()
		r := sender.Send(t.Context(), event("http://receiver.test/"), 1)
		if took, want := time.Since(began), "the time was up while waiting for the answer"; took != 15*time.Second || r.Attempt.Error != want || requests.Load() != 2 {
			t.Errorf("got %q after %v and %d requests, want %q after 15s and 2", r.Attempt.Error, took, requests.Load(), want)
		}
	})
}

// The connection on which a request is sent again is for that one only.
func TestSendAgainLeavesNoConnection(t *testing.T) {
	t.Parallel()

	var requests atomic.Int64
	closing := make(chan bool, 3)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		closing <- r.Close
		if requests.Add(1) == 2 {
			panic(http.ErrAbortHandler)
		}
	}))
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	for range 2 {
		if r := sender.Send(t.Context(), event(server.URL), 1); r.Outcome != Delivered {
			t.Fatalf("got %+v, want it delivered", r)
		}
	}
	if first, broken, again := <-closing, <-closing, <-closing; first || broken || !again {
		t.Errorf("the requests asked to close: %t, %t, %t; want only the one that was sent again to", first, broken, again)
	}
}

// A receiver that answers 101 has a connection without an end, which is closed
// all the same.
func TestSendClosesASwitchedConnection(t *testing.T) {
	t.Parallel()

	closed := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, in, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n")
		_ = conn.SetReadDeadline(time.Now().Add(10 * time.Second))
		if _, err := io.Copy(io.Discard, in); err == nil {
			close(closed)
		}
	}))
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	if r := sender.Send(t.Context(), event(server.URL), 1); r.Attempt.Code != http.StatusSwitchingProtocols {
		t.Errorf("got %+v, want code 101", r)
	}
	select {
	case <-closed:
	case <-time.After(5 * time.Second):
		t.Error("the connection is open 5s after the attempt")
	}
}

// Idle connections end with the sender, and before the five seconds after
// which common servers close theirs.
func TestIdleConnections(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		pause time.Duration // between two events
		close bool          // the sender in between
		dials int
	}{
		{"soon again", 3900 * time.Millisecond, false, 1},
		{"after four seconds", 4100 * time.Millisecond, false, 2},
		{"after Close", 0, true, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				sender := newPipeSender(t, answer(http.StatusOK))
				dials, dial := 0, sender.transport.DialContext
				sender.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
					dials++
					return dial(ctx, network, address)
				}
				sender.Send(t.Context(), event("http://receiver.test/"), 1)
				time.Sleep(tt.pause)
				if tt.close {
					sender.Close()
				}
				sender.Send(t.Context(), event("http://receiver.test/"), 1)
				if dials != tt.dials {
					t.Errorf("two events took %d connections, want %d", dials, tt.dials)
				}
			})
		})
	}
}

// Of an answer a KiB is kept, of one to a late attempt 128 bytes, and what has come within a second of its status.
func TestHowMuchOfAnAnswerIsKept(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		sender := newPipeSender(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, strings.Repeat("a", 5000))
		})
		for attempt, want := range map[int]int{1: 1024, 10: 1024, 11: 128, 100: 128} {
			if r := sender.Send(t.Context(), event("http://receiver.test/"), attempt); len(r.Attempt.Answer) != want {
				t.Errorf("got %d bytes of the answer to attempt %d, want %d", len(r.Attempt.Answer), attempt, want)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		sender := newPipeSender(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(w, "begun")
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		began := time.Now()
		r := sender.Send(t.Context(), event("http://receiver.test/"), 1)
		if took := time.Since(began); r.Outcome != Delivered || r.Attempt.Answer != "begun" || took != time.Second {
			t.Errorf("got %s with %q after %v, want it delivered with what had begun after 1s", r.Outcome, r.Attempt.Answer, took)
		}
	})
}

// Attempts at once to one receiver leave connections that the next ones use.
func TestConnectionsOfManyAttempts(t *testing.T) {
	t.Parallel()

	const atOnce = 64
	var connections, requests atomic.Int64
	together := make(chan struct{})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		if requests.Add(1) == atOnce {
			close(together)
		}
		<-together
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	sender := newSender(t, SenderOptions{})
	for range 2 {
		var wg sync.WaitGroup
		for range atOnce {
			wg.Go(func() { sender.Send(t.Context(), event(server.URL), 1) })
		}
		wg.Wait()
	}
	if n := connections.Load(); n != atOnce {
		t.Errorf("two times %d attempts at once took %d connections, want %d", atOnce, n, atOnce)
	}
}
