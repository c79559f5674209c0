package compat

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// The webhooks of a job, as the page about appends describes them.
func TestWebhooks(t *testing.T) {
	t.Parallel()

	c := newCaller(t, callers)
	bodies := make(chan []byte, 16)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err == nil && r.Method == http.MethodPost {
			bodies <- body
		}
	}))
	t.Cleanup(receiver.Close)
	for _, target := range []string{"/v1/process/text", "/v1/process/text?webhookUrl=" + receiver.URL} {
		body := `{"messages":[{"payload":{"content":"Hello."}}],"webhookUrl":"` + receiver.URL + `"}`
		if strings.Contains(target, "?") {
			body = `{"messages":[{"payload":{"content":"Hello."}}]}`
		}
		var job struct{ JobID string }
		decode(t, c.want(http.StatusCreated, http.MethodPost, target, body), &job)
		r := newAnswerCheck(t, []field{
			{"jobId", uuid, always},
			{"id", uuid, always},
			{"status", one("scheduled", "in_progress", "completed"), always},
			{"conversationId", digits, ours},
			{"sequence", integer, ours},
			{"occurredAt", instant, ours},
		})
		for _, status := range []string{"scheduled", "in_progress", "completed"} {
			got := <-bodies
			o := object(t, got)
			r.read("", o)
			if o["status"] != status || o["jobId"] != job.JobID || o["id"] != job.JobID {
				t.Errorf("the webhook says %s, want %s of job %s", got, status, job.JobID)
			}
			if missing := missingIn(t, sample(t, "symbl-put-text/webhook.json"), string(got)); len(missing) > 0 {
				t.Errorf("%v of the page is missing in %s", missing, got)
			}
		}
		r.finish()
	}
}

// The answer to one job too many is the one that the page prints, with the
// number in the place of X.
func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()

	c := newCaller(t, limited)
	var job struct{ ConversationID, JobID string }
	decode(t, c.want(http.StatusCreated, http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"Wait."}}]}`), &job)
	a := c.do(http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"Hello."}}]}`)
	c.want(http.StatusNotFound, http.MethodGet, "/v1/conversations/"+job.ConversationID+"/summary", "")
	c.worker.analyzer.release()
	want := strings.ReplaceAll(sample(t, "symbl-put-text/limit.json"), "`X`", "`1`")
	if a.status != http.StatusTooManyRequests || spaceless(string(a.body)) != spaceless(want) || a.header.Get("Retry-After") == "" {
		t.Errorf("answered %d %s %v, want 429 %s and Retry-After", a.status, a.body, a.header, want)
	}
	c.finish(job.JobID)
	c.want(http.StatusOK, http.MethodGet, "/v1/conversations/"+job.ConversationID+"/summary", "")
}

// TestNotices makes the requests of which the document says that migrants
// notice something.
func TestNotices(t *testing.T) {
	t.Parallel()

	c := newCaller(t, callers)
	c.begin(`{"name":"Notice","metadata":{"seat":"9"},"messages":[{"payload":{"content":"Hello."}}]}`)
	tests := []struct {
		name, method, path, body, contentType string
		status                                int
		has                                   string
	}{
		{name: "a form", method: "POST", path: "/v1/process/text", body: "{" + hello + "}", contentType: "application/x-www-form-urlencoded", status: 415},
		{name: "no type", method: "POST", path: "/v1/process/text", body: "{" + hello + "}", status: 201},
		{name: "a type with a charset", method: "POST", path: "/v1/process/text", body: "{" + hello + "}", contentType: "application/json; charset=UTF-8", status: 201},
		{name: "a date alone", method: "GET", path: "/v1/conversations?startTime=2021-08-09", status: 400, has: "RFC 3339"},
		{name: "a slash at the end", method: "GET", path: "/v1/conversations/", status: 200, has: `"conversations"`},
		{name: "an unknown member", method: "POST", path: "/v1/process/text", body: `{"colour":"red",` + hello + "}", status: 201},
		{name: "an unknown member of a tracker", method: "POST", path: "/v1/manage/tracker", body: `{"name":"A","vocabulary":["a"],"colour":"red"}`, status: 400, has: `\"colour\" is not allowed`},
		{name: "a filter without the prefix", method: "GET", path: "/v1/conversations?filter=name==Notice", status: 200, has: `"name":"Notice"`},
		{name: "a star", method: "GET", path: "/v1/conversations?filter=name==Not*", status: 200, has: `{"conversations":[]}`},
		{name: "numbers", method: "GET", path: "/v1/conversations?filter=metadata.seat=lt=10", status: 200, has: `"seat":"9"`},
		{name: "an absent key", method: "GET", path: "/v1/conversations?filter=metadata.row==1", status: 200, has: `{"conversations":[]}`},
		{name: "an absent key, unequal", method: "GET", path: "/v1/conversations?filter=metadata.row!=1;name==Notice", status: 200, has: `"name":"Notice"`},
	}
	for _, tt := range tests {
		a := c.do(tt.method, tt.path, tt.body, "Content-Type", tt.contentType)
		if a.status != tt.status || !strings.Contains(string(a.body), tt.has) {
			t.Errorf("%s: answered %d %s, want %d and %s", tt.name, a.status, a.body, tt.status, tt.has)
		}
	}
}

// TestTokenHeaders sends the token in every way in which clients do.
func TestTokenHeaders(t *testing.T) {
	t.Parallel()

	c := newCaller(t, callers)
	tests := []struct {
		name    string
		headers []string
		status  int
	}{
		{"Bearer", []string{"Authorization", "Bearer " + c.token}, 200},
		{"bearer", []string{"Authorization", "bearer " + c.token}, 200},
		{"raw", []string{"Authorization", c.token}, 200},
		{"x-api-key", []string{"Authorization", "", "x-api-key", c.token}, 200},
		{"nothing", []string{"Authorization", ""}, 401},
		{"unknown", []string{"Authorization", "Bearer x"}, 401},
	}
	for _, tt := range tests {
		for _, path := range []string{"/v1/conversations", "/v2/conversations"} {
			a := c.do(http.MethodGet, path, "", tt.headers...)
			if a.status != tt.status {
				t.Errorf("%s at %s: answered %d %s, want %d", tt.name, path, a.status, a.body, tt.status)
			}
			if a.status == http.StatusUnauthorized && !strings.Contains(string(a.body), `"message":"Token validation failed for provided token."`) {
				t.Errorf("%s at %s: answered %s, want the documented message", tt.name, path, a.body)
			}
		}
	}
}
