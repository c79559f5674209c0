package httpapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// TestDocuments compares every answer about a conversation with a document,
// member by member.
func TestDocuments(t *testing.T) {
	t.Parallel()

	full := httpapitest.NewInterview().Stored
	httpapitest.WantEveryField(t, full.Messages...)
	httpapitest.WantEveryField(t, full.Insights...)

	const base = "/v1/conversations/" + httpapitest.ConversationID
	tests := []struct{ method, target, body, document string }{
		{"GET", "/v1/conversations", "", "conversations"},
		{"GET", base, "", "conversation"},
		{"PUT", base, `{"name":"Interview"}`, "conversation"},
		{"DELETE", base, "", "delete"},
		{"GET", base + "/messages", "", "messages"},
		{"GET", base + "/messages?sentiment=true", "", "messages_sentiment"},
		{"GET", base + "/messages?verbose=True", "", "messages_verbose"},
		{"GET", base + "/members", "", "members"},
		{"PUT", base + "/members/B8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12", `{"id":"b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12","name":"Steve"}`, "members_update"},
		{"PUT", base + "/speakers", `{"speakerEvents":[{"type":"started_speaking","user":{"name":"Ann"},"offset":{"seconds":1,"nanos":0}}]}`, "speakers"},
		{"POST", base + "/transcript", `{"contentType":"text/markdown"}`, "transcript"},
		{"POST", base + "/transcript", `{"contentType":"text/markdown","createParagraphs":"true","showSpeakerSeparation":true,"phrases":{"highlightAllKeyPhrases":"True"}}`, "transcript_paragraphs"},
		{"POST", base + "/transcript", `{"contentType":"text/markdown","phrases":{"highlightOnlyInsightKeyPhrases":true}}`, "transcript_insights"},
		{"POST", base + "/transcript", `{"contentType":"text/srt","showSpeakerSeparation":true}`, "transcript_srt"},
		{"GET", base + "/analytics", "", "analytics"},
		{"GET", base + "/insights", "", "insights"},
		{"GET", base + "/questions", "", "questions"},
		{"GET", base + "/action-items", "", "action_items"},
		{"GET", base + "/comprehensive/action-items", "", "comprehensive_action_items"},
		{"GET", base + "/follow-ups", "", "follow_ups"},
		{"GET", base + "/topics?parentRefs=true&sentiment=True&refresh=true&customTopicVocabulary=a&customTopicVocabulary=b", "", "topics_all"},
		{"GET", base + "/topics", "", "topics"},
		{"GET", base + "/abstract-topics", "", "abstract_topics"},
		{"GET", base + "/entities", "", "entities"},
		{"GET", base + "/intents", "", "intents"},
		{"GET", base + "/trackers", "", "trackers"},
		{"GET", base + "/trackers-detected", "", "trackers"},
		{"GET", base + "/summary?refresh=true", "", "summary"},
		{"POST", base + "/summary?refresh=true", "", "summary"},
		{"POST", base + "/summary?refresh=false", `{"name":null}`, "summary"},
	}
	for _, pattern := range httpapitest.NewBackend().API(httpapi.Options{}).Patterns() {
		method, path, _ := strings.Cut(pattern, " ")
		path = strings.Replace(path, "{id}", httpapitest.ConversationID, 1)
		read := method == "GET" && strings.HasPrefix(path, "/v1/conversations") && !strings.Contains(path, "{")
		if read && !slices.ContainsFunc(tests, func(tt struct{ method, target, body, document string }) bool {
			target, _, _ := strings.Cut(tt.target, "?")
			return tt.method == method && target == path
		}) {
			t.Errorf("no document of this test is the answer to %s", pattern)
		}
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()

			got := httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.Request(tt.method, tt.target, tt.body))
			httpapitest.WantStatus(t, got, 200)
			httpapitest.WantDocument(t, got, tt.document)
		})
	}
}

// TestDocumentsOfAnEmptyConversation checks that nothing is null where clients
// loop over a list or read from an object.
func TestDocumentsOfAnEmptyConversation(t *testing.T) {
	t.Parallel()

	for path, want := range map[string]string{
		"/v1/conversations":           `{"conversations":[]}`,
		"":                            `{"id":"5815170693595136","type":"meeting","name":"5815170693595136","members":[],"metadata":{}}`,
		"/members":                    `{"members":[]}`,
		"/messages?verbose=true":      `{"messages":[]}`,
		"/insights":                   `{"insights":[]}`,
		"/questions":                  `{"questions":[]}`,
		"/action-items":               `{"actionItems":[]}`,
		"/comprehensive/action-items": `{"actionItems":[]}`,
		"/follow-ups":                 `{"followUps":[]}`,
		"/topics":                     `{"topics":[]}`,
		"/abstract-topics":            `{"abstractTopics":[]}`,
		"/entities":                   `{"entities":[]}`,
		"/intents":                    `{"intents":[]}`,
		"/trackers":                   `[]`,
		"/trackers-detected":          `[]`,
		"/summary":                    `{"summary":[]}`,
	} {
		if path != "/v1/conversations" {
			path = "/v1/conversations/" + httpapitest.ConversationID + path
		}
		got := httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), httpapitest.Request("GET", path, ""))
		httpapitest.WantStatus(t, got, 200)
		if got.Body.String() != want {
			t.Errorf("%s: got %s, want %s", path, got.Body, want)
		}
	}
}
