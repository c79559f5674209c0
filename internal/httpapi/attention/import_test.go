package attention_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/httpapi/symbl"
	"github.com/turnwise/turnwise/internal/jobs"
)

// TestImport checks what is submitted, and what is noted after it.
func TestImport(t *testing.T) {
	t.Parallel()

	const hi = `"transcript":{"v1":{"final":[{"speaker":"Jane","sentence":"Hi."}]}}`
	jane := analysis.Utterance{From: conversation.Speaker{Name: "Jane"}, Text: "Hi."}
	begin := httpapitest.Time("2024-03-18T10:00:00Z")
	tests := []struct {
		name, body string
		want       jobs.Append
		edits      []edit.Change
	}{
		{name: "the text alone", body: `{` + hi + `}`, want: jobs.Append{Utterances: []analysis.Utterance{jane}}},
		{
			name: "everything",
			body: `{"title":"Q1","userID":"jane@x.io","mediaURL":"https://media.x.io/a%2Fb.mp4?X-Signature=secret#t","startTime":"2024-03-18T10:00:00Z","labels":{"a":"1"},"participants":[],
				"transcript":{"v1":{"final":[
					{"speaker":{"id":"7","name":"Jane","email":"jane@x.io","team":1},"sentence":"Hi  there.","startTimestamp":1.5,"endTimestamp":2.25},
					{"speaker":null,"sentence":"Hey.","startTimestamp":3}]},"v2":{"final":[{"speaker":"x","words":[{"text":"no"}]}]}}}`,
			want: jobs.Append{
				Options: analysis.Options{Name: "Q1", StartTime: begin, Metadata: map[string]string{"userID": "jane@x.io", "mediaURL": "https://media.x.io/a%2Fb.mp4"}},
				Utterances: []analysis.Utterance{
					{From: conversation.Speaker{ID: "7", UserID: "jane@x.io", Name: "Jane"}, Text: "Hi  there.", Start: begin.Add(1500 * time.Millisecond), End: begin.Add(2250 * time.Millisecond)},
					{Text: "Hey.", Start: begin.Add(3 * time.Second)},
				},
			},
			edits: []edit.Change{{Labels: map[string]string{"a": "1"}}},
		},
		{
			name: "words",
			body: `{"createdAt":"2024-03-18T11:00:00+01:00","transcript":{"v1":{"final":[]},"v2":{"final":[
				{"speaker":{"name":"Jane"},"words":[{"text":"Hi","startTimestamp":0,"endTimestamp":0.5},{"text":" "},{"text":" there. ","startTimestamp":0.5,"endTimestamp":1}]}]}}}`,
			want: jobs.Append{
				Options:    analysis.Options{StartTime: begin},
				Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Jane"}, Text: "Hi there.", Start: begin, End: begin.Add(time.Second)}},
			},
		},
		{
			name:  "an external id",
			body:  `{"external_id":"deal-7",` + hi + `}`,
			want:  jobs.Append{NewID: httpapitest.ConversationID, Utterances: []analysis.Utterance{jane}},
			edits: []edit.Change{{ExternalID: new("deal-7")}},
		},
		{
			name: "nothing that matters",
			body: `{"title":" ","externalId":"","labels":{},"userID":"","mediaURL":"https://x.io/` + strings.Repeat("m", 128) + `",` + hi + `}`,
			want: jobs.Append{Utterances: []analysis.Utterance{jane}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v2/conversations/import", tt.body))
			httpapitest.WantStatus(t, got, 200)
			if want := `{"uuid":"` + conversation.UUID(httpapitest.ConversationID) + `"}`; got.Body.String() != want {
				t.Errorf("got %s, want %s", got.Body, want)
			}
			tt.want.Account = "ann"
			if tt.want.Options.Metadata == nil {
				tt.want.Options.Metadata = map[string]string{}
			}
			if diff := cmp.Diff(tt.want, backend.OnlySubmitted(t)); diff != "" {
				t.Errorf("submitted: (-want +got)\n%s", diff)
			}
			var edits []httpapitest.Edit
			for _, change := range tt.edits {
				edits = append(edits, httpapitest.Edit{Call: "update", Target: edit.Target{Account: "ann", ID: httpapitest.ConversationID}, Change: change})
			}
			if diff := cmp.Diff(edits, backend.Edits); diff != "" {
				t.Errorf("edits: (-want +got)\n%s", diff)
			}
		})
	}
}

// TestImportWithoutAStart takes the conversation for one that has just ended.
func TestImportWithoutAStart(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	before := time.Now()
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v2/conversations/import",
		`{"transcript":{"v1":{"final":[{"sentence":"a","startTimestamp":10,"endTimestamp":60},{"sentence":"b","startTimestamp":20}]}}}`)), 200)
	got := backend.OnlySubmitted(t)
	ended := got.Options.StartTime.Add(time.Minute)
	if ended.Before(before.Add(-time.Second)) || ended.After(time.Now()) {
		t.Errorf("the conversation ended at %s, want now", ended)
	}
	if start := got.Utterances[1].Start; !start.Equal(ended.Add(-40 * time.Second)) {
		t.Errorf("the second sentence was said at %s, want 40s before the end", start)
	}
}

func TestImportRefused(t *testing.T) {
	t.Parallel()

	const missing = `"transcript" is required, with its text in v1.final or v2.final: no media are fetched and turned into text`
	v1 := func(line string) string { return `{"transcript":{"v1":{"final":[{"sentence":"ok"},` + line + `]}}}` }
	v2 := func(line string) string { return `{"transcript":{"v2":{"final":[` + line + `]}}}` }
	with := func(fields string) string {
		return `{` + fields + `,"transcript":{"v1":{"final":[{"sentence":"ok"}]}}}`
	}
	tests := []struct{ name, body, message string }{
		{"media alone", `{"mediaURL":"https://x.io/a.mp4","userID":"u"}`, missing},
		{"an empty transcript", `{"transcript":{"v1":{"final":[]},"v2":{}}}`, missing},
		{"a transcript that is text", `{"transcript":"Hi."}`, `"transcript" must be of type object`},
		{"an array", `[]`, "The body must be a JSON object."},
		{"no sentence", v1(`{"speaker":"x"}`), `"transcript.v1.final[1].sentence" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"a blank sentence", v1(`{"sentence":" \n"}`), `"transcript.v1.final[1].sentence" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"a sentence too long", v1(`{"sentence":"` + strings.Repeat("x", 64<<10+1) + `"}`), `"transcript.v1.final[1].sentence" must not be larger than 65536 bytes`},
		{"a sentence that is a number", v1(`{"sentence":7}`), `"transcript.v1.final[1].sentence" must be a string`},
		{"nothing to skip to", `{"skipEmpty":1,"transcript":{"v1":{"final":[{"sentence":" "}]}}}`, `"transcript" must contain at least 1 item with a text`},
		{"a speaker that is a list", v1(`{"sentence":"x","speaker":[7]}`), `"transcript.v1.final[1].speaker" must be of type object`},
		{"a long name", v1(`{"sentence":"x","speaker":"` + strings.Repeat("x", 257) + `"}`), `"transcript.v1.final[1].speaker.name" length must be less than or equal to 256 characters long`},
		{"a timestamp that is a word", v1(`{"sentence":"x","startTimestamp":"one"}`), `"transcript.v1.final[1].startTimestamp" must be a number`},
		{"before the start", v1(`{"sentence":"x","startTimestamp":-1}`), `"transcript.v1.final[1].startTimestamp" must be greater than or equal to 0`},
		{"after a week", v1(`{"sentence":"x","endTimestamp":1e300}`), `"transcript.v1.final[1].endTimestamp" must be less than or equal to 604800`},
		{"backwards", v1(`{"sentence":"x","startTimestamp":2,"endTimestamp":1}`), `"transcript.v1.final[1].endTimestamp" must not be earlier than the startTimestamp`},
		{"no words", v2(`{"speaker":"x","words":[]}`), `"transcript.v2.final[0].words" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"blank words", v2(`{"words":[{"text":" "}]}`), `"transcript.v2.final[0].words" is not allowed to be empty. Leave the message out, or send "skipEmpty": true to have all such messages left out`},
		{"words backwards", v2(`{"words":[{"text":"a","startTimestamp":2},{"text":"b","endTimestamp":1}]}`), `"transcript.v2.final[0].words[1].endTimestamp" must not be earlier than the startTimestamp`},
		{"too many sentences", `{"transcript":{"v1":{"final":[` + strings.TrimSuffix(strings.Repeat(`{},`, 1001), ",") + `]}}}`, `"transcript.v1.final" must contain less than or equal to 1000 items`},
		{"the title a number", with(`"title":1`), `"title" must be a string`},
		{"a label a number", with(`"labels":{"a":1}`), `"labels.a" must be a string`},
		{"a long user id", with(`"userID":"` + strings.Repeat("x", 129) + `"`), `"userID" length must be less than or equal to 128 characters long`},
		{"a long external id", with(`"externalId":"` + strings.Repeat("x", 257) + `"`), `"externalId" length must be less than or equal to 256 characters long`},
		{"a broken start", with(`"startTime":"monday"`), `"startTime" must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			wantFailure(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v2/conversations/import", tt.body)), 400, tt.message)
			if len(backend.Submitted) != 0 {
				t.Error("it was submitted all the same")
			}
		})
	}
}

// imported imports a body as ann, has its job done and returns the UUID.
func importedConversation(service *httpapitest.Service, body string, headers ...string) string {
	service.T.Helper()
	got := service.Do("POST", "/v2/conversations/import", body, headers...)
	httpapitest.WantStatus(service.T, got, 200)
	var answer struct{ UUID string }
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		service.T.Fatal(err)
	}
	service.RunJobs()
	return answer.UUID
}

const importBody = `{"title":"Q1","labels":{"stage":"won"},"externalId":"deal/7 ü","userID":"jane@x.io",
	"startTime":"2024-03-18T10:00:00Z","transcript":{"v1":{"final":[
	{"speaker":{"name":"Jane","email":"jane@x.io"},"sentence":"Shall we? I would.","startTimestamp":0,"endTimestamp":4},
	{"speaker":"John","sentence":"Yes.","startTimestamp":4,"endTimestamp":5}]}}}`

// TestImportedConversation reads what was imported, by each of its ids.
func TestImportedConversation(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := importedConversation(service, importBody)
	a := fields(t, service.Do("GET", "/v2/conversations/"+id, ""))
	for name, want := range map[string]any{
		"title": "Q1", "createdAt": "2024-03-18T10:00:00Z", "finishedAt": "2024-03-18T10:00:05Z", "mediaDuration": 5.0,
		"transcript": "Jane: Shall we?\nJane: I would.\nJohn: Yes.", "importStatus": "completed",
		"labels": map[string]any{"stage": "won"}, "externalId": "deal/7 ü", "userUUID": "jane@x.io",
	} {
		if !cmp.Equal(a[name], want) {
			t.Errorf("%s = %v, want %v", name, a[name], want)
		}
	}
	if people := a["participants"].([]any); len(people) != 2 || people[0].(map[string]any)["organizer"] != true {
		t.Errorf("participants = %v, want two, Jane the organizer", people)
	}
	byOther := service.Do("GET", "/v2/conversations/by-external-id/deal%2F7%20%C3%BC", "")
	if want := `{"conversation_id":"` + id + `"}`; byOther.Body.String() != want {
		t.Errorf("by external id: %s, want %s", byOther.Body, want)
	}
	if got := fields(t, service.Do("GET", "/v2/conversations/deal%2F7%20%C3%BC?by=external_id", "")); !cmp.Equal(got, a) {
		t.Errorf("by=external_id answers %v", got)
	}
}

// TestImportAgain repeats an import, and sends others with its external id.
func TestImportAgain(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := importedConversation(service, importBody)
	fields(t, service.Do("PUT", "/v2/conversations/"+id, `{"labels":{"stage":"lost"}}`))
	if again := importedConversation(service, importBody); again != id {
		t.Errorf("the same import made %s, then %s", id, again)
	}
	if a := fields(t, service.Do("GET", "/v2/conversations/"+id, "")); !cmp.Equal(a["labels"], any(map[string]any{"stage": "lost"})) || strings.Count(a["transcript"].(string), "Yes.") != 1 {
		t.Errorf("after the repetition: labels %v, transcript %v", a["labels"], a["transcript"])
	}
	wantFailure(t, service.Do("POST", "/v2/conversations/import", strings.Replace(importBody, "Q1", "Q2", 1)), 409,
		"Another conversation has this externalId. Give each conversation its own, or update the one that has it.")
	theirs := service.Do("POST", "/v2/conversations/import", importBody, "Authorization", "bob")
	httpapitest.WantStatus(t, theirs, 200)
	if strings.Contains(theirs.Body.String(), id) {
		t.Error("bob got ann's conversation")
	}
	if page := listOf(t, service.Do("GET", "/v2/conversations", "")); page.Meta.TotalRecords != 1 {
		t.Errorf("there are %d conversations, want 1", page.Meta.TotalRecords)
	}

	httpapitest.WantStatus(t, service.Do("DELETE", "/v1/conversations/"+id, ""), 200)
	wantFailure(t, service.Do("GET", "/v2/conversations/deal%2F7%20%C3%BC?by=external_id", ""), 404, httpapitest.NoConversation)
	importedConversation(service, importBody)
	if a := fields(t, service.Do("GET", "/v2/conversations/deal%2F7%20%C3%BC?by=external_id", "")); !cmp.Equal(a["labels"], any(map[string]any{"stage": "won"})) {
		t.Errorf("imported anew it has the labels %v", a["labels"])
	}
}

// TestImportThatBrokeOff loses the step that notes labels and external id, and
// sends the import again.
func TestImportThatBrokeOff(t *testing.T) {
	t.Parallel()

	for name, body := range map[string]string{
		"with an external id":     importBody,
		"with an idempotency key": strings.Replace(importBody, `"externalId":"deal/7 ü",`, "", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			service := httpapitest.NewService(t)
			whole := service.API
			deps := httpapitest.NewBackend().Deps()
			deps.Jobs = jobs.NewService(service.Store, httpapitest.NoDoorbell{}, service.Store.Shards(), jobs.ServiceOptions{})
			deps.Conversations, deps.ExternalIDs, deps.Editor = service.Store, service.Store, lost{}
			service.API = httpapi.New(deps, slog.New(slog.DiscardHandler), httpapi.Options{})
			httpapitest.WantStatus(t, service.Do("POST", "/v2/conversations/import", body, "Idempotency-Key", "k"), 503)
			service.API = whole
			id := importedConversation(service, body, "Idempotency-Key", "k")
			if a := fields(t, service.Do("GET", "/v2/conversations/"+id, "")); !cmp.Equal(a["labels"], any(map[string]any{"stage": "won"})) {
				t.Errorf("labels = %v, want those of the import", a["labels"])
			}
			if page := listOf(t, service.Do("GET", "/v2/conversations", "")); page.Meta.TotalRecords != 1 {
				t.Errorf("there are %d conversations, want 1", page.Meta.TotalRecords)
			}
		})
	}
}

// lost is an editor without a connection to Redis.
type lost struct{ symbl.Editor }

func (lost) Update(context.Context, edit.Target, edit.Change) (conversation.Conversation, error) {
	return conversation.Conversation{}, jobs.ErrUnavailable
}

// TestImportsAtOnce sends one import many times at once.
func TestImportsAtOnce(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	ids := make([]string, 8)
	var wg sync.WaitGroup
	for n := range ids {
		wg.Go(func() {
			got := httpapitest.Serve(service.API, httpapitest.Request("POST", "/v2/conversations/import", importBody))
			ids[n] = got.Body.String()
		})
	}
	wg.Wait()
	if first := ids[0]; !strings.HasPrefix(first, `{"uuid":`) || slices.ContainsFunc(ids, func(id string) bool { return id != first }) {
		t.Errorf("answers %q, want one uuid", ids)
	}
	if page := listOf(t, service.Do("GET", "/v2/conversations", "")); page.Meta.TotalRecords != 1 {
		t.Errorf("there are %d conversations, want 1", page.Meta.TotalRecords)
	}
}

func FuzzImport(f *testing.F) {
	f.Add(importBody)
	f.Add(`{"transcript":{"v2":{"final":[{"speaker":null,"words":[{"text":"a","startTimestamp":1e308},{"text":"\u0000"}]}]}}}`)
	f.Add(`{"external_id":" ","mediaURL":"::","startTime":"2100-12-31T23:59:59Z","transcript":{"V1":{"final":[{"sentence":"a","endTimestamp":0.0004}]}}}`)
	f.Add(`{"externalId":"a","external_id":"b"}`)
	f.Fuzz(func(t *testing.T, body string) {
		backend := httpapitest.NewBackend()
		got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v2/conversations/import", body, "Content-Type", "application/json"))
		if got.Code >= 500 || !json.Valid(got.Body.Bytes()) {
			t.Fatalf("status %d: %s", got.Code, got.Body)
		}
		if (got.Code == 200) != (len(backend.Submitted) == 1) {
			t.Fatalf("answered %d, submitted %d", got.Code, len(backend.Submitted))
		}
		for _, a := range backend.Submitted {
			if len(a.Utterances) == 0 {
				t.Fatal("nothing was said")
			}
			for i, u := range a.Utterances {
				if strings.TrimSpace(u.Text) == "" || !utf8.ValidString(u.Text) || !u.Start.IsZero() && !u.End.IsZero() && u.End.Before(u.Start) {
					t.Fatalf("message %d was accepted as %+v", i, u)
				}
			}
			if _, err := json.Marshal(a); err != nil {
				t.Fatalf("what was accepted cannot be stored: %v", err)
			}
		}
	})
}
