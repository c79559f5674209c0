package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRetriesAreOneAppend checks that whatever may pass is tried again, and
// each time under the same key.
func TestRetriesAreOneAppend(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	f.refuse = []refusal{{429, "", ""}, {503, "", "0"}, {409, "", ""}}
	got := f.enqueue(t, "Hi.", "text")
	if got.code != exitOK {
		t.Fatalf("got %+v, want success", got)
	}
	if len(f.calls) != 4 || len(slices.Compact(slices.Clone(f.calls))) != 1 {
		t.Errorf("calls: got %q, want four that are the same", f.calls)
	}
	again := f.enqueue(t, "Hi.", "text")
	if again.code != exitOK || f.calls[4] == f.calls[0] {
		t.Errorf("calls: got %q, want another key for another command", f.calls)
	}
	if n := strings.Count(got.stderr, "trying again"); n != 1 {
		t.Errorf("stderr: got %q, want it to say once that it tries again", got.stderr)
	}
}

// answers is a transport that gives one answer after another.
type answers struct {
	list []http.Response
	at   []time.Duration // since the first
	t0   time.Time
}

func (a *answers) RoundTrip(*http.Request) (*http.Response, error) {
	if a.t0.IsZero() {
		a.t0 = time.Now()
	}
	a.at = append(a.at, time.Since(a.t0))
	answer := a.list[0]
	if len(a.list) > 1 {
		a.list = a.list[1:]
	}
	answer.Body = http.NoBody
	return &answer, nil
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		seconds := http.Header{"Retry-After": {"4"}}
		date := http.Header{"Retry-After": {time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)}}
		transport := &answers{list: []http.Response{
			{StatusCode: http.StatusTooManyRequests, Header: seconds},
			{StatusCode: http.StatusServiceUnavailable, Header: date},
			{StatusCode: http.StatusBadRequest},
		}}
		a := &app{io: stdio{err: writerFunc(func(p []byte) (int, error) { return len(p), nil })}, global: globals{retry: time.Minute}}
		tgt, err := a.target()
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.newClient(tgt, "the API", transport).do(t.Context(), request{method: http.MethodGet, path: []string{"x"}})
		if exitCode(err) != exitRefused {
			t.Errorf("do = %v, want the refusal", err)
		}
		if want := []time.Duration{0, 4 * time.Second, 9 * time.Second}; !slices.Equal(transport.at, want) {
			t.Errorf("sent at %v, want %v", transport.at, want)
		}
	})
}

func TestRetriesAreBounded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		transport := &answers{list: []http.Response{{StatusCode: http.StatusServiceUnavailable}}}
		a := &app{io: stdio{err: writerFunc(func(p []byte) (int, error) { return len(p), nil })}, global: globals{retry: 10 * time.Second}}
		tgt, err := a.target()
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.newClient(tgt, "the API", transport).do(t.Context(), request{method: http.MethodGet})
		if exitCode(err) != exitUnreachable {
			t.Errorf("do = %v, want the refusal", err)
		}
		if n := len(transport.at); n < 5 || n > 20 || transport.at[n-1] > 10*time.Second {
			t.Errorf("sent at %v, want about ten times in ten seconds", transport.at)
		}
	})
}
