package httpapi_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// full is a world in which everything has happened.
func full() *world {
	w := newWorld()
	w.job.Status = jobs.Failed
	w.job.Message = "The analyzer refused the text."
	w.job.AcceptedAt = at("2026-05-01T10:00:00Z")
	w.job.StartedAt = at("2026-05-01T12:00:00.0015+02:00")
	w.job.FinishedAt = at("2026-05-01T10:00:01Z")
	w.conversation = conversation.Conversation{
		ID: conversationID, Type: "meeting", Name: "Internships",
		Start: at("2020-07-21T16:02:19.010Z"), End: at("2020-07-21T16:04:20.990Z"),
		Members: []conversation.Member{
			{ID: "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", Name: "Natalia", UserID: "natalia@example.com", Since: 1, Index: 0},
			{ID: "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12", Name: "Mike"},
		},
		Metadata: map[string]string{"stage": "one"},
	}
	w.messages = []conversation.Message{
		{ID: "1000000000000001", Text: "Hi <Mike> & \u2028 all.", Member: "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", Start: at("2020-07-21T16:02:19.010Z"), End: at("2020-07-21T16:02:20.004Z")},
		{ID: "1000000000000002", Text: "Hey.", Start: at("2020-07-21T16:02:24.910Z"), End: at("2020-07-21T16:02:24.910Z")},
	}
	w.insights = []analysis.Insight{{ID: "2000000000000001", Type: "question", Text: "Who?", Score: 0.98, MessageIDs: []string{"1000000000000001"}}}
	w.attempts = []webhook.Attempt{
		{EventID: jobID + "_1", Status: "scheduled", Number: 1, At: at("2026-05-01T10:00:00.020Z"), Outcome: webhook.Retry, Code: 503, Answer: "busy", DNS: 0.5, Connect: 1, TLS: 2, FirstByte: 3, Total: 4.25, NextAt: at("2026-05-01T10:00:05Z")},
		{EventID: jobID + "_1", Status: "scheduled", Number: 2, At: at("2026-05-01T10:00:05Z"), Outcome: webhook.Dead, Error: "connection refused"},
	}
	return w
}

// completed is a world with a job that is completed, by the analyzers.
func completed(analyzers ...string) *world {
	w := newWorld()
	w.job.Status, w.job.Analyzers = jobs.Completed, analyzers
	return w
}

func TestAnswers(t *testing.T) {
	t.Parallel()

	const base = "/v1/conversations/" + conversationID
	const message = `,"text":"`
	tests := []struct {
		name, target string
		world        *world
		want         string
	}{
		{"a job that waits", "/v1/job/" + jobID, newWorld(), `{"id":"` + jobID + `","status":"in_progress","conversationId":"` + conversationID + `"}`},
		{"a job, id in capitals", "/v1/job/9B1DEB4D-3B7D-4BAD-9BDD-2B0D7B3DCB6D", newWorld(), `{"id":"` + jobID + `","status":"in_progress","conversationId":"` + conversationID + `"}`},
		{"a job that failed", "/v1/job/" + jobID, full(), `{"id":"` + jobID + `","status":"failed","message":"The analyzer refused the text.","conversationId":"` + conversationID + `",` +
			`"acceptedAt":"2026-05-01T10:00:00.000Z","startedAt":"2026-05-01T10:00:00.001Z","finishedAt":"2026-05-01T10:00:01.000Z"}`},
		{"a job that is completed", "/v1/job/" + jobID, completed("local", "chat"), `{"id":"` + jobID + `","status":"completed","conversationId":"` + conversationID + `","analyzers":["local","chat"]}`},
		{"a job from before analyzers were named", "/v1/job/" + jobID, completed(), `{"id":"` + jobID + `","status":"completed","conversationId":"` + conversationID + `"}`},
		{"no attempts", "/v1/job/" + jobID + "/attempts", newWorld(), `{"attempts":[]}`},
		{"attempts", "/v1/job/" + jobID + "/attempts", full(), `{"attempts":[` +
			`{"eventId":"` + jobID + `_1","status":"scheduled","attempt":1,"at":"2026-05-01T10:00:00.020Z","outcome":"retry","code":503,"answer":"busy","dnsMs":0.5,"connectMs":1,"tlsMs":2,"firstByteMs":3,"totalMs":4.25,"nextAt":"2026-05-01T10:00:05.000Z"},` +
			`{"eventId":"` + jobID + `_1","status":"scheduled","attempt":2,"at":"2026-05-01T10:00:05.000Z","outcome":"dead","error":"connection refused","dnsMs":0,"connectMs":0,"tlsMs":0,"firstByteMs":0,"totalMs":0}]}`},
		{"a conversation without anything", base, newWorld(), `{"id":"` + conversationID + `","type":"meeting","name":"` + conversationID + `","members":[],"metadata":{}}`},
		{"a conversation", base, full(), `{"id":"` + conversationID + `","type":"meeting","name":"Internships","startTime":"2020-07-21T16:02:19.010Z","endTime":"2020-07-21T16:04:20.990Z",` +
			`"members":[{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","email":"natalia@example.com"},{"id":"b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12","name":"Mike"}],"metadata":{"stage":"one"}}`},
		{"no messages", base + "/messages?verbose=TRUE&sentiment=false", newWorld(), `{"messages":[]}`},
		{"messages", base + "/messages?verbose=", full(), `{"messages":[` +
			`{"id":"1000000000000001"` + message + "Hi <Mike> & \u2028 all." + `","from":{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","email":"natalia@example.com"},"startTime":"2020-07-21T16:02:19.010Z","endTime":"2020-07-21T16:02:20.004Z","timeOffset":0,"duration":0.99,"conversationId":"` + conversationID + `","phrases":[]},` +
			`{"id":"1000000000000002"` + message + `Hey.","from":{},"startTime":"2020-07-21T16:02:24.910Z","endTime":"2020-07-21T16:02:24.910Z","timeOffset":5.9,"duration":0,"conversationId":"` + conversationID + `","phrases":[]}]}`},
		{"no insights", base + "/insights", newWorld(), `{"insights":[]}`},
		{"insights", base + "/insights", full(), `{"insights":[{"id":"2000000000000001","text":"Who?","type":"question","score":0.98,"messageIds":["1000000000000001"],"from":{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","userId":"natalia@example.com"}}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			api := tt.world.api(httpapi.Options{})
			got := serve(api, request("GET", tt.target, ""))
			wantStatus(t, got, 200)
			if got.Body.String() != tt.want {
				t.Errorf("got\n%s, want\n%s", got.Body, tt.want)
			}
			head := serve(api, request("HEAD", tt.target, ""))
			wantStatus(t, head, 200)
			if n := head.Header().Get("Content-Length"); n != strconv.Itoa(len(tt.want)) {
				t.Errorf("HEAD: Content-Length %s, want %d", n, len(tt.want))
			}
		})
	}
}

func TestBadQueryOfMessages(t *testing.T) {
	t.Parallel()

	for query, message := range map[string]string{
		"verbose=1":                   `"verbose" must be a boolean`,
		"sentiment=yes":               `"sentiment" must be a boolean`,
		"sentiment=true&sentiment=no": `"sentiment" is given more than once`,
		"%":                           `The query string is malformed: use name=value, joined by &, percent-encoded.`,
	} {
		api := newWorld().api(httpapi.Options{})
		wantRefusal(t, serve(api, request("GET", "/v1/conversations/"+conversationID+"/messages?"+query, "")), 400, message)
	}
}

// TestAnotherAccountsIDs checks that what belongs to somebody else, what does
// not exist and what could not exist are answered alike, to the byte.
func TestAnotherAccountsIDs(t *testing.T) {
	t.Parallel()

	api := full().api(httpapi.Options{})
	for _, route := range []struct{ method, before, after, body, message, own, missing string }{
		{"PUT", "/v1/process/text/", "", hello, noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/messages", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/insights", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/members", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/analytics", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/questions", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/action-items", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/comprehensive/action-items", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/follow-ups", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/topics", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/abstract-topics", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/entities", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/intents", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/trackers", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/trackers-detected", "", noConversation, conversationID, "1"},
		{"GET", "/v1/conversations/", "/summary", "", noConversation, conversationID, "1"},
		{"POST", "/v1/conversations/", "/summary", "", noConversation, conversationID, "1"},
		{"POST", "/v1/conversations/", "/transcript", `{"contentType":"text/srt"}`, noConversation, conversationID, "1"},
		{"PUT", "/v1/conversations/", "", `{"type":"meeting"}`, noConversation, conversationID, "1"},
		{"PUT", "/v1/conversations/", "/members/m", `{"id":"m","name":"Jo"}`, noConversation, conversationID, "1"},
		{"PUT", "/v1/conversations/", "/speakers", `{"speakerEvents":[{"type":"stopped_speaking","user":{"id":"m"},"offset":{}}]}`, noConversation, conversationID, "1"},
		{"DELETE", "/v1/conversations/", "", "", noConversation, conversationID, "1"},
		{"GET", "/v1/job/", "", "", noJob, jobID, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e"},
		{"GET", "/v1/job/", "/attempts", "", noJob, jobID, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e"},
	} {
		if got := serve(api, request(route.method, route.before+route.own+route.after, route.body)); got.Code >= 300 {
			t.Errorf("%s %s…%s: the owner got %d", route.method, route.before, route.after, got.Code)
		}
		theirs := serve(api, request(route.method, route.before+route.own+route.after, route.body, "Authorization", "Bearer bob"))
		wantRefusal(t, theirs, 404, route.message)
		for _, id := range []string{
			route.missing, "x", "%00", "1%2F2", "-1", "9%20", "%7Bann%7D:1", "*", "123456789012345678901",
			"9b1deb4d-3b7d-1bad-9bdd-2b0d7b3dcb6d", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "%D9%A1",
		} {
			got := serve(api, request(route.method, route.before+id+route.after, route.body))
			if got.Code != theirs.Code || got.Body.String() != theirs.Body.String() {
				t.Errorf("%s %s%s%s: %d %s, want what another account's id gets, %d %s",
					route.method, route.before, id, route.after, got.Code, got.Body, theirs.Code, theirs.Body)
			}
		}
	}
}

func TestStoredTextThatIsBrokenIsStillAnswered(t *testing.T) {
	t.Parallel()

	w := full()
	w.messages = []conversation.Message{{ID: "1", Text: "a\xffb", Start: time.Now(), End: time.Now()}}
	wantStatus(t, serve(w.api(httpapi.Options{}), request("GET", "/v1/conversations/"+conversationID+"/messages", "")), 200)
}
