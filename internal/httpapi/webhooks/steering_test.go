package webhooks_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/webhook"
)

const hook = "https://ann.example.com/hook"

// deadEvents returns a service of which all three events of a job of ann's were given
// up, with the job and the endpoint.
func deadEvents(t *testing.T) (s *httpapitest.Service, job, endpoint string) {
	t.Helper()
	s = httpapitest.NewService(t)
	got := s.Do(http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"Hi."}}],"webhookUrl":"`+hook+`"}`)
	var receipt struct{ JobID string }
	if err := json.Unmarshal(got.Body.Bytes(), &receipt); err != nil {
		t.Fatal(err)
	}
	s.RunJobs()
	s.GiveUpEvents()
	e, err := webhook.EndpointOf(hook)
	for _, pause := range []bool{true, false} {
		if err == nil {
			_, err = s.Store.PauseEndpoint(t.Context(), "ann", e, pause)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return s, receipt.JobID, e.ID
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

func TestDeliveriesAreSteered(t *testing.T) {
	t.Parallel()

	s, job, endpoint := deadEvents(t)
	const all = "/v1/webhooks/deliveries"
	ask(s, "GET", all+"?jobId="+job, "", 200, `"status":"completed","sequence":3`, `"state":"dead"`, `"occurredAt":"2`, `"url":"`+hook+`"`)
	ask(s, "GET", all+"?state=dead&limit=2", "", 200, `"nextCursor":"`+endpoint+`.`, `"reason":"aborted"`)
	ask(s, "GET", all+"?endpointId="+endpoint+"&state=dead&from=2020-01-01T00:00:00Z", "", 200, `"sequence":3`)
	ask(s, "GET", all+"?endpointId="+endpoint, "", 200, `{"deliveries":[]}`)
	ask(s, "GET", all+"/"+job+"_2", "", 200, `"attempts":[{"eventId":"`+job+`_2_`, `"code":410`)
	ask(s, "POST", all+"/"+job+"_2/resend", "", 200, `"state":"pending"`, `"replay":true`)
	ask(s, "POST", all+"/"+job+"_2/resend", "", 409, "still being tried")
	ask(s, "GET", all+"?endpointId="+endpoint+"&state=pending", "", 200, `"replay":true`)
	ask(s, "GET", "/v1/webhooks/endpoints", "", 200, `"origin":"https://ann.example.com:443","breaker":"closed","waiting":1,"inFlight":0,"dead":2`)
	ask(s, "POST", "/v1/webhooks/endpoints/"+endpoint+"/pause", "", 200, `"pausedAt":"2`)
	if got := ask(s, "POST", "/v1/webhooks/endpoints/"+endpoint+"/resume", "", 200); strings.Contains(got, "pausedAt") {
		t.Errorf("resumed: %s", got)
	}
	ask(s, "DELETE", "/v1/webhooks/endpoints/"+endpoint+"/dead?before=2020-01-01T00:00:00Z", "", 200, `{"dropped":0,"more":false}`)
	ask(s, "DELETE", "/v1/webhooks/endpoints/"+endpoint+"/dead", "", 200, `{"dropped":2,"more":false}`)
	ask(s, "GET", "/v1/webhooks/endpoints/"+endpoint, "", 200, `"dead":0`)
}

func TestResendsAreSteered(t *testing.T) {
	t.Parallel()

	s, _, endpoint := deadEvents(t)
	const all = "/v1/webhooks/resends"
	got := ask(s, "POST", all, `{"endpointId":"`+endpoint+`","rate":50}`, 200, `"state":"running"`, `"left":3`, `"rate":50`)
	var made struct{ ID string }
	if err := json.Unmarshal([]byte(got), &made); err != nil {
		t.Fatal(err)
	}
	ask(s, "GET", all, "", 200, made.ID)
	ask(s, "GET", all+"/"+made.ID, "", 200, `"sent":0`)
	ask(s, "DELETE", all+"/"+made.ID, "", 200, `"state":"cancelled"`, `"endedAt":"2`)
	for range 5 {
		ask(s, "POST", all, `{}`, 200)
	}
	ask(s, "POST", all, `{}`, 409, "five resends")
	ask(s, "POST", "/v1/webhooks/test", `{"url":"`+hook+`"}`, 200, `"status":"test"`)
}

func TestSteeringRefuses(t *testing.T) {
	t.Parallel()

	s, job, endpoint := deadEvents(t)
	for target, message := range map[string]string{
		"?state=lost":                                 `\"state\" must be`,
		"?state=delivered":                            "there is no index",
		"?jobId=" + job + "&conversationId=1":         `\"conversationId\" must not`,
		"?jobId=" + job + "&endpointId=1":             `\"endpointId\" must not`,
		"?from=2020-01-01T00:00:00Z":                  `\"from\" and to select`,
		"?from=x&state=dead":                          `\"from\" must be`,
		"?limit=201":                                  `\"limit\" must be`,
		"?cursor=x":                                   `\"cursor\" must be`,
		"?cursor=x&endpointId=" + endpoint:            `\"cursor\" must be`,
		"?state=dead&cursor=x&endpointId=" + endpoint: `\"cursor\" must be`,
	} {
		ask(s, "GET", "/v1/webhooks/deliveries"+target, "", 400, message)
	}
	for target, body := range map[string]string{
		"resends":   `{"rate":501}`,
		"resends?a": `{"rate":-1}`,
		"test":      `{"url":"ftp://example.com"}`,
		"test?b":    `{}`,
	} {
		ask(s, "POST", "/v1/webhooks/"+target, body, 400)
	}
	for _, target := range []string{"deliveries/x", "deliveries/" + job + "_9", "deliveries/" + job + "_1_00000000", "endpoints/x", "resends/x", "deliveries?jobId=x", "deliveries?conversationId=x", "deliveries?endpointId=x:y"} {
		ask(s, "GET", "/v1/webhooks/"+target, "", 404)
	}
	ask(s, "POST", "/v1/webhooks/resends", `{"endpointId":"x"}`, 404)
}
