package httpapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/digest"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
)

// interview is a world whose conversation has something of everything: members
// of each kind, one who turned out to be another, and what was found.
func interview() *world {
	const (
		natalia = "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11"
		steve   = "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12"
		stevie  = "c8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d13"
	)
	w := newWorld()
	w.conversation = conversation.Conversation{
		ID: conversationID, Type: "meeting", Name: "Interview",
		Start: at("2020-07-21T16:00:00Z"), End: at("2020-07-21T16:00:12.400Z"),
		Members: []conversation.Member{
			{ID: natalia, Name: "Natalia", UserID: "natalia@example.com"},
			{ID: steve, Name: "Steve"},
		},
		Merged:   map[string]string{stevie: steve},
		Metadata: map[string]string{"agentId": "johndoe"},
		Messages: 4,
		Version:  "3-1",
	}
	w.messages = []conversation.Message{
		{
			ID: "1000000000000001", Text: "Did you send it?", Member: natalia,
			Start: at("2020-07-21T16:00:00Z"), End: at("2020-07-21T16:00:02Z"), Polarity: new(-0.00004),
			Entities: []conversation.Entity{{Type: "custom", Custom: "Thing", Text: "it", Value: "the contract", Offset: 13, Score: 1}},
		},
		{
			ID: "1000000000000002", Text: "I will *send* it\ttoday.", Member: stevie,
			Start: at("2020-07-21T16:00:02.400Z"), End: at("2020-07-21T16:00:05.400Z"), Polarity: new(0.30049),
			Phrases: []string{"*send* it", "today"},
			Entities: []conversation.Entity{
				{Type: "custom", Custom: "Thing", Text: "it", Value: "The contract", Offset: 14, Score: 1},
				{Type: "date", Text: "today", Value: "2020-07-21", Offset: 17, Score: 0.9},
			},
			Matches: []conversation.Match{
				{Tracker: "3000000000000001", Name: "Promises", Term: "I will", Offset: 0, Score: 1},
				{Tracker: "3000000000000001", Name: "Promises", Term: "mailing", Offset: -1, Score: 0.7},
			},
		},
		{
			ID: "1000000000000003", Text: "Then call me.", Member: steve,
			Start: at("2020-07-21T16:00:06Z"), End: at("2020-07-21T16:00:08Z"), Polarity: new(-0.61),
			Matches: []conversation.Match{{Tracker: "3000000000000002", Name: "Calls", Term: "call", Offset: 5, Score: 1}},
		},
		{ID: "1000000000000004", Text: "Bye.", Start: at("2020-07-21T16:00:12.400Z"), End: at("2020-07-21T16:00:12.400Z")},
	}
	w.insights = []analysis.Insight{
		{ID: "2000000000000001", Type: "question", Text: "Did you send it?", Score: 0.98, MessageIDs: []string{"1000000000000001"}},
		{
			ID: "2000000000000002", Type: "action_item", Text: "Steve will send it today.", Score: 0.9,
			MessageIDs: []string{"1000000000000002", "1000000000000001"},
			Phrases:    []string{"*send*"}, Definitive: true, Assignee: "steve", DueBy: at("2020-07-21T16:00:00Z"),
			Entities: []conversation.Entity{
				{Type: "person", Text: "Steve", Value: "steve", Offset: 0, Score: 0.9},
				{Type: "date", Text: "today", Value: "2020-07-21", Offset: 19, Score: 0.9},
			},
		},
		{
			ID: "2000000000000003", Type: "follow_up", Text: "Then call me.", Score: 1, MessageIDs: []string{"1000000000000003"},
			Phrases: []string{"call me"}, Own: true,
			Entities: []conversation.Entity{{Type: "timerange", Text: "then", Start: "16:00:00", Offset: 0, Score: 0.6}},
		},
		{ID: "2000000000000004", Type: "question", Text: "Who is that?", Score: 0.5, MessageIDs: []string{"1000000000000004"}},
	}
	w.topics.All = []digest.Topic{
		{ID: "4000000000000001", Text: "contract", Score: 0.71784, Messages: []string{"1000000000000001", "1000000000000002"}, Sentiment: 0.15, Parents: []string{"signed contract", "paper work"}},
		{ID: "4000000000000002", Text: "signed contract", Score: 0.5, Messages: []string{"1000000000000002"}, Sentiment: -0.4},
	}
	for _, m := range w.messages[1:3] {
		w.summary.Lines = append(w.summary.Lines, digest.Line{ID: m.ID, Text: m.Text, Messages: []string{m.ID}, Start: m.Start, End: m.End})
	}
	w.page = query.Page{Conversations: []conversation.Conversation{
		w.conversation,
		{ID: "1000000000000009", Type: "meeting", Start: at("2020-07-21T16:00:00Z"), End: at("2020-07-21T16:00:00Z")},
	}}
	return w
}

// TestDocuments compares every answer about a conversation with a document,
// member by member.
func TestDocuments(t *testing.T) {
	t.Parallel()

	full := interview()
	wantEveryField(t, full.messages...)
	wantEveryField(t, full.insights...)

	const base = "/v1/conversations/" + conversationID
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
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()

			got := serve(interview().api(httpapi.Options{}), request(tt.method, tt.target, tt.body))
			wantStatus(t, got, 200)
			wantDocument(t, got, tt.document)
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
			path = "/v1/conversations/" + conversationID + path
		}
		got := serve(newWorld().api(httpapi.Options{}), request("GET", path, ""))
		wantStatus(t, got, 200)
		if got.Body.String() != want {
			t.Errorf("%s: got %s, want %s", path, got.Body, want)
		}
	}
}

// wantDocument compares an answer with a file of testdata/answers.
func wantDocument(t *testing.T, got *httptest.ResponseRecorder, name string) {
	t.Helper()
	file := filepath.Join("testdata", "answers", name+".json")
	var answer, document any
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if diff := cmp.Diff(document, answer); diff != "" {
		t.Errorf("-%s +answer\n%s", file, diff)
	}
}
