package client_test

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/client"
)

// script is a transport that gives one answer after another, the last one for
// ever, and keeps what it was sent. It opens no sockets, so a bubble's clock
// can move.
type script struct {
	answers []answer

	mu     sync.Mutex
	t0     time.Time
	calls  []call
	always func(*http.Request) answer // instead of answers
}

// An answer without a status is a connection that fails with err.
type answer struct {
	status int
	header http.Header
	body   string
	err    error
}

func (a answer) response(r *http.Request) *http.Response {
	return &http.Response{
		StatusCode: cmp.Or(a.status, http.StatusOK),
		Status:     http.StatusText(a.status),
		Header:     a.header,
		Body:       io.NopCloser(strings.NewReader(a.body)),
		Request:    r,
	}
}

type call struct {
	at     time.Duration // since the first
	line   string        // method, path and query
	header http.Header
	body   string
}

// RoundTrip implements [http.RoundTripper].
func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.t0.IsZero() {
		s.t0 = time.Now()
	}
	body, _ := io.ReadAll(r.Body)
	s.calls = append(s.calls, call{time.Since(s.t0), r.Method + " " + r.URL.RequestURI(), r.Header, string(body)})
	var now answer
	if s.always != nil {
		now = s.always(r)
	} else {
		now = s.answers[0]
		if len(s.answers) > 1 {
			s.answers = s.answers[1:]
		}
	}
	if now.err != nil {
		return nil, now.err
	}
	return now.response(r), nil
}

// client returns a client that is answered by s.
func (s *script) client(t *testing.T, opts client.Options) *client.Client {
	t.Helper()
	opts.Transport = s
	token := "tok"
	if opts.AppID != "" {
		token = ""
	}
	c, err := client.New("http://api.test/base/", token, opts)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func ok(body string) answer { return answer{status: http.StatusOK, body: body} }

func refused(status int, message string) answer {
	body, _ := json.Marshal(map[string]any{"statusCode": status, "message": message})
	return answer{status: status, body: string(body)}
}
