package httpapi_test

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
	"github.com/turnwise/turnwise/internal/jobs"
)

const (
	noRoute        = "There is nothing at this address."
	noMethod       = "This address does not take the method of the request. The Allow header lists those that it takes."
	noConversation = "The conversationId is either invalid or does not exist."
	noJob          = "The jobId is either invalid or does not exist."
	noToken        = "Token validation failed for provided token."
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

			api := newWorld().api(httpapi.Options{})
			got := serve(api, request("GET", "/v1/job/"+jobID, "", "Authorization", "", tt.header, tt.value))
			wantStatus(t, got, tt.status)
			if challenge := got.Header().Get("WWW-Authenticate"); (challenge == "Bearer") != (tt.status == 401) {
				t.Errorf("WWW-Authenticate is %q with status %d", challenge, tt.status)
			}
			if tt.status == 401 {
				wantRefusal(t, got, 401, noToken)
			}
		})
	}
}

func TestTokenGivenTwice(t *testing.T) {
	t.Parallel()

	r := request("GET", "/v1/job/"+jobID, "")
	r.Header.Add("Authorization", "Bearer bob")
	wantRefusal(t, serve(newWorld().api(httpapi.Options{}), r), 401, noToken)
}

// unread fails the test when somebody reads it.
type unread struct{ t *testing.T }

func (u unread) Read([]byte) (int, error) {
	u.t.Error("the body was read")
	return 0, io.EOF
}

func TestNothingIsReadWithoutToken(t *testing.T) {
	t.Parallel()

	r := httptest.NewRequest("POST", "/v1/process/text", unread{t})
	wantRefusal(t, serve(newWorld().api(httpapi.Options{}), r), 401, noToken)
}

func TestUnknownRoutes(t *testing.T) {
	t.Parallel()

	tests := []struct {
		method, target string
		status         int
		message, allow string
	}{
		{"GET", "/", 404, noRoute, ""},
		{"POST", "/v1/process/text/", 404, noRoute, ""},
		{"PUT", "/v1/process/text/", 404, noRoute, ""},
		{"PUT", "/v1/process/text/1/2", 404, noRoute, ""},
		{"POST", "//v1/process/text", 404, noRoute, ""},
		{"GET", "/v1/../v1/job/" + jobID, 404, noRoute, ""},
		{"GET", "/v1/job/" + jobID + "/", 404, noRoute, ""},
		{"PUT", "/v1/process/text", 405, noMethod, "POST, OPTIONS"},
		{"GET", "/v1/process/text", 405, noMethod, "POST, OPTIONS"},
		{"POST", "/v1/process/text/1", 405, noMethod, "PUT, OPTIONS"},
		{"DELETE", "/v1/job/" + jobID, 405, noMethod, "GET, HEAD, OPTIONS"},
		{"OPTIONS", "/v1/nowhere", 404, noRoute, ""},
		{"BREW", "/v1/conversations/1/messages", 405, noMethod, "GET, HEAD, OPTIONS"},
	}
	for _, tt := range tests {
		got := serve(newWorld().api(httpapi.Options{}), request(tt.method, tt.target, ""))
		wantRefusal(t, got, tt.status, tt.message)
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
		got := serve(newWorld().api(httpapi.Options{}), request("POST", "/v1/process/text", hello, tt.header, tt.value))
		if tt.message == "" {
			wantStatus(t, got, 201)
		} else {
			wantRefusal(t, got, 415, tt.message)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()

	const large = "The body must not be larger than 1048576 bytes. Send less at a time."
	api := newWorld().api(httpapi.Options{})
	full := hello + strings.Repeat(" ", 1<<20-len(hello))
	wantStatus(t, serve(api, request("POST", "/v1/process/text", full)), 201)
	wantRefusal(t, serve(api, request("POST", "/v1/process/text", full+" ")), 413, large)
	wantStatus(t, serve(api, request("POST", "/v1/process/text", repeat(1000))), 201)
	wantStatus(t, serve(api, request("POST", "/v1/process/text",
		`{"messages":[{"payload":{"content":"`+strings.Repeat("a", 64<<10)+`"}}]}`)), 201)

	for _, tt := range []struct {
		body    io.Reader
		status  int
		message string
	}{
		{endless{}, 413, large},
		{strings.NewReader(full + " "), 413, large},
		{io.MultiReader(strings.NewReader(hello[:9]), broken{}), 400, "The body broke off before its end."},
	} {
		r := request("POST", "/v1/process/text", "")
		r.Body, r.ContentLength = io.NopCloser(tt.body), -1
		wantRefusal(t, serve(api, r), tt.status, tt.message)
	}

	r := request("POST", "/v1/process/text", "")
	r.Body, r.ContentLength = io.NopCloser(unread{t}), 1<<40
	wantRefusal(t, serve(api, r), 413, large)
}

// Without a body there is nothing to announce.
func TestMediaTypeOfNothing(t *testing.T) {
	t.Parallel()

	api := newWorld().api(httpapi.Options{})
	wantRefusal(t, serve(api, request("POST", "/v1/process/text", "", "Content-Type", "text/plain")), 400,
		"The body is empty. It must be a JSON object.")
	for _, body := range []string{"", "a=b"} {
		got := serve(api, request("DELETE", "/v1/conversations/"+conversationID, body, "Content-Type", "application/x-www-form-urlencoded"))
		wantStatus(t, got, 200)
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
		got := serve(newWorld().api(httpapi.Options{}), request("OPTIONS", target, "", "Authorization", ""))
		wantStatus(t, got, 204)
		if h := got.Header(); h.Get("Allow") != allow || h.Get("Content-Type") != "" || h.Get("Content-Length") != "" || got.Body.Len() > 0 {
			t.Errorf("OPTIONS %s: %v with %d bytes, want Allow %s alone", target, h, got.Body.Len(), allow)
		}
	}
}

func TestIdempotencyKey(t *testing.T) {
	t.Parallel()

	const message = "The Idempotency-Key must be given once, as 1 to 255 visible ASCII characters."
	for _, key := range []string{"", strings.Repeat("k", 256), "a b", "ä", "a\x00", "\xff"} {
		r := request("POST", "/v1/process/text", hello)
		r.Header["Idempotency-Key"] = []string{key}
		wantRefusal(t, serve(newWorld().api(httpapi.Options{}), r), 400, message)
	}
	twice := request("POST", "/v1/process/text", hello)
	twice.Header["Idempotency-Key"] = []string{"a", "a"}
	wantRefusal(t, serve(newWorld().api(httpapi.Options{}), twice), 400, message)

	w := newWorld()
	key := "!~" + strings.Repeat("k", 253)
	wantStatus(t, serve(w.api(httpapi.Options{}), request("POST", "/v1/process/text", hello, "Idempotency-Key", key)), 201)
	if a := w.only(t); a.IdempotencyKey != key || len(a.Fingerprint) != 64 {
		t.Errorf("submitted key %q with fingerprint %q", a.IdempotencyKey, a.Fingerprint)
	}
}

// TestFingerprint checks what makes two requests the same one.
func TestFingerprint(t *testing.T) {
	t.Parallel()

	of := func(method, target, body string) string {
		w := newWorld()
		wantStatus(t, serve(w.api(httpapi.Options{}), request(method, target, body, "Idempotency-Key", "k")), 201)
		return w.only(t).Fingerprint
	}
	first := of("POST", "/v1/process/text?a=1&b=2", hello)
	if again := of("POST", "/v1/process/text?b=2&a=1", hello); again != first {
		t.Error("the order of the query makes another request")
	}
	for _, other := range []struct{ method, target, body string }{
		{"POST", "/v1/process/text?a=1&b=3", hello},
		{"POST", "/v1/process/text?a=1&b=2", hello + " "},
		{"PUT", "/v1/process/text/" + conversationID + "?a=1&b=2", hello},
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
		{"unknown conversation", jobs.ErrUnknownConversation, 404, noConversation, ""},
		{"unknown job", jobs.ErrNotFound, 404, noJob, ""},
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

			w := newWorld()
			w.err = fmt.Errorf("step 3: %w", tt.err)
			got := serve(w.api(httpapi.Options{}), request("PUT", "/v1/process/text/"+conversationID, hello))
			wantRefusal(t, got, tt.status, tt.message)
			if after := got.Header().Get("Retry-After"); after != tt.retry {
				t.Errorf("Retry-After %q, want %q", after, tt.retry)
			}
		})
	}
}

func TestHungStore(t *testing.T) {
	t.Parallel()

	w := newWorld()
	w.hangs = true
	api := w.api(httpapi.Options{Timeout: 20 * time.Millisecond})
	for _, r := range []*http.Request{
		request("POST", "/v1/process/text", hello),
		request("GET", "/v1/job/"+jobID, ""),
		request("GET", "/v1/conversations/"+conversationID+"/messages", ""),
	} {
		wantStatus(t, serve(api, r), 503)
	}
}

// meter remembers the last request.
type meter struct {
	route, method string
	code          int
}

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
		{name: "accepted", request: request("POST", "/v1/process/text?x=secret", hello), meter: meter{"/v1/process/text", "POST", 201}, line: []string{"level=DEBUG", "account=ann"}},
		{name: "refused", request: request("PUT", "/v1/process/text/5", `{"secret"}`), meter: meter{"/v1/process/text/{conversationId}", "PUT", 400}, line: []string{"level=INFO", "account=ann"}},
		{name: "nobody", request: request("GET", "/v1/job/5", "", "Authorization", "secret"), meter: meter{"/v1/job/{jobId}", "GET", 401}, line: []string{"level=INFO", `account=""`}},
		{name: "nowhere", request: request("GET", "/secret", ""), meter: meter{"none", "GET", 404}, line: []string{"level=INFO"}},
		{name: "no method", request: request("SECRET", "/v1/process/text", ""), meter: meter{"none", "other", 405}, line: []string{"level=INFO"}},
		{name: "broken", request: request("HEAD", "/v1/job/"+jobID, ""), err: errors.New("the cause"), meter: meter{"/v1/job/{jobId}", "HEAD", 500}, line: []string{"level=ERROR", `err="the cause"`}},
		{name: "panic", request: request("GET", "/v1/job/"+jobID, ""), panics: true, meter: meter{"/v1/job/{jobId}", "GET", 500}, line: []string{"level=ERROR", `panic="a bug"`, "world_test.go"}},
		{name: "hung up", request: request("POST", "/v1/process/text", hello).WithContext(gone), err: context.Canceled, meter: meter{"/v1/process/text", "POST", 499}, line: []string{"level=INFO"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			var m meter
			w := newWorld()
			w.err, w.panics = tt.err, tt.panics
			api := w.logged(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}), httpapi.Options{Meter: &m})
			tt.request.Header.Set("X-Request-Id", "id-7")
			got := serve(api, tt.request)
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

// fragile panics when the answer is written.
type fragile struct{ http.ResponseWriter }

func (fragile) Write([]byte) (int, error) { panic("a broken writer") }

func TestPanicAfterTheAnswerIsLoggedAsAnError(t *testing.T) {
	t.Parallel()

	var out bytes.Buffer
	api := newWorld().logged(slog.NewTextHandler(&out, nil), httpapi.Options{})
	func() {
		defer func() {
			if p := recover(); p != any(http.ErrAbortHandler) {
				t.Errorf("the handler panics with %v, want %v, so that the server cuts the connection", p, http.ErrAbortHandler)
			}
		}()
		api.ServeHTTP(fragile{httptest.NewRecorder()}, request("POST", "/v1/process/text", hello))
	}()
	if line := out.String(); !strings.Contains(line, "level=ERROR") || !strings.Contains(line, "a broken writer") {
		t.Errorf("logged %q, want the panic as an error", line)
	}
}

func TestPanicIsAnswered(t *testing.T) {
	t.Parallel()

	w := newWorld()
	w.panics = true
	wantRefusal(t, serve(w.api(httpapi.Options{}), request("POST", "/v1/process/text", hello)), 500,
		"Something went wrong. The X-Request-Id of this answer leads the operator to the cause.")
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	t.Parallel()

	api := newWorld().api(httpapi.Options{})
	for given, taken := range map[string]bool{
		"01J-x.y:z_9": true, "": false, "a b": false, "a\x1b[31m": false, strings.Repeat("a", 129): false, "ä": false,
	} {
		got := serve(api, request("GET", "/nowhere", "", "X-Request-Id", given)).Header()
		id := got.Get("X-Request-Id")
		if (id == given) != taken || len(id) < 8 {
			t.Errorf("given the request id %q, answered %q", given, id)
		}
		if got.Get("X-Content-Type-Options") != "nosniff" {
			t.Error("X-Content-Type-Options is missing")
		}
	}
}
