package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A change is a request that must take effect once.
type change struct {
	name         string
	method, path string   // % stands for the conversation, a new one each time, $ for its member
	body         string   // likewise
	headers      []string // likewise; = stands for the ETag of the conversation
	status       int
	then         string // path that shows the effect
	shows        string // part of what is read there
	status2      int    // of what is read there; 200 if zero
}

func onceChanges() []change {
	const hello = `{"messages":[{"payload":{"content":"Once more."}}]}`
	return []change{
		{
			name: "append with a key", method: "PUT", path: "/v1/process/text/%", body: hello,
			headers: []string{"Idempotency-Key", "append-%"}, status: 201,
		},
		{name: "append without a key", method: "PUT", path: "/v1/process/text/%", body: hello, status: 201},
		{
			name: "new conversation with a key", method: "POST", path: "/v1/process/text", body: hello,
			headers: []string{"Idempotency-Key", "new-%"}, status: 201,
		},
		{
			name: "edit of what was read", method: "PUT", path: "/v1/conversations/%", body: `{"name":"Renamed"}`,
			headers: []string{"If-Match", "="}, status: 200, then: "/v1/conversations/%", shows: `"Renamed"`,
		},
		{
			name: "title", method: "PUT", path: "/v2/conversations/%/title", body: `{"title":"Titled"}`,
			status: 200, then: "/v1/conversations/%", shows: `"Titled"`,
		},
		{
			name: "members", method: "PUT", path: "/v1/conversations/%/members/$",
			body:   `{"id":"$","name":"John"}`,
			status: 200, then: "/v1/conversations/%/members", shows: `"John"`,
		},
		{name: "deletion", method: "DELETE", path: "/v1/conversations/%", status: 200, then: "/v1/conversations/%", status2: 404},
		{
			name: "privacy", method: "PUT", path: "/v2/conversations/%/change_privacy",
			status: 200, then: "/v2/conversations/%", shows: `"private":true`,
		},
		{
			name: "new tracker", method: "POST", path: "/v1/manage/trackers",
			body:   `{"name":"Tracker %","vocabulary":["once"]}`,
			status: 200, then: "/v1/manage/trackers", shows: `"Tracker %"`,
		},
		{
			name: "import", method: "POST", path: "/v2/conversations/import",
			body:   `{"title":"Imported","externalId":"deal-%","transcript":{"v1":{"final":[{"speaker":"Ann","sentence":"Hello."}]}}}`,
			status: 200, then: "/v2/conversations/by-external-id/deal-%", shows: `"conversation_id"`,
		},
	}
}

// Redis makes a change and its reply is lost. The caller hears of the change
// as if nothing had been: not that somebody else was quicker, nor that there
// was nothing to change.
func TestLostReplyToARequest(t *testing.T) {
	t.Parallel()

	for _, silent := range []bool{false, true} {
		server := redistest.Server(t)
		link := redistest.Link(t, server.Addr, 0)
		c := newClient(startWorker(t, "REDIS_URL="+link.URL(), "ROLES=api"))
		startWorker(t, "REDIS_URL="+server.URL(), "ROLES=worker")
		for _, tt := range onceChanges() { // one after the other: the link loses any reply
			t.Run(fmt.Sprintf("%s, silent %t", tt.name, silent), func(t *testing.T) {
				for after := range 10 {
					if !loseReplyTo(t, c, link, tt, redistest.Loss{Share: 1, Only: "fcall", After: after, Next: 1, Silent: silent}) {
						if after == 0 {
							t.Error("no reply was lost")
						}
						return
					}
				}
				t.Error("the request never got all its replies")
			})
		}
	}
}

// loseReplyTo makes the change on a conversation of its own. It reports whether
// a reply was lost.
func loseReplyTo(t *testing.T, c *client, link *redistest.NetworkLink, tt change, loss redistest.Loss) bool {
	t.Helper()
	job, member := c.beginWithMember()
	headers := slices.Clone(tt.headers)
	for i := range headers {
		headers[i] = strings.ReplaceAll(headers[i], "%", job.ConversationID)
		if headers[i] == "=" {
			a, err := c.send(t.Context(), http.MethodGet, "/v1/conversations/"+job.ConversationID, "")
			if err != nil || a.header.Get("ETag") == "" {
				t.Fatalf("read the ETag: %d, %v", a.status, err)
			}
			headers[i] = a.header.Get("ETag")
		}
	}
	fill := strings.NewReplacer("%", job.ConversationID, "$", member).Replace
	lost := link.Lost()
	link.Lose(loss)
	a, err := c.send(t.Context(), tt.method, fill(tt.path), fill(tt.body), headers...)
	link.Heal()
	if link.Lost() == lost {
		return false
	}
	if loss.Silent && a.status == http.StatusServiceUnavailable {
		return true // the time was over before the silence could be told from slowness
	}
	if err != nil || a.status != tt.status {
		t.Errorf("reply %d was lost: answered %d %s, %v; want %d", loss.After+1, a.status, a.body, err, tt.status)
		return true
	}
	if tt.status == http.StatusCreated {
		r, err := a.receipt()
		if err != nil {
			t.Fatal(err)
		}
		c.finish(r.JobID)
		texts := slices.DeleteFunc(c.texts(r.ConversationID), func(s string) bool { return s == "Begin." })
		if !slices.Equal(texts, []string{"Once more."}) {
			t.Errorf("reply %d was lost: stored %q, want the text once", loss.After+1, texts)
		}
		return true
	}
	tt.checkEffect(t.Context(), t, c, fill)
	return true
}

// beginWithMember makes a conversation with one member.
func (c *client) beginWithMember() (job receipt, member string) {
	c.t.Helper()
	const begin = `{"messages":[{"payload":{"content":"Begin."},"from":{"name":"Ann","userId":"ann@example.com"}}]}`
	a, err := c.submit(c.t.Context(), "", begin)
	if err != nil {
		c.t.Fatal(err)
	}
	if job, err = a.receipt(); err != nil {
		c.t.Fatal(err)
	}
	c.finish(job.JobID)
	var all struct{ Members []struct{ ID string } }
	c.get("/v1/conversations/"+job.ConversationID+"/members", &all)
	if len(all.Members) != 1 {
		c.t.Fatalf("members %v, want one", all.Members)
	}
	return job, all.Members[0].ID
}

func (tt change) checkEffect(ctx context.Context, t *testing.T, c *client, fill func(string) string) {
	t.Helper()
	want := http.StatusOK
	if tt.status2 != 0 {
		want = tt.status2
	}
	a, err := c.send(ctx, http.MethodGet, fill(tt.then), "")
	if err != nil || a.status != want || strings.Count(a.body, fill(tt.shows)) != 1 && tt.shows != "" {
		t.Errorf("GET %s = %d %s, %v; want %d and %s once", tt.then, a.status, a.body, err, want, fill(tt.shows))
	}
}
