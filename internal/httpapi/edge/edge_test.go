package edge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

const (
	noRoute  = "There is nothing at this address."
	noMethod = "This address does not take the method of the request. The Allow header lists those that it takes."
)

func TestToken(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, header, value string
		status              int
	}{
		{"bearer", "Authorization", "Bearer ann", 200},
		{"lower case", "Authorization", "bearer ann", 200},
		{"blanks around", "Authorization", "  BEARER   ann ", 200},
		{"bare", "Authorization", "ann", 200},
		{"older header", "X-API-KEY", "ann", 200},
		{"older header with a scheme", "x-api-key", "Bearer ann", 200},
		{"none", "Authorization", "", 401},
		{"scheme alone", "Authorization", "Bearer", 401},
		{"scheme and blanks", "Authorization", "Bearer  ", 401},
		{"another scheme", "Authorization", "Basic ann", 401},
		{"tab", "Authorization", "Bearer\tann", 401},
		{"unknown", "Authorization", "Bearer eve", 401},
		{"unknown, long", "Authorization", "Bearer " + strings.Repeat("a", 64<<10), 401},
		{"list", "Authorization", "Bearer ann, Bearer bob", 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			api := httpapitest.NewBackend().API(httpapi.Options{})
			got := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "", "Authorization", "", tt.header, tt.value))
			httpapitest.WantStatus(t, got, tt.status)
			if challenge := got.Header().Get("WWW-Authenticate"); (challenge == "Bearer") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate is %q with status %d", challenge, tt.status)
			}
			if tt.status == 401 {
				httpapitest.WantRefusal(t, got, 401, httpapitest.NoToken)
			}
		})
	}
}

func TestTokenGivenTwice(t *testing.T) {
	t.Parallel()

	r := httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, "")
	r.Header.Add("Authorization", "Bearer bob")
	httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), r), 401, httpapitest.NoToken)
}

// forbiddenBody fails the test when somebody reads it.
type forbiddenBody struct{ t *testing.T }

func (u forbiddenBody) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestNothingIsReadWithoutToken(t *testing.T) {
	t.Parallel()

	r := httptest.NewRequest("POST", "/v1/process/text", forbiddenBody{t})
	httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), r), 401, httpapitest.NoToken)
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()

	tests := []struct {
		method, target string
		status         int
		message, allow string
	}{
		{"GET", "/", 404, noRoute, ""},
		{"PUT", "/v1/process/text/", 405, noMethod, "POST, OPTIONS"},
		{"PUT", "/v1/process/text/1/2", 404, noRoute, ""},
		{"POST", "//v1/process/text", 404, noRoute, ""},
		{"GET", "/v1/../v1/job/" + httpapitest.JobID, 404, noRoute, ""},
		{"GET", "/v1/job/" + httpapitest.JobID + "//", 404, noRoute, ""},
		{"DELETE", "/v1/job/" + httpapitest.JobID + "/", 405, noMethod, "GET, HEAD, OPTIONS"},
		{"PUT", "/v1/process/text", 405, noMethod, "POST, OPTIONS"},
		{"GET", "/v1/process/text", 405, noMethod, "POST, OPTIONS"},
		{"POST", "/v1/process/text/1", 405, noMethod, "PUT, OPTIONS"},
		{"DELETE", "/v1/job/" + httpapitest.JobID, 405, noMethod, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/nowhere", 404, noRoute, ""},
		{"BREW", "/v1/conversations/1/messages", 405, noMethod, "GET, HEAD, OPTIONS"},
	}
	for _, tt := range tests {
		got := httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), httpapitest.Request(tt.method, tt.target, ""))
		httpapitest.WantRefusal(t, got, tt.status, tt.message)
		if allow := got.Header().Get("Allow"); allow != tt.allow {
			t.Errorf("%s %s: Allow %q, want %q", tt.method, tt.target, allow, tt.allow)
		}
		if to := got.Header().Get("Location"); to != "" {
			t.Errorf("%s %s leads to %q", tt.method, tt.target, to)
		}
	}
}

func TestMediaTypes(t *testing.T) {
	t.Parallel()

	const media = "The Content-Type must be application/json, in UTF-8."
	tests := []struct{ header, value, message string }{
		{"Content-Type", "", ""},
		{"Content-Type", "application/json; charset=UTF-8", ""},
		{"Content-Type", `Application/JSON;charset="utf-8"; x=y`, ""},
		{"Content-Type", "application/json; charset=latin1", media},
		{"Content-Type", "application/x-www-form-urlencoded", media},
		{"Content-Type", "text/plain", media},
		{"Content-Type", "/", media},
		{"Content-Type", "application/vnd.api+json", ""},
		{"Content-Type", "text/x+json", media},
		{"Content-Type", "application/vnd.api+json; charset=latin1", media},
	}
	for _, tt := range tests {
		got := httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello, tt.header, tt.value))
		if tt.message == "" {
			httpapitest.WantStatus(t, got, 201)
		} else {
			httpapitest.WantRefusal(t, got, 415, tt.message)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()

	const large = "The body must not be larger than 1048576 bytes. Send less at a time."
	api := httpapitest.NewBackend().API(httpapi.Options{})
	full := httpapitest.Hello + strings.Repeat(" ", 1<<20-len(httpapitest.Hello))
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", full)), 201)
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", full+" ")), 413, large)
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.Messages(1000))), 201)
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text",
		`{"messages":[{"payload":{"content":"`+strings.Repeat("a", 64<<10)+`"}}]}`)), 201)

	for _, tt := range []struct {
		body    io.Reader
		status  int
		message string
	}{
		{httpapitest.Endless{}, 413, large},
		{strings.NewReader(full + " "), 413, large},
		{io.MultiReader(strings.NewReader(httpapitest.Hello[:9]), httpapitest.Broken{}), 400, "The body broke off before its end."},
	} {
		r := httpapitest.Request("POST", "/v1/process/text", "")
		r.Body, r.ContentLength = io.NopCloser(tt.body), -1
		httpapitest.WantRefusal(t, httpapitest.Serve(api, r), tt.status, tt.message)
	}

	r := httpapitest.Request("POST", "/v1/process/text", "")
	r.Body, r.ContentLength = io.NopCloser(forbiddenBody{t}), 1<<40
	httpapitest.WantRefusal(t, httpapitest.Serve(api, r), 413, large)
}

// Without a body there is nothing to announce.
func TestMediaTypeOfNothing(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", "", "Content-Type", "text/plain")), 400,
		"The body is empty. It must be a JSON object.")
	for _, body := range []string{"", "a=b"} {
		got := httpapitest.Serve(api, httpapitest.Request("DELETE", "/v1/conversations/"+httpapitest.ConversationID, body, "Content-Type", "application/x-www-form-urlencoded"))
		httpapitest.WantStatus(t, got, 200)
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()

	for target, allow := range map[string]string{
		"/v1/process/text":             "POST, OPTIONS",
		"/v1/process/text/5":           "PUT, OPTIONS",
		"/v1/job/5":                    "GET, HEAD, OPTIONS",
		"/oauth2/token:generate":       "POST, OPTIONS",
		"/oauth2/token%3Arevoke":       "DELETE, OPTIONS",
		"/v1/conversations/5/messages": "GET, HEAD, OPTIONS",
	} {
		got := httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), httpapitest.Request("OPTIONS", target, "", "Authorization", ""))
		httpapitest.WantStatus(t, got, 204)
		if h := got.Header(); h.Get("Allow") != allow || h.Get("Content-Type") != "" || h.Get("Content-Length") != "" || got.Body.Len() > 0 {
			t.Errorf("OPTIONS %s: %v with %d bytes, want Allow %s alone", target, h, got.Body.Len(), allow)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()

	const message = "The Idempotency-Key must be given once, as 1 to 255 visible ASCII characters."
	for _, key := range []string{"", strings.Repeat("k", 256), "a b", "ä", "a\x00", "\xff"} {
		r := httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)
		r.Header["Idempotency-Key"] = []string{key}
		httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), r), 400, message)
	}
	twice := httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)
	twice.Header["Idempotency-Key"] = []string{"a", "a"}
	httpapitest.WantRefusal(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), twice), 400, message)

	backend := httpapitest.NewBackend()
	key := "!~" + strings.Repeat("k", 253)
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello, "Idempotency-Key", key)), 201)
	if a := backend.OnlySubmitted(t); a.IdempotencyKey != key || len(a.Fingerprint) != 64 {
		t.Errorf("submitted key %q with fingerprint %q", a.IdempotencyKey, a.Fingerprint)
	}
}

// TestFingerprint checks what makes two requests the same one.
func TestFingerprint(t *testing.T) {
	t.Parallel()

	of := func(method, target, body string) string {
		backend := httpapitest.NewBackend()
		httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request(method, target, body, "Idempotency-Key", "k")), 201)
		return backend.OnlySubmitted(t).Fingerprint
	}
	first := of("POST", "/v1/process/text?a=1&b=2", httpapitest.Hello)
	if again := of("POST", "/v1/process/text?b=2&a=1", httpapitest.Hello); again != first {
		t.Error("the order of the query makes another request")
	}
	for _, other := range []struct{ method, target, body string }{
		{"POST", "/v1/process/text?a=1&b=3", httpapitest.Hello},
		{"POST", "/v1/process/text?a=1&b=2", httpapitest.Hello + " "},
		{"PUT", "/v1/process/text/" + httpapitest.ConversationID + "?a=1&b=2", httpapitest.Hello},
	} {
		if of(other.method, other.target, other.body) == first {
			t.Errorf("%s %s with %d bytes has the fingerprint of another request", other.method, other.target, len(other.body))
		}
	}
}

func TestErrorsOfTheService(t *testing.T) {
	t.Parallel()

	const unavailable = "The service is not available just now. Send the request again; with an Idempotency-Key it takes effect once."
	const internal = "Something went wrong. The X-Request-Id of this answer leads the operator to the cause."
	tests := []struct {
		name    string
		err     error
		status  int
		message string
		retry   string
	}{
		{"unknown conversation", jobs.ErrUnknownConversation, 404, httpapitest.NoConversation, ""},
		{"unknown job", jobs.ErrNotFound, 404, httpapitest.NoJob, ""},
		{"key reused", jobs.ErrKeyReused, 422, "The Idempotency-Key was used for another request. Use a new key for a new request.", ""},
		{"too many jobs", &jobs.ConcurrencyError{Limit: 50}, 429, "This API has a limit of maximum of `50` number of concurrent jobs per account. If you are looking to scale, and need more concurrent jobs than this limit, please contact us at support@symbl.ai", "1"},
		{"backlog", &jobs.BacklogError{Limit: 7}, 429, "The conversation has 7 unfinished jobs, which is the limit. Send the request again when some have finished.", "1"},
		{"no store", jobs.ErrUnavailable, 503, unavailable, "1"},
		{"too late", context.DeadlineExceeded, 503, unavailable, "1"},
		{"anything else", errors.New("dial tcp 10.0.0.7: secret"), 500, internal, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			backend.Err = fmt.Errorf("step 3: %w", tt.err)
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", "/v1/process/text/"+httpapitest.ConversationID, httpapitest.Hello))
			httpapitest.WantRefusal(t, got, tt.status, tt.message)
			if after := got.Header().Get("Retry-After"); after != tt.retry {
				t.Errorf("Retry-After %q, want %q", after, tt.retry)
			}
		})
	}
}

func TestHungStore(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	backend.Hangs = true
	api := backend.API(httpapi.Options{Timeout: 20 * time.Millisecond})
	for _, r := range []*http.Request{
		httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello),
		httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, ""),
		httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/messages", ""),
	} {
		httpapitest.WantStatus(t, httpapitest.Serve(api, r), 503)
	}
}

// meter remembers the last request.
type meter struct {
	route, method string
	code          int
}

func (*meter) GuessSlowed(bool)    {}
func (*meter) AccountAsked(string) {}

func (m *meter) HTTPRequest(route, method string, code int, _ time.Duration) {
	*m = meter{route, method, code}
}

func TestOneLinePerRequest(t *testing.T) {
	t.Parallel()

	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	tests := []struct {
		name    string
		request *http.Request
		err     error
		panics  bool
		meter   meter
		line    []string // parts of it
	}{
		{name: "accepted", request: httpapitest.Request("POST", "/v1/process/text?x=secret", httpapitest.Hello), meter: meter{"/v1/process/text", "POST", 201}, line: []string{"level=DEBUG", "account=ann"}},
		{name: "refused", request: httpapitest.Request("PUT", "/v1/process/text/5", `{"secret"}`), meter: meter{"/v1/process/text/{conversationId}", "PUT", 400}, line: []string{"level=INFO", "account=ann"}},
		{name: "nobody", request: httpapitest.Request("GET", "/v1/job/5", "", "Authorization", "secret"), meter: meter{"/v1/job/{jobId}", "GET", 401}, line: []string{"level=INFO", `account=""`}},
		{name: "nowhere", request: httpapitest.Request("GET", "/secret", ""), meter: meter{"none", "GET", 404}, line: []string{"level=INFO"}},
		{name: "no method", request: httpapitest.Request("SECRET", "/v1/process/text", ""), meter: meter{"none", "other", 405}, line: []string{"level=INFO"}},
		{name: "broken", request: httpapitest.Request("HEAD", "/v1/job/"+httpapitest.JobID, ""), err: errors.New("the cause"), meter: meter{"/v1/job/{jobId}", "HEAD", 500}, line: []string{"level=ERROR", `err="the cause"`}},
		{name: "panic", request: httpapitest.Request("GET", "/v1/job/"+httpapitest.JobID, ""), panics: true, meter: meter{"/v1/job/{jobId}", "GET", 500}, line: []string{"level=ERROR", `panic="a bug"`, "backend.go"}},
		{name: "hung up", request: httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello).WithContext(gone), err: context.Canceled, meter: meter{"/v1/process/text", "POST", 499}, line: []string{"level=INFO"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			var m meter
			backend := httpapitest.NewBackend()
			backend.Err, backend.Panics = tt.err, tt.panics
			api := backend.APIWithLog(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}), httpapi.Options{Meter: &m})
			tt.request.Header.Set("X-Request-Id", "id-7")
			got := httpapitest.Serve(api, tt.request)
			line := out.String()
			if got.Code != tt.meter.code || m != tt.meter {
				t.Errorf("answered %d, counted %+v; want %+v", got.Code, m, tt.meter)
			}
			if strings.Count(line, "\n") != 1 || strings.Contains(strings.ToLower(line), "secret") {
				t.Errorf("logged %q, want one line without secrets", line)
			}
			for _, part := range append(tt.line, "request_id=id-7", "route="+m.route, "method="+m.method, fmt.Sprintf("code=%d", m.code)) {
				if !strings.Contains(line, part) {
					t.Errorf("logged %q, which lacks %q", line, part)
				}
			}
		})
	}
}

// panicWriter panics when the answer is written.
type panicWriter struct{ http.ResponseWriter }

func (panicWriter) Write([]byte) (int, error) { panic("a broken writer") }

func TestPanicAfterTheAnswerIsLoggedAsAnError(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	api := httpapitest.NewBackend().APIWithLog(slog.NewTextHandler(&out, nil), httpapi.Options{})
	func() {
		defer func() {
			if p := recover(); p != any(http.ErrAbortHandler) {
				t.Errorf("the handler panics with %v, want %v, so that the server cuts the connection", p, http.ErrAbortHandler)
			}
		}()
		api.ServeHTTP(panicWriter{httptest.NewRecorder()}, httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello))
	}()
	if line := out.String(); !strings.Contains(line, "level=ERROR") || !strings.Contains(line, "a broken writer") {
		t.Errorf("logged %q, want the panic as an error", line)
	}
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	backend.Panics = true
	httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)), 500,
		"Something went wrong. The X-Request-Id of this answer leads the operator to the cause.")
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	for given, taken := range map[string]bool{
		"01J-x.y:z_9": true, "": false, "a b": false, "a\x1b[31m": false, strings.Repeat("a", 129): false, "ä": false,
	} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", "/nowhere", "", "X-Request-Id", given)).Header()
		id := got.Get("X-Request-Id")
		if (id == given) != taken || len(id) < 8 {
			t.Errorf("given the request id %q, answered %q", given, id)
		}
		if got.Get("X-Content-Type-Options") != "nosniff" {
			t.Error("X-Content-Type-Options is missing")
		}
	}
}
