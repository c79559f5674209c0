package symbl_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
)

func messageOf(t *testing.T, got *httptest.ResponseRecorder) string {
	t.Helper()
	var body struct{ Message string }
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	return body.Message
}

func TestUpdate(t *testing.T) {
	t.Parallel()

	start, end := httpapitest.Time("2021-02-24T15:53:05.594Z"), httpapitest.Time("2021-02-24T16:18:05.048Z")
	tests := []struct {
		name, body string
		want       edit.Change
	}{
		{"nothing", `{}`, edit.Change{}},
		{
			"the older form",
			`{"type":"meeting","name":"My Test Meeting","startTime":"2021-02-24T15:53:05.594Z","endTime":"2021-02-24T16:18:05.048Z",` +
				`"members":[{"name":"John","email":"john@example.com"},{"name":"Mary","email":"mary@example.com"}],"metadata":{"key":"value","agentId":"johndoe"}}`,
			edit.Change{
				Name: new("My Test Meeting"), Start: &start, End: &end,
				Metadata: map[string]string{"key": "value", "agentId": "johndoe"},
				Members:  []conversation.Speaker{{Name: "John", UserID: "john@example.com"}, {Name: "Mary", UserID: "mary@example.com"}},
			},
		},
		{"the current form", `{"metadata":{"a":"b"}}`, edit.Change{Metadata: map[string]string{"a": "b"}}},
		{"no metadata any more", `{"metadata":{}}`, edit.Change{Metadata: map[string]string{}}},
		{"nulls", `{"id":null,"type":null,"name":null,"startTime":null,"endTime":null,"members":null,"metadata":null}`, edit.Change{}},
		{"the id as it is", `{"id":"` + httpapitest.ConversationID + `"}`, edit.Change{}},
		{"the id in its other form", `{"id":"` + conversation.UUID(httpapitest.ConversationID) + `"}`, edit.Change{}},
		{"no name any more", `{"name":" "}`, edit.Change{Name: new("")}},
		{"no members", `{"members":[]}`, edit.Change{}},
		{"a member that was read", `{"members":[{"id":"m","name":"Jo","userId":"jo"}]}`, edit.Change{Members: []conversation.Speaker{{ID: "m", Name: "Jo", UserID: "jo"}}}},
		{"what nobody knows", `{"labels":{"a":1}}`, edit.Change{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewInterview()
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath, tt.body))
			httpapitest.WantStatus(t, got, 200)
			httpapitest.WantDocument(t, got, "conversation")
			want := httpapitest.Edit{Call: "update", Target: edit.Target{Account: "ann", ID: httpapitest.ConversationID}, Change: tt.want}
			if diff := cmp.Diff(want, backend.OnlyEdit(t)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestBadUpdate(t *testing.T) {
	t.Parallel()

	long := strings.Repeat("a", 129)
	for body, message := range map[string]string{
		``:                    `The body is empty. It must be a JSON object.`,
		`[]`:                  `The body must be a JSON object.`,
		`{"id":"1"}`:          `"id" cannot be changed. Leave it out, or give the id of the path`,
		`{"id":5}`:            `"id" cannot be changed. Leave it out, or give the id of the path`,
		`{"id":[5]}`:          `"id" must be a string`,
		`{"type":"call"}`:     `"type" cannot be changed. Leave it out, or give "meeting"`,
		`{"name":5}`:          `"name" must be a string`,
		`{"startTime":"now"}`: `"startTime" must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z`,
		`{"startTime":"2021-02-24T15:53:05.594Z","endTime":"2021-02-24T15:53:05.593Z"}`: `"endTime" must not be earlier than startTime`,
		`{"metadata":{"a":5}}`:                                       `"metadata.a" must be a string`,
		`{"metadata":{"a":"b","a":"c"}}`:                             `"metadata.a" is given more than once`,
		`{"metadata":{"a":"` + long + `"}}`:                          `"metadata.a" length must be less than or equal to 128 characters long`,
		`{"metadata":{"` + long + `":"a"}}`:                          `"metadata" must have names of at most 128 characters`,
		`{"metadata":[]}`:                                            `"metadata" must be of type object`,
		`{"name":"` + strings.Repeat("a", 513) + `"}`:                `"name" length must be less than or equal to 512 characters long`,
		`{"members":{}}`:                                             `"members" must be an array`,
		`{"members":[{"name":"Jo"},{"name":" "}]}`:                   `"members[1]" must have an "id", a "name" or an "email"`,
		`{"members":[{"email":"` + strings.Repeat("a", 257) + `"}]}`: `"members[0].email" length must be less than or equal to 256 characters long`,
	} {
		backend := httpapitest.NewBackend()
		httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath, body)), 400, message)
		if len(backend.Edits) > 0 {
			t.Errorf("%s was refused, and took effect", body)
		}
	}
}

// TestIfMatch sends the condition with every request that changes something.
func TestIfMatch(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, header string
		want         []string
	}{
		{"any", `*`, nil},
		{"one", `"7-2"`, []string{"7-2"}},
		{"several", `"7-2" , "8-2",,"x,y"`, []string{"7-2", "8-2", "x,y"}},
		{"a weak one, which matches nothing", `W/"7-2"`, []string{`W/7-2`}},
	}
	for _, tt := range tests {
		for _, r := range changes {
			t.Run(tt.name+" "+r.method+" "+r.path, func(t *testing.T) {
				t.Parallel()

				backend := httpapitest.NewBackend()
				httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request(r.method, httpapitest.ConversationPath+r.path, r.body, "If-Match", tt.header)), 200)
				if diff := cmp.Diff(tt.want, backend.OnlyEdit(t).Target.Versions); diff != "" {
					t.Errorf("versions: -want +got\n%s", diff)
				}
			})
		}
	}
}

// changes are requests that change a conversation.
var changes = []struct{ method, path, body string }{
	{"PUT", "", `{}`},
	{"DELETE", "", ``},
	{"PUT", "/members/m", `{"id":"m","name":"Jo"}`},
	{"PUT", "/speakers", `{"speakerEvents":[{"type":"stopped_speaking","user":{"id":"m"},"offset":{}}]}`},
}

func TestBadIfMatch(t *testing.T) {
	t.Parallel()

	for _, header := range []string{"", " ", "7-2", `"7-2`, `"7-2" "8-2"`, `*, "7-2"`, `w/"7-2"`, ","} {
		for _, r := range changes {
			backend := httpapitest.NewBackend()
			q := httpapitest.Request(r.method, httpapitest.ConversationPath+r.path, r.body)
			q.Header["If-Match"] = []string{header}
			httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), q), 400, `If-Match must be *, or list ETags in their quotation marks: "7-2", "8-2".`)
			if len(backend.Edits) > 0 {
				t.Errorf("%s %s with If-Match: %s took effect", r.method, r.path, header)
			}
		}
	}
}

func TestRefusedChanges(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		err     error
		status  int
		message string
		later   bool
	}{
		{edit.ErrVersion, 412, "The conversation is not at the version that If-Match names. Read it again, and repeat the change with its new ETag.", false},
		{edit.ErrContended, 503, "The conversation is being changed by others just now. Send the request again.", true},
		{edit.ErrUnknownMember, 404, "The memberId is either invalid or does not exist.", false},
		{jobs.ErrUnknownConversation, 404, httpapitest.NoConversation, false},
		{
			&edit.SpanError{Start: httpapitest.Time("2021-02-24T15:53:05Z"), End: httpapitest.Time("2021-02-24T14:00:00Z")}, 400,
			`"endTime" must not be earlier than startTime; they would be 2021-02-24T14:00:00.000Z and 2021-02-24T15:53:05.000Z`, false,
		},
	} {
		for _, r := range changes {
			backend := httpapitest.NewBackend()
			backend.Err = tt.err
			got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request(r.method, httpapitest.ConversationPath+r.path, r.body))
			httpapitest.WantRefusal(t, got, tt.status, tt.message)
			if later := got.Header().Get("Retry-After") != ""; later != tt.later {
				t.Errorf("%v: Retry-After is there: %t, want %t", tt.err, later, tt.later)
			}
		}
	}
}

// TestETag checks that reads of a conversation, and its update, tell its
// version, and that nothing else does.
func TestETag(t *testing.T) {
	t.Parallel()

	for target, want := range map[string]string{
		"GET ": `"3-1"`, "PUT ": `"3-1"`, "DELETE ": "",
		"GET /messages": `"3-1"`, "GET /members": `"3-1"`, "GET /analytics": `"3-1"`, "POST /transcript": "",
		"GET /insights": `"3-1"`, "GET /questions": `"3-1"`, "GET /action-items": `"3-1"`, "GET /follow-ups": `"3-1"`,
		"GET /comprehensive/action-items": `"3-1"`, "GET /topics": `"3-1"`, "GET /abstract-topics": `"3-1"`,
		"GET /entities": `"3-1"`, "GET /intents": `"3-1"`, "GET /trackers": `"3-1"`, "GET /trackers-detected": `"3-1"`,
		"GET /summary": `"3-1"`, "GET /messages?verbose=2": "",
	} {
		got := httpapitest.Serve(httpapitest.NewInterview().API(httpapi.Options{}), httpapitest.RequestLine(target, `{"contentType":"text/srt"}`))
		if tag := got.Header().Get("ETag"); tag != want {
			t.Errorf("%s: ETag %s, want %s", target, tag, want)
		}
	}
}

func TestUpdateMember(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath+"/members/M-1", `{"id":"m-1","name":"Jo","email":"jo@example.com"}`))
	httpapitest.WantStatus(t, got, 200)
	want := httpapitest.Edit{
		Call: "member", Target: edit.Target{Account: "ann", ID: httpapitest.ConversationID},
		Member: "m-1", As: conversation.Speaker{ID: "m-1", Name: "Jo", UserID: "jo@example.com"},
	}
	if diff := cmp.Diff(want, backend.OnlyEdit(t)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	for body, message := range map[string]string{
		`{"name":"Jo"}`:           `"id" is required`,
		`{"id":"","name":"Jo"}`:   `"id" is required`,
		`{"id":"m-2","name":"J"}`: `"id" must be the id of the path`,
		`{"id":"m-1"}`:            `"name" is required`,
		`{"id":"m-1","name":" "}`: `"name" is required`,
		`{"id":"m-1","name":"J","email":"` + strings.Repeat("a", 257) + `"}`: `"email" length must be less than or equal to 256 characters long`,
	} {
		httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath+"/members/m-1", body)), 400, message)
	}
}

func TestSpeakers(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath+"/speakers", `{"speakerEvents":[`+
		`{"type":"started_speaking","user":{"id":"4194eb50","name":"Derek","email":"derek@example.com"},"offset":{"seconds":52,"nanos":5000000000}},`+
		`{"type":"stopped_speaking","user":{"name":"Derek"},"offset":{"seconds":57.25}}]}`))
	httpapitest.WantStatus(t, got, 200)
	want := []edit.SpeakerEvent{
		{Started: true, Speaker: conversation.Speaker{ID: "4194eb50", Name: "Derek", UserID: "derek@example.com"}, Offset: 57 * time.Second},
		{Speaker: conversation.Speaker{Name: "Derek"}, Offset: 57250 * time.Millisecond},
	}
	if diff := cmp.Diff(want, backend.OnlyEdit(t).Events); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}

	const event = `{"speakerEvents":[{"type":"started_speaking",`
	for body, message := range map[string]string{
		`{}`:                               `"speakerEvents" is required`,
		`{"speakerEvents":[]}`:             `"speakerEvents" must contain at least 1 items`,
		`{"speakerEvents":[{}]}`:           `"speakerEvents[0].type" is required`,
		`{"speakerEvents":[{"type":"a"}]}`: `"speakerEvents[0].type" must be one of [started_speaking, stopped_speaking]`,
		event + `"x":1}]}`:                 `"speakerEvents[0].user" is required`,
		event + `"user":{}}]}`:             `"speakerEvents[0].user" must have an "id", a "name" or an "email"`,
		event + `"user":{"name":"` + strings.Repeat("a", 257) + `"}}]}`:            `"speakerEvents[0].user.name" length must be less than or equal to 256 characters long`,
		event + `"user":{"name":"a"}}]}`:                                           `"speakerEvents[0].offset" is required`,
		event + `"user":{"name":"a"},"offset":{"seconds":-1}}]}`:                   `"speakerEvents[0].offset.seconds" must be greater than or equal to 0`,
		event + `"user":{"name":"a"},"offset":{"seconds":1000000001}}]}`:           `"speakerEvents[0].offset.seconds" must be less than or equal to 1e+09`,
		event + `"user":{"name":"a"},"offset":{"nanos":1000000000000000001000}}]}`: `"speakerEvents[0].offset.nanos" must be less than or equal to 1e+18`,
		event + `"user":{"name":"a"},"offset":{"nanos":"five"}}]}`:                 `"speakerEvents[0].offset.nanos" must be a number`,
	} {
		httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", httpapitest.ConversationPath+"/speakers", body)), 400, message)
	}
}
