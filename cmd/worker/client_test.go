package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A client talks to the API of a worker, over connections that it keeps.
type client struct {
	t    testing.TB
	base string
	http *http.Client
}

func newClient(w *workerProcess) *client {
	transport := &http.Transport{MaxIdleConnsPerHost: 128}
	w.t.Cleanup(transport.CloseIdleConnections)
	return &client{t: w.t, base: w.api, http: &http.Client{Transport: transport, Timeout: waitLimit}}
}

// An answer of the API.
type answer struct {
	status int
	header http.Header
	body   string
}

// A receipt is the answer to an append.
type receipt struct{ ConversationID, JobID string }

// send makes one request. The headers are pairs of name and value.
func (c *client) send(ctx context.Context, method, path, body string, headers ...string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("Authorization", "Bearer "+testToken)
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	return answer{resp.StatusCode, resp.Header, string(content)}, err
}

// submit sends an append: to a new conversation if none is named.
func (c *client) submit(ctx context.Context, conversation, body string, headers ...string) (answer, error) {
	if conversation == "" {
		return c.send(ctx, http.MethodPost, "/v1/process/text", body, headers...)
	}
	return c.send(ctx, http.MethodPut, "/v1/process/text/"+conversation, body, headers...)
}

// receipt reads the answer to an append that must have been accepted.
func (a answer) receipt() (r receipt, err error) {
	if a.status != http.StatusCreated {
		return r, fmt.Errorf("the append was answered %d: %s", a.status, a.body)
	}
	return r, json.Unmarshal([]byte(a.body), &r)
}

// append submits one sentence and returns its receipt.
func (c *client) append(conversation, text, hook string) receipt {
	c.t.Helper()
	key := uuid.NewString()
	a, err := c.submit(c.t.Context(), conversation, body(text, hook), "Idempotency-Key", key)
	for err == nil && a.status == http.StatusServiceUnavailable { // the machine is busy
		time.Sleep(50 * time.Millisecond)
		a, err = c.submit(c.t.Context(), conversation, body(text, hook), "Idempotency-Key", key)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := a.receipt()
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// appendWithoutKey is append without an idempotency key, by which a job is kept
// longer.
func (c *client) appendWithoutKey(conversation, text, hook string) receipt {
	c.t.Helper()
	a, err := c.submit(c.t.Context(), conversation, body(text, hook))
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := a.receipt()
	if err != nil {
		c.t.Fatal(err)
	}
	return r
}

// body is that of an append of one message, by nobody in particular.
func body(text, hook string) string {
	type payload struct {
		Content string `json:"content"`
	}
	type message struct {
		Payload payload `json:"payload"`
	}
	b, _ := json.Marshal(struct { // made of strings, so it succeeds
		WebhookURL string    `json:"webhookUrl,omitempty"`
		Messages   []message `json:"messages"`
	}{hook, []message{{payload{text}}}})
	return string(b)
}

// read reads what is at the path.
func (c *client) read(ctx context.Context, path string, v any) error {
	a, err := c.send(ctx, http.MethodGet, path, "")
	for err == nil && long() && a.status == http.StatusServiceUnavailable { // which asks to send again
		a, err = c.send(ctx, http.MethodGet, path, "")
	}
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("answered %d: %s", a.status, a.body)
	}
	if err == nil {
		err = json.Unmarshal([]byte(a.body), v)
	}
	if err != nil {
		return fmt.Errorf("GET %s: %w", path, err)
	}
	return nil
}

// get reads what must be at the path.
func (c *client) get(path string, v any) {
	c.t.Helper()
	if err := c.read(c.t.Context(), path, v); err != nil {
		c.t.Fatal(err)
	}
}

// A jobAnswer is a job as the API shows it.
type jobAnswer struct {
	ID, ConversationID, Message       string
	Status                            jobs.Status
	AcceptedAt, StartedAt, FinishedAt time.Time
	Analyzers                         []string
}

func (c *client) job(id string) (j jobAnswer) {
	c.t.Helper()
	c.get("/v1/job/"+id, &j)
	return j
}

// finish waits until the job is final.
func (c *client) finish(id string) (j jobAnswer) {
	c.t.Helper()
	await(c.t, "job "+id+" is final", func() bool {
		j = c.job(id)
		return j.Status.Final()
	})
	return j
}

// A messageAnswer is a message as the API shows it.
type messageAnswer struct {
	Text               string
	From               struct{ ID, Name, Email string }
	StartTime, EndTime string
}

func (c *client) messages(conversation string) []messageAnswer {
	c.t.Helper()
	var all struct{ Messages []messageAnswer }
	c.get("/v1/conversations/"+conversation+"/messages", &all)
	return all.Messages
}

// texts returns what is stored of a conversation.
func (c *client) texts(conversation string) []string {
	c.t.Helper()
	var texts []string
	for _, m := range c.messages(conversation) {
		texts = append(texts, m.Text)
	}
	return texts
}
