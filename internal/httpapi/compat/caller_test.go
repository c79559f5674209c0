package compat

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A caller makes requests for an account.
type caller struct {
	t      *testing.T
	worker *worker
	base   string
	token  string
	appID  string
	secret string // of the application
}

func newCaller(t *testing.T, account string) *caller {
	t.Helper()
	return callerOf(t, served, account)
}

func callerOf(t *testing.T, which func() (*worker, error), account string) *caller {
	t.Helper()
	w, err := which()
	if err != nil {
		t.Fatal(err)
	}
	return &caller{
		t: t, worker: w, base: w.base, token: tokenOf(account),
		appID: appIDOf(account), secret: appSecretOf(account),
	}
}

// An answer of the worker.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do makes one request. The headers are pairs of name and value; an empty value
// removes a header that every request has.
func (c *caller) do(method, path, body string, headers ...string) answer {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Del(headers[i])
		if headers[i+1] != "" {
			req.Header.Set(headers[i], headers[i+1])
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, content}
}

// want makes a request that must be answered with the status, and returns the
// body.
func (c *caller) want(status int, method, path, body string, headers ...string) []byte {
	c.t.Helper()
	a := c.do(method, path, body, headers...)
	if a.status != status {
		c.t.Fatalf("%s %s was answered %d %s, want %d", method, path, a.status, a.body, status)
	}
	return a.body
}

// get reads what must be at the path.
func (c *caller) get(path string, into any) {
	c.t.Helper()
	decode(c.t, c.want(http.StatusOK, http.MethodGet, path, ""), into)
}

func decode(t *testing.T, data []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
}

// begin submits a new conversation and returns its id once it is stored.
func (c *caller) begin(body string) string {
	c.t.Helper()
	var r struct{ ConversationID, JobID string }
	decode(c.t, c.want(http.StatusCreated, http.MethodPost, "/v1/process/text", body), &r)
	c.finish(r.JobID)
	return r.ConversationID
}

// finish waits until the job is completed.
func (c *caller) finish(job string) {
	c.t.Helper()
	var j struct{ Status, Message string }
	await(c.t, "job "+job+" ends", func() bool {
		c.get("/v1/job/"+job, &j)
		return j.Status == "completed" || j.Status == "failed"
	})
	if j.Status != "completed" {
		c.t.Fatalf("job %s is %s: %s", job, j.Status, j.Message)
	}
}

// A stored message, as it is answered.
type message struct {
	ID, Text, StartTime, EndTime string
	From                         struct{ ID, Name, Email string }
}

func (c *caller) messages(conversation string) []message {
	c.t.Helper()
	var all struct{ Messages []message }
	c.get("/v1/conversations/"+conversation+"/messages", &all)
	return all.Messages
}

// A stored conversation, as it is answered.
type stored struct {
	ID, Type, Name, StartTime, EndTime string
	Members                            []struct{ ID, Name, Email string }
	Metadata                           map[string]string
}

func (c *caller) conversation(id string) (s stored) {
	c.t.Helper()
	c.get("/v1/conversations/"+id, &s)
	return s
}
