package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/client"
)

// TestWhatIsSentAgain checks that a request is repeated only if it cannot take
// effect twice.
func TestWhatIsSentAgain(t *testing.T) {
	t.Parallel()

	lost := answer{err: io.ErrUnexpectedEOF}
	never := answer{err: &net.OpError{Op: "dial", Err: errors.New("connection refused")}}
	read := client.Request{Method: http.MethodGet, Path: []string{"v1", "x"}}
	change := client.Request{Method: http.MethodPut, Path: []string{"v1", "x"}, Repeatable: true}
	keyed := client.Request{Method: http.MethodPost, Path: []string{"v1", "x"}, IdempotencyKey: "k"}
	creation := client.Request{Method: http.MethodPost, Path: []string{"v1", "x"}}
	tests := []struct {
		name    string
		request client.Request
		first   answer
		calls   int
	}{
		{"a read, refused for now", read, refused(429, ""), 2},
		{"a read, service away", read, refused(503, ""), 2},
		{"a read, proxy without service", read, refused(502, ""), 2},
		{"a read, answer lost", read, lost, 2},
		{"a read, broken service", read, refused(500, ""), 1},
		{"a read, wrong", read, refused(400, ""), 1},
		{"a read, conflict", read, refused(409, ""), 1},
		{"a change, service away", change, refused(504, ""), 2},
		{"a change, answer lost", change, lost, 2},
		{"with a key, answer lost", keyed, lost, 2},
		{"with a key, still being accepted", keyed, refused(409, ""), 2},
		{"with a key, used for another", keyed, refused(422, ""), 1},
		{"a creation, refused for now", creation, refused(429, ""), 2},
		{"a creation, never sent", creation, never, 2},
		{"a creation, answer lost", creation, lost, 1},
		{"a creation, service away", creation, refused(503, ""), 1},
		{"a creation, conflict", creation, refused(409, ""), 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: []answer{tt.first, ok("{}")}}
				_, err := s.client(t, client.Options{}).Do(t.Context(), tt.request)
				if len(s.calls) != tt.calls || (err == nil) != (tt.calls == 2) {
					t.Errorf("sent %d times, with the error %v, want %d times", len(s.calls), err, tt.calls)
				}
			})
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		date := time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)
		s := &script{answers: []answer{
			{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {"4"}}},
			{status: http.StatusServiceUnavailable, header: http.Header{"Retry-After": {date}}},
			{status: http.StatusServiceUnavailable, header: http.Header{"Retry-After": {"3600"}}},
		}}
		var told []client.Retry
		c := s.client(t, client.Options{OnRetry: func(r client.Retry) { told = append(told, r) }})
		_, err := c.Job(t.Context(), "j")
		answered, isAnswer := errors.AsType[*client.Error](err)
		if !isAnswer || !errors.Is(err, client.ErrUnavailable) || answered.RetryAfter != time.Hour {
			t.Errorf("Job = %v, want the third answer at once, because an hour is more than the call may take", err)
		}
		var at []time.Duration
		for _, sent := range s.calls {
			at = append(at, sent.at)
		}
		if want := []time.Duration{0, 4 * time.Second, 9 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("sent at %v, want %v", at, want)
		}
		if len(told) != 2 || told[0].Failed != 1 || told[1].Failed != 2 || told[0].Wait != 4*time.Second {
			t.Errorf("OnRetry was told %+v, want both waits", told)
		}
	})
}

func TestRetriesAreBounded(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		retryFor time.Duration
		least    int
		most     int
		longest  time.Duration
	}{
		{"by default", 0, 10, 40, 30 * time.Second},
		{"by an option", 10 * time.Second, 5, 20, 10 * time.Second},
		{"to one try", -1, 1, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: []answer{refused(503, "Later.")}}
				_, err := s.client(t, client.Options{RetryFor: tt.retryFor}).Job(t.Context(), "j")
				n := len(s.calls)
				if !errors.Is(err, client.ErrUnavailable) || n < tt.least || n > tt.most || s.calls[n-1].at > tt.longest {
					t.Errorf("%d calls, the last after %v, and %v; want %d to %d within %v", n, s.calls[n-1].at, err, tt.least, tt.most, tt.longest)
				}
			})
		})
	}
}

func TestContextEndsTheWait(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		s := &script{answers: []answer{{status: http.StatusServiceUnavailable, header: http.Header{"Retry-After": {"20"}}}}}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		began := time.Now()
		_, err := s.client(t, client.Options{}).Job(ctx, "j")
		if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, client.ErrUnavailable) || time.Since(began) != 5*time.Second {
			t.Errorf("Job = %v after %v, want the deadline and what it was waiting for", err, time.Since(began))
		}
	})
}

// TestKeyIsTheSameOverRetries checks that an append that is sent again is
// known as one, and another append is not.
func TestKeyIsTheSameOverRetries(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		receipt := ok(`{"conversationId":"c","jobId":"j"}`)
		s := &script{answers: []answer{{err: io.ErrUnexpectedEOF}, refused(503, ""), refused(409, ""), receipt}}
		c := s.client(t, client.Options{})
		text := client.Append{Messages: []client.NewMessage{{Content: "Hi."}}}
		if _, err := c.AppendText(t.Context(), "c", text); err != nil {
			t.Fatal(err)
		}
		if _, err := c.AppendText(t.Context(), "c", text); err != nil {
			t.Fatal(err)
		}
		text.IdempotencyKey = "mine"
		if _, err := c.SubmitText(t.Context(), text); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for _, sent := range s.calls {
			keys = append(keys, sent.header.Get("Idempotency-Key"))
		}
		if len(keys) != 6 || len(keys[0]) < 20 || len(slices.Compact(slices.Clone(keys[:4]))) != 1 || keys[4] == keys[0] || keys[5] != "mine" {
			t.Errorf("keys: got %q, want one for the first four, another for the next, and mine", keys)
		}
	})
}
