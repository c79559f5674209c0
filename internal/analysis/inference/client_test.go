package inference_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/inference"
)

// closing returns a transport whose connections end with the test.
func closing(t *testing.T) *http.Transport {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

// Each row is a server that is no help, for both kinds of calls.
func TestFailures(t *testing.T) {
	t.Parallel()

	elsewhere := newServer(t, nil)
	huge := strings.Repeat("1,", 9<<20)
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		want    inference.Outcome
		text    string
		timeout time.Duration
	}{
		{"broken", says(500, "canary"), inference.Refused, "the model server answered 500", 0},
		{"slow down", says(429, `{"error":{"message":"canary"}}`), inference.Refused, "the model server answered 429", 0},
		{"wrong key", says(401, `{"error":{"message":"canary"}}`), inference.Refused, "answered 401; is model_key right?", 0},
		{"no such model", says(404, `{"error":"canary"}`), inference.Refused, "answered 404; does model_url end in /v1, and does the server have the model?", 0},
		{"not what it is for", says(400, "canary"), inference.Refused, "answered 400; is the model one for what it is asked?", 0},
		{"elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.url, http.StatusTemporaryRedirect)
		}, inference.Refused, "answered 307; it sends elsewhere", 0},
		{"no content", says(204, ""), inference.Invalid, "not of the form that the API documents", 0},
		{"HTML", says(200, "<html>canary"), inference.Invalid, "not of the form that the API documents", 0},
		{"too large", says(200, `{"data":[{"embedding":[`+huge+`1]}],"choices":[`+huge+`1]}`), inference.Invalid, "it is larger than 24 MiB", 0},
		{"breaks off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			says(200, `{"da`)(w, nil)
		}, inference.Unreachable, "the model server's answer broke off", 0},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, inference.Unreachable, "the model server could not be reached", 0},
		{"silent", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, inference.Timeout, "the model server did not answer within 200ms", 200 * time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			m := &meter{}
			s := newServer(t, tt.answer)
			c := s.client(t, inference.Options{Key: "canary", Timeout: tt.timeout, Meter: m})
			_, embedErr := c.Embed(t.Context(), []string{"canary"})
			for kind, err := range map[inference.Kind]error{
				inference.Embed: embedErr, inference.Chat: c.Ask(t.Context(), question(), new(reply)),
			} {
				if inference.OutcomeOf(err) != tt.want || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("%s: %v, want %s with %q", kind, err, tt.want, tt.text)
				}
				if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "127.0.0.1") {
					t.Errorf("%s: the text names what it should not: %v", kind, err)
				}
				if n := m.calls[string(kind)+" "+string(tt.want)]; n != 1 {
					t.Errorf("counted %v, want one %s %s", m.calls, kind, tt.want)
				}
			}
			if got := len(s.seen()); got != 2 {
				t.Errorf("%d requests, want one for each call", got)
			}
		})
	}
	if n := len(elsewhere.seen()); n != 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func TestVectorsThatAreNoUse(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, body, want string }{
		{"too few", `{"data":[{"index":0,"embedding":[1,2]}]}`, "it has 1 vectors for 2 texts"},
		{"too many", `{"data":[{"embedding":[1]},{"embedding":[1]},{"embedding":[1]}]}`, "it has 3 vectors for 2 texts"},
		{"none", `{}`, "it has 0 vectors"},
		{"one twice", `{"data":[{"index":1,"embedding":[1,2]},{"index":1,"embedding":[1,2]}]}`, "data[1].index is 1"},
		{"of another text", `{"data":[{"index":0,"embedding":[1,2]},{"index":2,"embedding":[1,2]}]}`, "data[1].index is 2"},
		{"before the first", `{"data":[{"index":-1,"embedding":[1,2]},{"index":0,"embedding":[1,2]}]}`, "data[0].index is -1"},
		{"lengths differ", `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[1,2,3]}]}`, "vectors have 2 numbers and 3"},
		{"nothing in it", `{"data":[{"index":0,"embedding":[]},{"index":1,"embedding":[]}]}`, "data[0].embedding has no direction"},
		{"null", `{"data":[{"index":0,"embedding":null},{"index":1,"embedding":null}]}`, "data[0].embedding has no direction"},
		{"all zero", `{"data":[{"index":0,"embedding":[1,2]},{"index":1,"embedding":[0,0]}]}`, "data[1].embedding has no direction"},
		{"not a number", `{"data":[{"index":0,"embedding":[NaN,1]},{"index":1,"embedding":[1,1]}]}`, "not of the form"},
		{"out of range", `{"data":[{"index":0,"embedding":[1e99,1]},{"index":1,"embedding":[1,1]}]}`, "not of the form"},
		{"words", `{"data":[{"index":0,"embedding":["a","b"]},{"index":1,"embedding":[1,1]}]}`, "not of the form"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := newServer(t, says(200, tt.body)).client(t, inference.Options{}).Embed(t.Context(), []string{"one", "two"})
			if inference.OutcomeOf(err) != inference.Invalid || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("Embed: %v, want it invalid, as %s", err, tt.want)
			}
		})
	}
}

// TestNobodyThere has nothing listen at the address, which only the log may
// name, and that without what else is in the URL.
func TestNobodyThere(t *testing.T) {
	t.Parallel()

	srv := httptest.NewServer(nil)
	srv.Close()
	c := inference.New(inference.Options{URL: strings.Replace(srv.URL, "//", "//user:canary@", 1), Transport: closing(t)})
	_, err := c.Embed(t.Context(), []string{"one"})
	if inference.OutcomeOf(err) != inference.Unreachable || err.Error() != "the model server could not be reached" {
		t.Errorf("Embed: %v", err)
	}
	if _, ok := errors.AsType[net.Error](err); !ok {
		t.Errorf("%v hides its cause", err)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", slog.Any("err", err))
	if text := log.String(); !strings.Contains(text, "refused") || strings.Contains(text, "user") {
		t.Errorf("logged %s, want the cause without the URL", text)
	}
}

// TestSlots has more calls than slots, each of which takes a second.
func TestSlots(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var inside, most atomic.Int32
		c := inference.New(inference.Options{URL: "http://models/v1", Concurrency: 3, Timeout: 10 * time.Second, Transport: script(func(r *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), inside.Add(1)))
			defer inside.Add(-1)
			time.Sleep(time.Second)
			return answerOf(r, 200, saysChat(`{"count":1}`, "stop", "")), nil
		})})
		began := time.Now()
		var all sync.WaitGroup
		for range 9 {
			all.Go(func() {
				if err := c.Ask(t.Context(), question(), new(reply)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if most.Load() != 3 || time.Since(began) != 3*time.Second {
			t.Errorf("%d calls at once for %v, want 3 for 3s", most.Load(), time.Since(began))
		}
	})
}

// TestTimeoutHoldsForTheWait has one call keep the only slot.
func TestTimeoutHoldsForTheWait(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		c := inference.New(inference.Options{URL: "http://models/v1", Concurrency: 1, Timeout: 10 * time.Second, Transport: script(silence)})
		var all sync.WaitGroup
		outcomes := make(chan inference.Outcome, 10)
		for range 10 { // of which nine say nothing about the server
			all.Go(func() {
				began := time.Now()
				_, err := c.Embed(t.Context(), []string{"one"})
				if time.Since(began) != 10*time.Second {
					t.Errorf("Embed: %v after %v, want it after 10s", err, time.Since(began))
				}
				outcomes <- inference.OutcomeOf(err)
			})
		}
		all.Wait()
		close(outcomes)
		told := map[inference.Outcome]int{}
		for o := range outcomes {
			told[o]++
		}
		if told[inference.Timeout] != 1 || told[inference.Busy] != 9 {
			t.Errorf("outcomes %v, want a timeout, and nine that had to wait", told)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := c.Embed(ctx, []string{"one"}); inference.OutcomeOf(err) != inference.Canceled || !errors.Is(err, context.Canceled) {
			t.Errorf("Embed: %v, want it to be canceled", err)
		}
	})
}

// TestLeftAlone has a server that fails until it is left alone, and what it is
// asked for then.
func TestLeftAlone(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name   string
		status int
		rests  bool
	}{
		{"broken", 500, true},
		{"overloaded", 429, true},
		{"does not know the model", 404, false},
		{"says nonsense", 200, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				calls, status := 0, tt.status
				c := inference.New(inference.Options{URL: "http://models/v1", Transport: script(func(r *http.Request) (*http.Response, error) {
					calls++
					return answerOf(r, status, saysChat("nonsense", "stop", "")), nil
				})})
				for range 5 {
					_ = c.Ask(t.Context(), question(), new(reply))
				}
				err := c.Ask(t.Context(), question(), new(reply))
				if got := inference.OutcomeOf(err) == inference.Skipped; got != tt.rests || calls != 6 && !tt.rests || calls != 5 && tt.rests {
					t.Errorf("after 5 failures: %v and %d requests, want it left alone: %t", err, calls, tt.rests)
				}
				if _, err := c.Embed(t.Context(), []string{"one"}); inference.OutcomeOf(err) == inference.Skipped {
					t.Errorf("Embed: %v, want only the other model left alone", err)
				}
				time.Sleep(11 * time.Second)
				before := calls
				_ = c.Ask(t.Context(), question(), new(reply))
				if calls != before+1 {
					t.Error("it is not tried after the rest")
				}
			})
		})
	}
}

// script is a transport that answers as the function says.
type script func(*http.Request) (*http.Response, error)

func (s script) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func silence(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func answerOf(r *http.Request, status int, body string) *http.Response {
	w := httptest.NewRecorder()
	w.WriteHeader(status)
	_, _ = w.WriteString(body) // into memory
	resp := w.Result()
	resp.Request = r
	return resp
}
