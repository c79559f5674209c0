package compat

import (
	"net/http"
	"strings"
	"testing"
)

// The requests of Symbl's Python SDK, by their paths and parameters, with the one
// header for the token that it sends. Its booleans are words.
func TestPythonSDK(t *testing.T) {
	t.Parallel()

	c := callerOf(t, alone, visitors)
	do := func(status int, method, path, body string) []byte {
		return c.want(status, method, path, body, "Authorization", "", "X-API-KEY", c.token, "Content-Type", "application/json")
	}
	var r struct{ ConversationID, JobID string }
	decode(t, do(http.StatusCreated, "POST", "/v1/process/text", `{"name":"Python","detectPhrases":"True","detectEntities":"True","confidenceThreshold":"0.5",
		"messages":[{"payload":{"content":"I will call Ben tomorrow."},"from":{"userId":"ana@example.com","name":"Ana"}}]}`), &r)
	c.finish(r.JobID)
	decode(t, do(http.StatusCreated, "PUT", "/v1/process/text/"+r.ConversationID, `{"messages":[{"payload":{"content":"Fine."}}]}`), &r)
	c.finish(r.JobID)
	for _, path := range []string{
		"", "/messages?sentiment=True&verbose=True", "/topics?sentiment=True&parentRefs=True", "/questions", "/follow-ups", "/action-items",
		"/entities", "/trackers", "/analytics", "/members", "/summary",
	} {
		do(http.StatusOK, "GET", "/v1/conversations/"+r.ConversationID+path, "")
	}
	do(http.StatusOK, "GET", "/v1/job/"+r.JobID, "")
	do(http.StatusOK, "POST", "/v1/conversations/"+r.ConversationID+"/transcript", `{"contentType":"text/markdown","createParagraphs":"true",
		"phrases":{"highlightOnlyInsightKeyPhrases":"true","highlightAllKeyPhrases":"true"},"showSpeakerSeparation":"true"}`)
	do(http.StatusOK, "PUT", "/v1/conversations/"+r.ConversationID+"/speakers/", `{"speakerEvents":[{"type":"started_speaking",
		"user":{"id":"4194eb50","name":"Derek","email":"derek@example.com"},"offset":{"seconds":52,"nanos":5000000000}}]}`)
	do(http.StatusOK, "DELETE", "/v1/conversations/"+r.ConversationID, "")
}

// The requests of clients of Attention's API that were found in public: scripts that
// read everything page by page, an importer that is run again, and a provider.
func TestAttentionClients(t *testing.T) {
	t.Parallel()

	c := callerOf(t, alone, gophers)
	const body = `{"data":{"attributes":{"conversationTitle":"Discovery","conversationStartedAt":"2026-05-01T10:00:00Z","applicationName":"Dialer",
		"applicationExternalID":"dial-17","mediaURL":"https://example.com/a.mp4","userID":42,
		"transcript":{"v2":{"final":[{"speaker":0,"words":[{"text":"Hello.","startTimestamp":"0.5","endTimestamp":"1"}]}]}}}}}`
	var first, second struct{ UUID string }
	decode(t, c.want(http.StatusOK, "POST", "/v2/conversations/import", body, "Content-Type", "application/vnd.api+json"), &first)
	decode(t, c.want(http.StatusOK, "POST", "/v2/conversations/import", body, "Content-Type", "application/vnd.api+json"), &second)
	if first != second {
		t.Errorf("imported as %s, and again as %s", first.UUID, second.UUID)
	}
	var page struct {
		Data []struct {
			ID         string
			Attributes struct {
				Title, ImportStatus, ExternalID string
				ImportMetadata                  map[string]string
			}
		}
		Links struct{ Self, Related string }
		Meta  struct{ TotalRecords, PageCount, PageNumber, PageSize int }
	}
	await(t, "the import is listed as analysed", func() bool {
		c.get("/v2/conversations?filter[hide_non_analyzed]=true&filter[title]=Discovery&page[number]=1&page[size]=100&fromDateTime=2026-04-01T00:00:00z", &page)
		return len(page.Data) == 1
	})
	got := page.Data[0]
	if got.ID != first.UUID || got.Attributes.Title != "Discovery" || got.Attributes.ImportStatus != "FINISHED" || got.Attributes.ExternalID != "dial-17" ||
		got.Attributes.ImportMetadata["app"] != "Dialer" || page.Meta.TotalRecords != 1 {
		t.Errorf("listed %+v", page)
	}
	for _, filters := range []string{"filter[hide_pending]=true&filter[hide_failed]=true", "filter[analyzed]=true"} {
		c.get("/v2/conversations/list?size=50&"+filters+"&filter[title]=Discovery", &page)
		if len(page.Data) != 1 {
			t.Errorf("%s: listed %d, want the import", filters, len(page.Data))
		}
	}
	a := c.do("GET", "/v2/conversations?per_page=10", "", "Authorization", c.token)
	if a.status != http.StatusOK || !strings.Contains(a.header.Get("Warning"), "did you mean page?") {
		t.Errorf("per_page: %d, Warning %q", a.status, a.header.Get("Warning"))
	}
	c.want(http.StatusOK, "GET", "/v2/conversations/dial-17?by=external_id&detailedTranscript=true", "", "Authorization", c.token)
}
