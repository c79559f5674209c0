package symbl_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// newCompletedJob returns a Backend with a job that is completed, by the analyzers.
func newCompletedJob(analyzers ...string) *httpapitest.Backend {
	backend := httpapitest.NewBackend()
	backend.Stored.Job.Status, backend.Stored.Job.Analyzers = jobs.Completed, analyzers
	return backend
}

func TestAnswers(t *testing.T) {
	t.Parallel()

	const base = "/v1/conversations/" + httpapitest.ConversationID
	const message = `,"text":"`
	tests := []struct {
		name, target string
		backend      *httpapitest.Backend
		want         string
	}{
		{"a job that waits", "/v1/job/" + httpapitest.JobID, httpapitest.NewBackend(), `{"id":"` + httpapitest.JobID + `","status":"in_progress","conversationId":"` + httpapitest.ConversationID + `"}`},
		{"a job, id in capitals", "/v1/job/9B1DEB4D-3B7D-4BAD-9BDD-2B0D7B3DCB6D", httpapitest.NewBackend(), `{"id":"` + httpapitest.JobID + `","status":"in_progress","conversationId":"` + httpapitest.ConversationID + `"}`},
		{"a job that failed", "/v1/job/" + httpapitest.JobID, httpapitest.NewFull(), `{"id":"` + httpapitest.JobID + `","status":"failed","message":"The analyzer refused the text.","conversationId":"` + httpapitest.ConversationID + `",` +
			`"acceptedAt":"2026-05-01T10:00:00.000Z","startedAt":"2026-05-01T10:00:00.001Z","finishedAt":"2026-05-01T10:00:01.000Z"}`},
		{"a job that is completed", "/v1/job/" + httpapitest.JobID, newCompletedJob("local", "chat"), `{"id":"` + httpapitest.JobID + `","status":"completed","conversationId":"` + httpapitest.ConversationID + `","analyzers":["local","chat"]}`},
		{"a job from before analyzers were named", "/v1/job/" + httpapitest.JobID, newCompletedJob(), `{"id":"` + httpapitest.JobID + `","status":"completed","conversationId":"` + httpapitest.ConversationID + `"}`},
		{"a conversation without anything", base, httpapitest.NewBackend(), `{"id":"` + httpapitest.ConversationID + `","type":"meeting","name":"` + httpapitest.ConversationID + `","members":[],"metadata":{}}`},
		{"a conversation", base, httpapitest.NewFull(), `{"id":"` + httpapitest.ConversationID + `","type":"meeting","name":"Internships","startTime":"2020-07-21T16:02:19.010Z","endTime":"2020-07-21T16:04:20.990Z",` +
			`"members":[{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","email":"natalia@example.com"},{"id":"b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12","name":"Mike"}],"metadata":{"stage":"one"}}`},
		{"no messages", base + "/messages?verbose=TRUE&sentiment=false", httpapitest.NewBackend(), `{"messages":[]}`},
		{"messages", base + "/messages?verbose=", httpapitest.NewFull(), `{"messages":[` +
			`{"id":"1000000000000001"` + message + "Hi <Mike> & \u2028 all." + `","from":{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","email":"natalia@example.com"},"startTime":"2020-07-21T16:02:19.010Z","endTime":"2020-07-21T16:02:20.004Z","timeOffset":0,"duration":0.99,"conversationId":"` + httpapitest.ConversationID + `","phrases":[]},` +
			`{"id":"1000000000000002"` + message + `Hey.","from":{},"startTime":"2020-07-21T16:02:24.910Z","endTime":"2020-07-21T16:02:24.910Z","timeOffset":5.9,"duration":0,"conversationId":"` + httpapitest.ConversationID + `","phrases":[]}]}`},
		{"no insights", base + "/insights", httpapitest.NewBackend(), `{"insights":[]}`},
		{"insights", base + "/insights", httpapitest.NewFull(), `{"insights":[{"id":"2000000000000001","text":"Who?","type":"question","score":0.98,"messageIds":["1000000000000001"],"from":{"id":"a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11","name":"Natalia","userId":"natalia@example.com"}}]}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			api := tt.backend.API(httpapi.Options{})
			got := httpapitest.Serve(api, httpapitest.Request("GET", tt.target, ""))
			httpapitest.WantStatus(t, got, 200)
			if got.Body.String() != tt.want {
				t.Errorf("got\n%s, want\n%s", got.Body, tt.want)
			}
			head := httpapitest.Serve(api, httpapitest.Request("HEAD", tt.target, ""))
			httpapitest.WantStatus(t, head, 200)
			want := strconv.Itoa(len(tt.want))
			if strings.Contains(tt.target, "/messages") || strings.Contains(tt.target, "/insights") {
				want = "" // it would take as much work as the body
			}
			if n := head.Header().Get("Content-Length"); n != want {
				t.Errorf("HEAD: Content-Length %q, want %q", n, want)
			}
		})
	}
}

func TestBadQueryOfMessages(t *testing.T) {
	t.Parallel()

	for query, message := range map[string]string{
		"verbose=2":                   `"verbose" must be a boolean`,
		"sentiment=yes":               `"sentiment" must be a boolean`,
		"sentiment=true&sentiment=no": `"sentiment" is given more than once`,
		"%":                           `The query string is malformed: use name=value, joined by &, percent-encoded.`,
	} {
		api := httpapitest.NewBackend().API(httpapi.Options{})
		httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/messages?"+query, "")), 400, message)
	}
}

// TestAnotherAccountsIDs checks that what belongs to somebody else, what does
// not exist and what could not exist are answered alike, to the byte.
func TestAnotherAccountsIDs(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewFull().API(httpapi.Options{})
	for _, route := range []struct{ method, before, after, body, message, own, missing string }{
		{"PUT", "/v1/process/text/", "", httpapitest.Hello, httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/messages", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/insights", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/members", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/analytics", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/questions", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/action-items", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/comprehensive/action-items", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/follow-ups", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/topics", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/abstract-topics", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/entities", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/intents", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/trackers", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/trackers-detected", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/conversations/", "/summary", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"POST", "/v1/conversations/", "/summary", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"POST", "/v1/conversations/", "/transcript", `{"contentType":"text/srt"}`, httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"PUT", "/v1/conversations/", "", `{"type":"meeting"}`, httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"PUT", "/v1/conversations/", "/members/m", `{"id":"m","name":"Jo"}`, httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"PUT", "/v1/conversations/", "/speakers", `{"speakerEvents":[{"type":"stopped_speaking","user":{"id":"m"},"offset":{}}]}`, httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"DELETE", "/v1/conversations/", "", "", httpapitest.NoConversation, httpapitest.ConversationID, "1"},
		{"GET", "/v1/job/", "", "", httpapitest.NoJob, httpapitest.JobID, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e"},
		{"GET", "/v1/job/", "/attempts", "", httpapitest.NoJob, httpapitest.JobID, "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6e"},
	} {
		if got := httpapitest.Serve(api, httpapitest.Request(route.method, route.before+route.own+route.after, route.body)); got.Code >= 300 {
			t.Errorf("%s %s…%s: the owner got %d", route.method, route.before, route.after, got.Code)
		}
		theirs := httpapitest.Serve(api, httpapitest.Request(route.method, route.before+route.own+route.after, route.body, "Authorization", "Bearer bob"))
		httpapitest.WantRefusal(t, theirs, 404, route.message)
		for _, id := range []string{
			route.missing, "x", "%00", "1%2F2", "-1", "9%20", "%7Bann%7D:1", "*", "123456789012345678901",
			"9b1deb4d-3b7d-1bad-9bdd-2b0d7b3dcb6d", "9b1deb4d3b7d4bad9bdd2b0d7b3dcb6d", "%D9%A1",
		} {
			got := httpapitest.Serve(api, httpapitest.Request(route.method, route.before+id+route.after, route.body))
			if got.Code != theirs.Code || got.Body.String() != theirs.Body.String() {
				t.Errorf("%s %s%s%s: %d %s, want what another account's id gets, %d %s",
					route.method, route.before, id, route.after, got.Code, got.Body, theirs.Code, theirs.Body)
			}
		}
	}
}

func TestStoredTextThatIsBrokenIsStillAnswered(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewFull()
	backend.Stored.Messages = []conversation.Message{{ID: "1", Text: "a\xffb", Start: time.Now(), End: time.Now()}}
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/messages", "")), 200)
}
