package operations_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

const hook = "https://ann.example.com/hook"

// moody fails texts that are bad.
type moody struct{ jobs.Local }

func (m moody) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	if strings.Contains(t.Input.Utterances[0].Text, "bad") {
		return analysis.Result{}, &jobs.PermanentError{Message: "The model said no"}
	}
	return m.Local.Analyze(ctx, t)
}

// ask sends a request and returns the answer, which has to have a status and to
// contain some texts.
func ask(s *httpapitest.Service, method, target, body string, status int, parts ...string) string {
	s.T.Helper()
	got := s.Do(method, target, body)
	httpapitest.WantStatus(s.T, got, status)
	for _, part := range parts {
		if !strings.Contains(got.Body.String(), part) {
			s.T.Errorf("%s %s: %s, want %s in it", method, target, got.Body, part)
		}
	}
	return got.Body.String()
}

// submit sends a text, to a conversation if it is not empty.
func submit(s *httpapitest.Service, conversationID, text, url string) (job, conversation string) {
	s.T.Helper()
	method, target := http.MethodPost, "/v1/process/text"
	if conversationID != "" {
		method, target = http.MethodPut, target+"/"+conversationID
	}
	var receipt struct{ JobID, ConversationID string }
	got := ask(s, method, target, `{"messages":[{"payload":{"content":"`+text+`"}}]`+url+`}`, 201)
	if err := json.Unmarshal([]byte(got), &receipt); err != nil {
		s.T.Fatal(err)
	}
	return receipt.JobID, receipt.ConversationID
}

func TestJobsAreListed(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewServiceWith(t, moody{})
	first, conversation := submit(s, "", "Good.", `,"webhookUrl":"`+hook+`"`)
	second, _ := submit(s, conversation, "A bad one.", "")
	s.RunJobs()
	third, _ := submit(s, "", "It waits.", "")

	ask(s, "GET", "/v1/jobs?counts=true", "", 200, first, second, third, `"counts":{"completed":1,"failed":1,"in_progress":0,"scheduled":1}`)
	ask(s, "GET", "/v1/jobs?status=failed&error=MODEL", "", 200, `"id":"`+second+`"`, `"message":"The model said no"`, `"sequence":2`)
	ask(s, "GET", "/v1/jobs?status=failed&error=other", "", 200, `{"jobs":[]}`)
	if got := ask(s, "GET", "/v1/jobs?conversationId="+conversation, "", 200, first, second); strings.Contains(got, third) {
		t.Errorf("a job of another conversation is listed: %s", got)
	}
	ask(s, "GET", "/v1/jobs?to=2020-01-01T00:00:00Z", "", 200, `{"jobs":[]}`)
	got := ask(s, "GET", "/v1/jobs?limit=2&order=oldest", "", 200, `"nextCursor":"`)
	var page struct{ NextCursor string }
	if err := json.Unmarshal([]byte(got), &page); err != nil {
		t.Fatal(err)
	}
	if got := ask(s, "GET", "/v1/jobs?limit=2&order=oldest&cursor="+page.NextCursor, "", 200, third); strings.Contains(got, first) {
		t.Errorf("a job is on two pages: %s", got)
	}
}

func TestJobIsShown(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewServiceWith(t, moody{})
	job, conversation := submit(s, "", "Bad, bad, bad.", `,"webhookUrl":"`+hook+`"`)
	waits, _ := submit(s, conversation, "It waits.", "")
	ask(s, "GET", "/v1/jobs/"+waits, "", 200, `"status":"scheduled"`, `"lane":{"ahead":1,"behind":0}`, `"failures":[]`, `"events":[]`)
	s.RunJobs()
	s.GiveUpEvents()
	ask(s, "GET", "/v1/jobs/"+job, "", 200, `"status":"failed"`, `"failures":[{"at":"2`, `"reason":"The model said no"`, `"state":"dead"`, `"attempts":[{"eventId":"`+job+`_1_`, `"code":410`)
	for _, id := range []string{"x", jobs.NewID(0), conversation} {
		ask(s, "GET", "/v1/jobs/"+id, "", 404, "The jobId is either invalid or does not exist.")
	}
}

func TestListRefuses(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewService(t)
	for query, message := range map[string]string{
		"status=lost":                       `\"status\" must be scheduled, in_progress, completed or failed`,
		"order=up":                          `\"order\" must be newest or oldest`,
		"status=completed&error=x":          `\"error\" is of failed jobs alone`,
		"error=" + strings.Repeat("x", 201): `\"error\" must be at most 200 bytes long`,
		"from=x":                            `\"from\" must be`,
		"to=x":                              `\"to\" must be`,
		"limit=-1":                          `\"limit\" must be`,
		"counts=x":                          `\"counts\" must be`,
		"cursor=x":                          `\"cursor\" must be the nextCursor`,
		"cursor=a&cursor=b":                 `\"cursor\" is given more than once`,
	} {
		ask(s, "GET", "/v1/jobs?"+query, "", 400, message)
	}
	ask(s, "GET", "/v1/jobs?account=bob", "", 403, `\"account\" is another account than that of the token.`)
}

func TestJobsAreCancelledAndRetried(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewServiceWith(t, moody{})
	failed, conversation := submit(s, "", "A bad one.", `,"name":"Talk"`)
	waits, _ := submit(s, conversation, "It waits.", "")
	ask(s, "POST", "/v1/jobs/"+waits+"/retry", "", 409, "The job has not failed.")
	ask(s, "POST", "/v1/jobs/"+waits+"/cancel", "", 200, `"status":"scheduled"`, `"cancelledAt":"2`)
	ask(s, "POST", "/v1/jobs/"+waits+"/cancel", "", 200, `"cancelledAt":"2`)
	s.RunJobs()
	ask(s, "GET", "/v1/jobs/"+waits, "", 200, `"status":"failed"`, `"message":"the job was cancelled"`)
	ask(s, "POST", "/v1/jobs/"+waits+"/cancel", "", 409, "The job has ended.")
	ask(s, "POST", "/v1/jobs/"+waits+"/retry", "", 409, "The text of the job is not kept.")
	got := ask(s, "POST", "/v1/jobs/"+failed+"/retry", "", 201, `"conversationId":"`+conversation+`"`)
	if again := ask(s, "POST", "/v1/jobs/"+failed+"/retry", "", 201); again != got {
		t.Errorf("sent again twice: %s, then %s", got, again)
	}
	var receipt struct{ JobID string }
	if err := json.Unmarshal([]byte(got), &receipt); err != nil || receipt.JobID == failed {
		t.Fatalf("%s, %v", got, err)
	}
	ask(s, "GET", "/v1/jobs/"+receipt.JobID, "", 200, `"sequence":3`)
	for _, id := range []string{"x", jobs.NewID(0)} {
		ask(s, "POST", "/v1/jobs/"+id+"/retry", "", 404)
		ask(s, "POST", "/v1/jobs/"+id+"/cancel", "", 404)
	}
	ask(s, "DELETE", "/v1/conversations/"+conversation, "", 200)
	s.RunJobs()
	if kept := s.Redis.Keys(t.Context(), "tw:{*}:[kb]:*").Val(); len(kept) > 0 {
		t.Errorf("texts are left of a conversation that was deleted: %v", kept)
	}
}

func TestLanesAreSteered(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewServiceWith(t, moody{})
	s.Runner = jobs.NewRunner(s.Store, moody{}, httpapitest.NoDoorbell{}, jobs.RunnerOptions{Hold: map[string]bool{"ann": true}})
	job, conversation := submit(s, "", "A bad one.", `,"webhookUrl":"`+hook+`"`)
	next, _ := submit(s, conversation, "A good one.", "")
	ask(s, "GET", "/v1/lanes?state=waiting", "", 200, `"id":"`+conversation+`","kind":"jobs","state":"waiting"`, `"waiting":2`, job)
	ask(s, "POST", "/v1/lanes/"+conversation+"/skip", "", 409, "The lane is not in trouble")
	s.RunJobs()
	ask(s, "GET", "/v1/lanes", "", 200, `"state":"held","reason":"The model said no","since":"2`, `"waiting":2,"headJobId":"`+job+`","failedAttempts":1`)
	ask(s, "GET", "/v1/jobs/"+job, "", 200, `"status":"in_progress"`)
	ask(s, "POST", "/v1/lanes/"+conversation+"/resume", "", 200, `"state":"waiting"`)
	s.RunJobs()
	ask(s, "GET", "/v1/lanes?state=held", "", 200, conversation)
	ask(s, "POST", "/v1/lanes/"+conversation+"/skip", "", 200, `"waiting":1`, `"headJobId":"`+next+`"`)
	s.RunJobs()
	ask(s, "GET", "/v1/jobs/"+job, "", 200, `"status":"failed","message":"The model said no"`)
	ask(s, "GET", "/v1/jobs/"+next, "", 200, `"status":"completed"`)
	ask(s, "GET", "/v1/lanes", "", 200, `{"lanes":[]}`)
	ask(s, "GET", "/v1/lanes?kind=webhooks", "", 200, `{"lanes":[]}`)
	for query, message := range map[string]string{
		"kind=lost": `\"kind\" must be`, "state=lost": `\"state\" must be`, "kind=webhooks&state=failing": `\"state\" can be held only`,
		"limit=x": `\"limit\" must be`, "cursor=x": `\"cursor\" must be`,
	} {
		ask(s, "GET", "/v1/lanes?"+query, "", 400, message)
	}
	for _, id := range []string{"x", jobs.NewID(0), "4711"} {
		ask(s, "POST", "/v1/lanes/"+id+"/retry", "", 404, "The laneId is either invalid or does not exist.")
	}
	ask(s, "POST", "/v1/lanes/"+job+"/skip", "", 409, "The lane is not in trouble")
}

// The webhooks of a job that wait for somebody are listed, and go on with the event that
// was given up, or without it.
func TestHaltedWebhooksAreSteered(t *testing.T) {
	t.Parallel()

	s := httpapitest.NewService(t)
	job, _ := submit(s, "", "Good.", `,"webhookUrl":"`+hook+`"`)
	s.RunJobs()
	halt := func() {
		t.Helper()
		for shard := range s.Store.Shards() {
			c, _, err := s.Store.ClaimEvent(t.Context(), shard)
			if err != nil {
				t.Fatal(err)
			}
			if c == nil {
				continue
			}
			a := webhook.Attempt{EventID: c.Event.ID(), Status: c.Event.Status, Number: 1, At: time.Now(), Outcome: webhook.Dead, Code: 410, Error: "gone"}
			if _, _, err := s.Store.SettleEvents(t.Context(), c, []webhook.Settlement{{Outcome: webhook.Dead, Class: webhook.ClassAborted, Attempt: a, Gap: webhook.Halt}}, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	halt()
	ask(s, "GET", "/v1/lanes?kind=webhooks", "", 200, `"id":"`+job+`","kind":"webhooks","state":"held","reason":"gone"`, `"waiting":3`)
	ask(s, "POST", "/v1/lanes/"+job+"/resume", "", 200, `"state":"waiting"`, `"waiting":3`)
	halt()
	ask(s, "POST", "/v1/lanes/"+job+"/skip", "", 200, `"state":"waiting"`, `"waiting":2`)
	ask(s, "GET", "/v1/lanes?kind=webhooks", "", 200, `{"lanes":[]}`)
	ask(s, "POST", "/v1/lanes/"+job+"/skip", "", 409, "The lane is not in trouble")
}
