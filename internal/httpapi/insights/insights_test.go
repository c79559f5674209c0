package insights_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A scriptedAnalyzer is an analyzer that returns scripted findings, by sentence. The
// insights get the text and the id of their sentence.
type scriptedAnalyzer map[string]scriptedFindings

type scriptedFindings struct {
	sentence conversation.Message
	insights []analysis.Insight
}

func (s scriptedAnalyzer) Analyze(_ context.Context, t jobs.Task) (analysis.Result, error) {
	r := analysis.Analyze(t.Input)
	for i := range r.Sentences {
		to, from := &r.Sentences[i], s[r.Sentences[i].Text]
		to.Polarity, to.Phrases, to.Entities, to.Matches = from.sentence.Polarity, from.sentence.Phrases, from.sentence.Entities, from.sentence.Matches
		for _, in := range from.insights {
			in.ID = conversation.MessageID(t.JobID+"/insights", len(r.Insights))
			in.Text, in.MessageIDs = to.Text, []string{to.ID}
			r.Insights = append(r.Insights, in)
		}
	}
	return r, nil
}

// call is a script for [callBody].
func call() scriptedAnalyzer {
	entity := func(kind, text, value string, offset int) conversation.Entity {
		return conversation.Entity{Type: kind, Text: text, Value: value, Offset: offset, Score: 0.9}
	}
	task := func(kind string, in analysis.Insight, entities ...conversation.Entity) analysis.Insight {
		in.Type, in.Score, in.Entities = kind, 0.9, entities
		return in
	}
	night := conversation.Entity{Type: "datetimerange", Text: "from tonight", Start: "2026-05-01 18:00:00", Offset: 20, Score: 0.7}
	week := conversation.Entity{Type: "daterange", Text: "next week", Start: "2026-05-04", End: "2026-05-10", Offset: 25, Score: 0.8}
	return scriptedAnalyzer{
		"Mark sends it to ABC Corp today.": {
			sentence: conversation.Message{
				Phrases: []string{"sends it"},
				Entities: []conversation.Entity{
					entity("person", "Mark", "mark", 0), entity("organization", "ABC Corp", "abc corp", 17), entity("date", "today", "2026-05-01", 26),
				},
				Matches: []conversation.Match{
					{Tracker: "7000000000000001", Name: "Customers", Term: "abc corp", Offset: 17, Score: 1},
					{Tracker: "7000000000000001", Name: "Customers", Term: "abc corp", Offset: -1, Score: 0.6},
					{Tracker: "7000000000000002", Name: "Delivery", Term: "we ship it", Offset: -1, Score: 0.7},
				},
			},
			insights: []analysis.Insight{task("action_item", analysis.Insight{
				Phrases: []string{"sends it"}, Definitive: true, Assignee: "Mark", DueBy: httpapitest.Time("2026-05-01T00:00:00Z"),
			}, entity("person", "Mark", "mark", 0), entity("date", "today", "2026-05-01", 26))},
		},
		"MARK and Jo are out from tonight, Jo said.": {sentence: conversation.Message{
			Entities: []conversation.Entity{entity("person", "MARK", "mark", 0), entity("person", "Jo", "jo", 9), night, entity("person", "Jo", "jo", 34)},
		}},
		"Will Jo and I call Xaver next week?": {
			sentence: conversation.Message{Matches: []conversation.Match{{Tracker: "7000000000000002", Name: "Delivery", Term: "next week", Offset: 25, Score: 1}}},
			insights: []analysis.Insight{
				{Type: "question", Score: 0.97},
				task("follow_up", analysis.Insight{Own: true, Phrases: []string{"call Xaver"}},
					entity("person", "Jo", "jo", 5), entity("person", "Xaver", "xaver", 19), week),
			},
		},
	}
}

const callBody = `{"detectPhrases":true,"messages":[
	{"payload":{"content":"Mark sends it to ABC Corp today."},"from":{"name":"Jo Smith"},"duration":{"startTime":"2026-05-01T10:00:00Z","endTime":"2026-05-01T10:00:04Z"}},
	{"payload":{"content":"MARK and Jo are out from tonight, Jo said."},"from":{"name":"Jo Jones"},"duration":{"startTime":"2026-05-01T10:00:04Z","endTime":"2026-05-01T10:00:08Z"}},
	{"payload":{"content":"Will Jo and I call Xaver next week?"},"from":{"name":"Marcus","userId":"mark@example.com"},"duration":{"startTime":"2026-05-01T10:00:08Z","endTime":"2026-05-01T10:00:12Z"}},
	{"payload":{"content":"Bye."},"from":{"name":"Mark"},"duration":{"startTime":"2026-05-01T10:00:12Z","endTime":"2026-05-01T10:00:13Z"}}]}`

// TestFindings reads what was found, from the analyzer through the store to the
// answers, after Marcus turned out to be Mark.
func TestFindings(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewServiceWith(t, call())
	base := "/v1/conversations/" + service.Begin(callBody)
	var people struct {
		Members []struct{ ID, Name string }
	}
	if err := json.Unmarshal(service.Do(http.MethodGet, base+"/members", "").Body.Bytes(), &people); err != nil || len(people.Members) != 4 {
		t.Fatalf("%v, members %+v, want 4", err, people.Members)
	}
	mark := people.Members[3].ID
	httpapitest.WantStatus(t, service.Do(http.MethodPut, base+"/members/"+mark, `{"id":"`+mark+`","name":"Mark","email":"mark@example.com"}`), 200)
	for route, document := range map[string]string{
		"entities": "found_entities", "trackers": "found_trackers", "trackers-detected": "found_trackers", "insights": "found_insights",
		"messages": "found_messages",
	} {
		got := service.Do(http.MethodGet, base+"/"+route, "")
		httpapitest.WantStatus(t, got, 200)
		httpapitest.WantDocument(t, numbered(got), document)
	}
}

// numbered returns an answer with ids that do not change from run to run: each
// the number of those before it.
func numbered(got *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	numbers := map[string]string{}
	ids := regexp.MustCompile(`"([0-9]{16}|[0-9a-f]{8}-[0-9a-f-]{27})"`)
	text := ids.ReplaceAllStringFunc(got.Body.String(), func(id string) string {
		if strings.HasPrefix(id, `"700000000000000`) {
			return id // of a tracker
		}
		if _, known := numbers[id]; !known {
			numbers[id] = fmt.Sprintf(`"#%d"`, len(numbers)+1)
		}
		return numbers[id]
	})
	plain := httptest.NewRecorder()
	plain.Body.WriteString(text)
	return plain
}

// TestEntitiesAreOptional has a job with detectEntities and one without, in one
// conversation.
func TestEntitiesAreOptional(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := analysis.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	service := httpapitest.NewServiceWith(t, jobs.Local{Engine: engine})
	const body = `{%s"messages":[{"payload":{"content":"I will meet Michael Johnson in London on 23 November 2026."}}]}`
	id := service.Begin(fmt.Sprintf(body, ""))
	got := service.Do(http.MethodGet, "/v1/conversations/"+id+"/entities", "")
	if want := `{"entities":[]}`; got.Body.String() != want {
		t.Errorf("without detectEntities: got %s, want %s", got.Body, want)
	}
	got = service.Do(http.MethodGet, "/v1/conversations/"+id+"/follow-ups", "")
	if !strings.Contains(got.Body.String(), `"value":"2026-11-23"`) {
		t.Errorf("without detectEntities: got %s, want the date of the follow-up all the same", got.Body)
	}
	httpapitest.WantStatus(t, service.Do(http.MethodPut, "/v1/process/text/"+id, fmt.Sprintf(body, `"detectEntities":"true",`)), 201)
	service.RunJobs()
	got = service.Do(http.MethodGet, "/v1/conversations/"+id+"/entities", "")
	if !strings.Contains(got.Body.String(), `"value":"2026-11-23"`) || strings.Count(got.Body.String(), `"messageRefs"`) < 2 {
		t.Errorf("with detectEntities: got %s, want the date", got.Body)
	}
}

// TestKnownAnswers shows that who has an answer already costs no more than the
// conversation itself.
func TestKnownAnswers(t *testing.T) {
	t.Parallel()

	const base = "/v1/conversations/" + httpapitest.ConversationID
	for _, route := range []string{
		"/messages", "/analytics", "/insights", "/questions", "/action-items", "/comprehensive/action-items", "/follow-ups",
		"/entities", "/trackers", "/trackers-detected", "/topics", "/summary",
	} {
		api := conversationOnly{httpapitest.NewInterview()}.api()
		for tag, want := range map[string]string{`"3-1"`: `"3-1"`, `W/"3-1"`: `"3-1"`, `"0-0", "3-1+gzip"`: `"3-1+gzip"`} {
			got := httpapitest.Serve(api, httpapitest.Request("GET", base+route, "", "If-None-Match", tag, "Accept-Encoding", "gzip"))
			if h := got.Header(); got.Code != 304 || h.Get("ETag") != want || h.Get("Vary") != "Accept-Encoding" || got.Body.Len() > 0 {
				t.Errorf("%s, If-None-Match: %s: status %d, headers %v, body %s", route, tag, got.Code, h, got.Body)
			}
		}
		if head := httpapitest.Serve(api, httpapitest.Request("HEAD", base+route, "")); head.Code != 200 || head.Header().Get("ETag") != `"3-1"` {
			t.Errorf("HEAD %s: status %d, ETag %s; want the header without the work", route, head.Code, head.Header().Get("ETag"))
		}
		if got := httpapitest.Serve(api, httpapitest.Request("GET", base+route, "", "If-None-Match", `"3-2"`)); got.Code != 500 {
			t.Errorf("%s: status %d, want 500: the messages cannot be read", route, got.Code)
		}
	}
}

// TestAnswersOfModelsHaveNoTag has answers that may be others the next time, at
// the same version.
func TestAnswersOfModelsHaveNoTag(t *testing.T) {
	t.Parallel()

	for _, route := range []string{"/summary", "/topics"} {
		backend := httpapitest.NewInterview()
		for _, want := range []struct {
			tag    string
			status int // if the caller has that of the version
		}{{`"3-1"`, 304}, {"", 200}} {
			target := "/v1/conversations/" + httpapitest.ConversationID + route
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", target, ""))
			httpapitest.WantStatus(t, got, 200)
			if tag := got.Header().Get("ETag"); tag != want.tag {
				t.Errorf("%s, by a model %t: ETag %q, want %q", route, backend.ByModel, tag, want.tag)
			}
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", target, "", "If-None-Match", `"3-1"`)), want.status)
			backend.ByModel = true
		}
	}
}

// TestSummaryIsNotConfirmedTooEarly has a job since the summary was read.
func TestSummaryIsNotConfirmedTooEarly(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewInterview()
	backend.Stored.Conversation.Pending = 1
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/summary", "", "If-None-Match", `"3-1"`)), 404)
}

// serveUnchecked asks about the conversation without holding the answer against
// the OpenAPI document: it is large, or has ids that are none.
func serveUnchecked(backend *httpapitest.Backend, route string) *httptest.ResponseRecorder {
	got := httptest.NewRecorder()
	backend.API(httpapi.Options{}).ServeHTTP(got, httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/"+route, ""))
	return got
}

// TestLongMessages has more findings in long texts than an answer could quote.
func TestLongMessages(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewInterview()
	text := strings.Repeat("é7 ", 1<<12) // characters of two bytes, too
	m := conversation.Message{ID: "1", Text: text, Start: httpapitest.Time("2026-05-01T10:00:00Z"), End: httpapitest.Time("2026-05-01T10:00:00Z")}
	for i := range 1 << 12 {
		m.Entities = append(m.Entities, conversation.Entity{Type: "number", Text: "7", Value: fmt.Sprint(i), Offset: 3*i + 1})
		m.Matches = append(m.Matches, conversation.Match{Tracker: "1", Name: "Sevens", Term: fmt.Sprint(i), Offset: 3*i + 1})
	}
	m.Matches = append(m.Matches, conversation.Match{Tracker: "1", Name: "Sevens", Term: "eight", Offset: -1})
	backend.Stored.Messages = []conversation.Message{m}
	backend.Stored.Insights = []analysis.Insight{{ID: "2", Type: "question", Text: text, MessageIDs: []string{"1"}}}
	began := time.Now()
	for _, route := range []string{"entities", "trackers"} {
		got := serveUnchecked(backend, route)
		httpapitest.WantStatus(t, got, 200)
		if n := got.Body.Len(); n > 16<<20 {
			t.Errorf("%s: %d bytes about %d bytes of text", route, n, len(text))
		}
		var v any
		if err := json.Unmarshal(got.Body.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		checkQuotes(t, v)
	}
	if took := time.Since(began); took > 2*time.Minute {
		t.Errorf("took %v", took)
	}
}

// checkQuotes checks that a seven stands at every offset of an answer.
func checkQuotes(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			checkQuotes(t, item)
		}
	case map[string]any:
		for _, member := range v {
			checkQuotes(t, member)
		}
		offset, has := v["offset"].(float64)
		if !has || offset < 0 {
			return
		}
		runes := []rune(v["text"].(string))
		if len(runes) > 1000 || int(offset) >= len(runes) || runes[int(offset)] != '7' {
			t.Fatalf("there is no seven at %v of %d characters", offset, len(runes))
		}
	}
}

// TestManyPlaces has more occurrences than an answer lists.
func TestManyPlaces(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewInterview()
	backend.Stored.Messages, backend.Stored.Insights = nil, nil
	for i := range 60_000 {
		id := fmt.Sprint(i)
		backend.Stored.Messages = append(backend.Stored.Messages, conversation.Message{
			ID: id, Text: "Jo, Jo", Entities: []conversation.Entity{{Type: "person", Text: "Jo"}, {Type: "person", Text: "Jo", Offset: 4}},
			Matches: []conversation.Match{{Tracker: "1", Term: "Jo"}},
		})
		backend.Stored.Insights = append(backend.Stored.Insights, analysis.Insight{ID: id, Type: "question", Text: "Jo, Jo", MessageIDs: []string{id}})
	}
	for route, want := range map[string]int{"entities": 2 * 100_000, "trackers": 100_000} {
		got := serveUnchecked(backend, route)
		httpapitest.WantStatus(t, got, 200)
		if n := strings.Count(got.Body.String(), `"offset"`); n != want {
			t.Errorf("%s: %d places, want %d", route, n, want)
		}
	}
}

// TestNames has names that more than one member has.
func TestNames(t *testing.T) {
	t.Parallel()

	tests := []struct {
		said, id string
		members  []string
	}{
		{"Ann", "1", []string{"ann"}},
		{"ann  LEE", "1", []string{"Ann Lee"}},
		{"Ann", "1", []string{"Ann Lee"}},
		{"Ann", "", []string{"Ann Lee", "Ann Day"}},
		{"Ann Lee", "", []string{"Ann Lee", "Ann Lee"}},
		{"Ann", "2", []string{"Ann Lee", "Ann"}},
		{"Lee", "", []string{"Ann Lee"}},
		{"Bea", "", []string{"Ann", ""}},
	}
	for _, tt := range tests {
		backend := httpapitest.NewInterview()
		backend.Stored.Conversation.Members, backend.Stored.Conversation.Merged = nil, nil
		for i, name := range tt.members {
			backend.Stored.Conversation.Members = append(backend.Stored.Conversation.Members, conversation.Member{ID: fmt.Sprint(i + 1), Name: name})
		}
		backend.Stored.Insights = []analysis.Insight{{ID: "9", Type: "action_item", Text: "Do it.", Assignee: tt.said}}
		got := serveUnchecked(backend, "action-items")
		var list struct {
			ActionItems []struct{ Assignee struct{ ID, Name string } }
		}
		if err := json.Unmarshal(got.Body.Bytes(), &list); err != nil || len(list.ActionItems) != 1 {
			t.Fatalf("%v: %s", err, got.Body)
		}
		if who := list.ActionItems[0].Assignee; who.ID != tt.id || tt.id == "" && who.Name != tt.said {
			t.Errorf("%q among %q is %+v, want the id %q", tt.said, tt.members, who, tt.id)
		}
	}
}
