package client_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/client"
)

func TestNewRefuses(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, base, token string
		opts              client.Options
		message           string
	}{
		{name: "no scheme", base: "localhost:8080", message: `the base URL is "localhost:8080", want something like http://127.0.0.1:8080`},
		{name: "no URL", base: "http://[", message: "read the base URL: "},
		{name: "a query", base: "http://h/?a", message: "the base URL is "},
		{name: "a password, which is not repeated", base: "http://u:secret@h", message: `the base URL is "http://u:xxxxx@h"`},
		{name: "a line break in the token", base: "http://h", token: "a\nb", message: "the token has a control character in it"},
		{name: "half an app", base: "http://h", opts: client.Options{AppID: "a"}, message: "an app needs both its id and its secret"},
		{name: "a token and an app", base: "http://h", token: "t", opts: client.Options{AppID: "a", AppSecret: "s"}, message: "a token and an app exclude each other"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := client.New(tt.base, tt.token, tt.opts)
			if err == nil || !strings.HasPrefix(err.Error(), tt.message) {
				t.Errorf("New = %v, want %q", err, tt.message)
			}
		})
	}
}

func TestErrorsAreTyped(t *testing.T) {
	t.Parallel()

	tests := []struct {
		status int
		want   error
	}{
		{400, client.ErrInvalid},
		{401, client.ErrUnauthorized},
		{403, client.ErrUnauthorized},
		{404, client.ErrNotFound},
		{409, client.ErrConflict},
		{412, client.ErrChanged},
		{413, client.ErrInvalid},
		{422, client.ErrInvalid},
		{429, client.ErrLimit},
		{500, client.ErrUnavailable},
		{503, client.ErrUnavailable},
	}
	all := []error{
		client.ErrInvalid, client.ErrUnauthorized, client.ErrNotFound, client.ErrConflict,
		client.ErrChanged, client.ErrLimit, client.ErrUnavailable, client.ErrNotAPI,
	}
	for _, tt := range tests {
		t.Run(http.StatusText(tt.status), func(t *testing.T) {
			t.Parallel()

			refusal := refused(tt.status, "Because.")
			refusal.header = http.Header{"X-Request-Id": {"r-1"}, "Retry-After": {"2"}}
			s := &script{answers: []answer{refusal}}
			_, err := s.client(t, client.Options{RetryFor: -1}).Job(t.Context(), "j")
			for _, sentinel := range all {
				if errors.Is(err, sentinel) != errors.Is(sentinel, tt.want) {
					t.Errorf("errors.Is(%v, %v) = %t", err, sentinel, errors.Is(err, sentinel))
				}
			}
			got, _ := errors.AsType[*client.Error](err)
			want := &client.Error{StatusCode: tt.status, Message: "Because.", RequestID: "r-1", RetryAfter: 2 * time.Second}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("the error differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnswersThatAreNotTheAPIs(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		answer  answer
		message string
	}{
		{"a page", ok("<html>"), "the answer is not that of the Turnwise API: GET /v1/job/j"},
		{"another type", ok(`["a"]`), "the answer is not that of the Turnwise API: GET /v1/job/j: json: cannot unmarshal"},
		{"a proxy's error page", answer{status: 404, body: "<html>"}, "the API answers 404: Not Found"},
		{"a redirect", answer{status: 302, header: http.Header{"Location": {"http://elsewhere.test/"}}}, "the API answers 302: Found"},
		{"too much", ok(`"` + strings.Repeat("a", 200) + `"`), "the answer to GET /v1/job/j is larger than 100 bytes"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s := &script{answers: []answer{tt.answer}}
			_, err := s.client(t, client.Options{MaxAnswer: 100}).Job(t.Context(), "j")
			if err == nil || !strings.HasPrefix(err.Error(), tt.message) || len(s.calls) != 1 {
				t.Errorf("Job = %v after %d calls, want %q after one", err, len(s.calls), tt.message)
			}
		})
	}
}

// TestAnswerWithoutEnd checks that no more of an answer is read than may be
// held.
func TestAnswerWithoutEnd(t *testing.T) {
	t.Parallel()

	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write([]byte(strings.Repeat("a", 4096))); err != nil {
				return // the client has had enough
			}
		}
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "", client.Options{MaxAnswer: 100, AttemptTimeout: 5 * time.Second, RetryFor: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Job(t.Context(), "j"); err == nil || !strings.Contains(err.Error(), "is larger than 100 bytes") {
		t.Errorf("Job = %v, want that the answer is too large", err)
	}
}

// TestIDsLeadNowhereElse checks that an id, whatever is in it, stays one
// segment of the path.
func TestIDsLeadNowhereElse(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{ok("{}")}}
	c := s.client(t, client.Options{})
	if _, err := c.Job(t.Context(), "a/../b?c#d"); err != nil {
		t.Fatal(err)
	}
	if got, want := s.calls[0].line, "GET /base/v1/job/a%2F..%2Fb%3Fc%23d"; got != want {
		t.Errorf("sent %q, want %q", got, want)
	}
	for _, id := range []string{"", ".", ".."} {
		if err := c.DeleteConversation(t.Context(), id); err == nil || len(s.calls) != 1 {
			t.Errorf("DeleteConversation(%q) = %v, want an error and no request", id, err)
		}
	}
	if _, err := c.SubmitText(t.Context(), client.Append{IdempotencyKey: "a\nb"}); err == nil || len(s.calls) != 1 {
		t.Errorf("SubmitText with a line break in the key = %v, want an error and no request", err)
	}
}

func TestCancellation(t *testing.T) {
	t.Parallel()

	arrived := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	}))
	t.Cleanup(server.Close)
	c, err := client.New(server.URL, "", client.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-arrived
		cancel()
	}()
	if _, err := c.Job(ctx, "j"); !errors.Is(err, context.Canceled) {
		t.Errorf("Job = %v, want the end of the context", err)
	}
}

func TestWaitJob(t *testing.T) {
	t.Parallel()

	scheduled, completed := ok(`{"id":"j","status":"scheduled"}`), ok(`{"id":"j","status":"completed"}`)
	failed := ok(`{"id":"j","status":"failed","message":"no luck"}`)
	tests := []struct {
		name    string
		answers []answer
		status  client.Status
		err     string
	}{
		{"completed", []answer{scheduled, scheduled, completed}, client.Completed, ""},
		{"failed", []answer{failed}, client.Failed, "job j failed: no luck"},
		{"gone", []answer{scheduled, refused(404, "Gone.")}, client.Scheduled, "the API answers 404: Gone."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			synctest.Test(t, func(t *testing.T) {
				s := &script{answers: tt.answers}
				job, err := s.client(t, client.Options{}).WaitJob(t.Context(), "j")
				message := ""
				if err != nil {
					message = err.Error()
				}
				if job.Status != tt.status || message != tt.err {
					t.Errorf("WaitJob = %q, %q; want %q, %q", job.Status, message, tt.status, tt.err)
				}
			})
		})
	}
}

// TestAccountOfAnOperator checks that an operator's calls name the account, beside what
// else they ask for.
func TestAccountOfAnOperator(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{ok("{}")}}
	c := s.client(t, client.Options{Account: "acme & co"})
	asked := client.Request{Method: http.MethodGet, Path: []string{"v1", "jobs"}, Query: url.Values{"status": {"failed"}}}
	if _, err := c.Do(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	if got, want := s.calls[0].line, "GET /base/v1/jobs?account=acme+%26+co&status=failed"; got != want || len(asked.Query) != 1 {
		t.Errorf("sent %q, want %q, and the query %v as it was", got, want, asked.Query)
	}
}
