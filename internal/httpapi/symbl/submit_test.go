package symbl_test

import (
	"encoding/json"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

func TestSubmitAnswersWithTheReceipt(t *testing.T) {
	t.Parallel()

	for _, r := range []struct{ method, path, conversation string }{
		{"POST", "/v1/process/text", ""},
		{"PUT", "/v1/process/text/" + httpapitest.ConversationID, httpapitest.ConversationID},
	} {
		backend := httpapitest.NewBackend()
		got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request(r.method, r.path, httpapitest.Hello))
		httpapitest.WantStatus(t, got, 201)
		if want := `{"conversationId":"` + httpapitest.ConversationID + `","jobId":"` + httpapitest.JobID + `"}`; got.Body.String() != want {
			t.Errorf("%s answered %s, want %s", r.method, got.Body, want)
		}
		want := jobs.Append{Account: "ann", ConversationID: r.conversation, Utterances: []analysis.Utterance{{Text: "Hello."}}}
		if a := backend.OnlySubmitted(t); !reflect.DeepEqual(a, want) {
			t.Errorf("%s submitted %+v, want %+v", r.method, a, want)
		}
	}
}

// TestEveryField sends all that the documents know of at once.
func TestEveryField(t *testing.T) {
	t.Parallel()

	body, err := os.ReadFile("testdata/every_field.json")
	if err != nil {
		t.Fatal(err)
	}
	backend := httpapitest.NewBackend()
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", string(body))), 201)
	threshold, offset := 0.6, -420.0
	want := jobs.Append{
		Account:    "ann",
		WebhookURL: "https://example.com/jobs?tenant=7", WebhookEvents: []jobs.Status{jobs.Completed, jobs.Failed},
		Options: analysis.Options{
			Name:                "Internships",
			ConfidenceThreshold: &threshold,
			DetectPhrases:       true,
			DetectEntities:      true,
			Entities:            []analysis.CustomEntity{{CustomType: "Company Executives", Text: "marketing director", Value: "Marketing director"}},
			Trackers:            []analysis.Tracker{{Name: "Promotion", Vocabulary: []string{"special promotion", "discount"}}, {ID: "4527907378937856"}},
			EnableAllTrackers:   true,
			EnableSummary:       true,
			ConversationType:    []string{"sales", "interview"},
			Features:            json.RawMessage(`{"featureList": ["insights", "callScore"], "callScore": {"scorecardId": 1.50}}`),
			Metadata:            map[string]string{"salesStage": "qualification", "prospect": "ABC Corp"},
			StartTime:           httpapitest.Time("2020-07-21T16:02:00Z"),
			TimezoneOffset:      &offset,
			LanguageCode:        "en-US",
		},
		Utterances: []analysis.Utterance{
			{
				From:  conversation.Speaker{UserID: "natalia@example.com", Name: "Natalia"},
				Text:  "Hi Mike, Natalia here. Hope you don’t mind me reaching out.  ",
				Start: httpapitest.Time("2020-07-21T16:02:19.01Z"),
				End:   httpapitest.Time("2020-07-21T16:04:19.99Z"),
			},
			{From: conversation.Speaker{ID: "c-42", Name: "Mike"}, Text: "Hey 👋\u202e\n"},
		},
	}
	if got := backend.OnlySubmitted(t); !reflect.DeepEqual(got, want) {
		t.Errorf("submitted\n%+v, want\n%+v", got, want)
	}
	httpapitest.WantEveryField(t, want.Options)
	httpapitest.WantEveryField(t, want.Utterances...)
}

func TestAliases(t *testing.T) {
	t.Parallel()

	type options = analysis.Options
	city := []analysis.CustomEntity{{CustomType: "City", Text: "Paris", Value: "Paris"}}
	zero, half, one, eight := 0.0, 0.5, 1.0, 480.0
	tests := []struct {
		name, members string
		want          options
	}{
		{"booleans as words", `"detectPhrases":"true","detectEntities":"True","enableAllTrackers":"TRUE","enableSummary":"False"`, options{DetectPhrases: true, DetectEntities: true, EnableAllTrackers: true}},
		{"null is nothing", `"name":null,"confidenceThreshold":null,"detectPhrases":null,"entities":null,"trackers":null,"enableSummary":null,"webhookUrl":null,"conversationType":null,"features":null,"metadata":null,"startTime":null,"timezoneOffset":null,"languageCode":null`, options{}},
		{"what the Go client always sends", `"features":{},"metadata":{},"unknown":[{"a":1}]`, options{Features: json.RawMessage(`{}`)}},
		{"the singular of all trackers", `"enableAllTracker":true`, options{EnableAllTrackers: true}},
		{"any case", `"DetectPhrases":true,"CONFIDENCETHRESHOLD":1`, options{DetectPhrases: true, ConfidenceThreshold: &one}},
		{"threshold 0", `"confidenceThreshold":0`, options{ConfidenceThreshold: &zero}},
		{"threshold with an exponent", `"confidenceThreshold":5e-1`, options{ConfidenceThreshold: &half}},
		{"blank name", `"name":" "`, options{}},
		{"one entity", `"entities":{"customType":"City","text":"Paris"}`, options{Entities: city}},
		{"entities", `"entities":[{"customType":"City","text":"Paris","value":null}]`, options{Entities: city}},
		{"entity with other members", `"entities":[{"customType":"City","text":"Paris","value":"","id":5}]`, options{Entities: city}},
		{"entities by the older name", `"customEntities":[{"CustomType":"City","Text":"Paris"}]`, options{Entities: city}},
		{"entities of the oldest form", `"customEntities":[{"City":"Paris"}]`, options{Entities: city}},
		{"several in the oldest form", `"entities":{"City":"Paris","Area":"Seine","none":null}`, options{Entities: []analysis.CustomEntity{{CustomType: "Area", Text: "Seine", Value: "Seine"}, city[0]}}},
		{"entities by both names", `"customEntities":[{"City":"Paris"}],"entities":{"customType":"a","text":"b","value":"c"}`, options{Entities: []analysis.CustomEntity{{CustomType: "a", Text: "b", Value: "c"}, city[0]}}},
		{"no entities", `"entities":[],"trackers":[],"conversationType":[]`, options{ConversationType: []string{}}},
		{"a saved tracker with its name", `"trackers":[{"id":"7","name":"Promotion"}]`, options{Trackers: []analysis.Tracker{{ID: "7", Name: "Promotion"}}}},
		{"one type", `"conversationType":"sales"`, options{ConversationType: []string{"sales"}}},
		{"metadata without a value", `"metadata":{"a":null,"b":""}`, options{Metadata: map[string]string{"b": ""}}},
		{"metadata of 128 characters", `"metadata":{"a":"` + strings.Repeat("é", 128) + `"}`, options{Metadata: map[string]string{"a": strings.Repeat("é", 128)}}},
		{"an escaped backslash before u0000", `"name":"\\u0000"`, options{Name: `\u0000`}},
		{"brackets in a text", `"name":"` + strings.Repeat(`[{\"\\`, 40) + `"`, options{Name: strings.Repeat(`[{"\`, 40)}},
		{"as deep as may be", `"x":` + strings.Repeat("[", 31) + strings.Repeat("]", 31), options{}},
		{"as many lists as one likes, side by side", `"x":[` + strings.Repeat("[],", 100) + `[]]`, options{}},
		{"time with nine digits and an offset", `"startTime":"2020-07-21T18:02:19.123456789+02:00"`, options{StartTime: httpapitest.Time("2020-07-21T16:02:19.123Z")}},
		{"an empty string is nothing", `"name":"","confidenceThreshold":"","detectPhrases":"","enableSummary":"","webhookUrl":"","conversationType":"","startTime":"","timezoneOffset":"","languageCode":""`, options{}},
		{"numbers as strings", `"timezoneOffset":"480","confidenceThreshold":"0.5"`, options{TimezoneOffset: &eight, ConfidenceThreshold: &half}},
		{"booleans as numbers", `"detectPhrases":1,"detectEntities":"1","enableAllTrackers":0,"enableSummary":"0"`, options{DetectPhrases: true, DetectEntities: true}},
		{"a saved tracker by a number, without a name", `"trackers":[{"id":7,"name":""}]`, options{Trackers: []analysis.Tracker{{ID: "7"}}}},
		{"time in small letters", `"startTime":"2020-07-21t16:02:19z"`, options{StartTime: httpapitest.Time("2020-07-21T16:02:19Z")}},
		{"a leap second", `"startTime":"2016-12-31T23:59:60Z"`, options{StartTime: httpapitest.Time("2017-01-01T00:00:00Z")}},
		{"time without a fraction", `"startTime":"2020-07-21T16:02:19Z"`, options{StartTime: httpapitest.Time("2020-07-21T16:02:19Z")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.With(tt.members))), 201)
			if got := backend.OnlySubmitted(t).Options; !reflect.DeepEqual(got, tt.want) {
				t.Errorf("submitted options %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestSpeakersAndTimes(t *testing.T) {
	t.Parallel()

	type utterance = analysis.Utterance
	tests := []struct {
		name, members string
		want          utterance
	}{
		{"e-mail", `"from":{"email":"ann@example.com"}`, utterance{From: conversation.Speaker{UserID: "ann@example.com"}}},
		{"user id before e-mail", `"from":{"email":"b@example.com","userId":"a@example.com"}`, utterance{From: conversation.Speaker{UserID: "a@example.com"}}},
		{"nobody", `"from":{}`, utterance{}},
		{"null", `"from":null,"duration":null`, utterance{}},
		{"any case", `"From":{"USERID":"a"},"duration":{"StartTime":"2020-07-21T16:04:19.99Z","EndTime":"2020-07-21T16:04:19.99Z"}`, utterance{
			From: conversation.Speaker{UserID: "a"}, Start: httpapitest.Time("2020-07-21T16:04:19.99Z"), End: httpapitest.Time("2020-07-21T16:04:19.99Z"),
		}},
		{"end alone", `"duration":{"endTime":"2020-07-21T16:04:20Z"}`, utterance{End: httpapitest.Time("2020-07-21T16:04:20Z")}},
		{"name of 256 characters", `"from":{"name":"` + strings.Repeat("é", 256) + `"}`, utterance{From: conversation.Speaker{Name: strings.Repeat("é", 256)}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", message(tt.members))), 201)
			tt.want.Text = "Hello."
			if got := backend.OnlySubmitted(t).Utterances; !reflect.DeepEqual(got, []utterance{tt.want}) {
				t.Errorf("submitted %+v, want %+v", got, tt.want)
			}
		})
	}
}

func TestQueryOfASubmission(t *testing.T) {
	t.Parallel()

	const hook, other = "https://example.com/hook", "https://example.com/other"
	tests := []struct {
		name, query, members string
		url                  string
		summary              bool
	}{
		{name: "both", query: "?enableSummary=True&webhookUrl=" + url.QueryEscape(hook), members: `"x":1`, url: hook, summary: true},
		{name: "the body wins", query: "?enableSummary=true&webhookUrl=" + url.QueryEscape(other), members: `"webhookUrl":"` + hook + `","enableSummary":false`, url: hook},
		{name: "empty", query: "?enableSummary=&webhookUrl=&x=1", members: `"enableSummary":true`, summary: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text"+tt.query, httpapitest.With(tt.members))), 201)
			if a := backend.OnlySubmitted(t); a.WebhookURL != tt.url || a.Options.EnableSummary != tt.summary {
				t.Errorf("webhookUrl %q, enableSummary %t; want %q, %t", a.WebhookURL, a.Options.EnableSummary, tt.url, tt.summary)
			}
		})
	}
}

// A submission chooses of which changes its webhooks tell, else its account does.
func TestChosenEvents(t *testing.T) {
	t.Parallel()

	const to = `"webhookUrl":"https://example.com/hook"`
	tests := []struct {
		name, members string
		usual         []string // of the account
		want          []jobs.Status
	}{
		{"nobody chooses", to, nil, nil},
		{"one", to + `,"webhookEvents":["completed"]`, nil, []jobs.Status{jobs.Completed}},
		{"one as a text", to + `,"WEBHOOKEVENTS":"failed"`, nil, []jobs.Status{jobs.Failed}},
		{"in any order, twice", to + `,"webhookEvents":["failed","completed","failed"]`, nil, []jobs.Status{jobs.Completed, jobs.Failed}},
		{"all", to + `,"webhookEvents":["failed","completed","scheduled","in_progress"]`, nil, nil},
		{"null", to + `,"webhookEvents":null`, nil, nil},
		{"empty", to + `,"webhookEvents":""`, nil, nil},
		{"the account", to, []string{"completed"}, []jobs.Status{jobs.Completed}},
		{"the account, and null", to + `,"webhookEvents":null`, []string{"completed"}, []jobs.Status{jobs.Completed}},
		{"the submission wins", to + `,"webhookEvents":["failed"]`, []string{"completed"}, []jobs.Status{jobs.Failed}},
		{"the submission wants all", to + `,"webhookEvents":["scheduled","in_progress","completed","failed"]`, []string{"completed"}, nil},
		{"no webhooks", `"name":"x"`, []string{"completed"}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			backend.Events = tt.usual
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", httpapitest.With(tt.members))), 201)
			if got := backend.OnlySubmitted(t).WebhookEvents; !slices.Equal(got, tt.want) {
				t.Errorf("submitted with %v, want %v", got, tt.want)
			}
		})
	}
}

// An address that would not be called is refused, wherever it stands.
func TestAddressesThatAreNotCalled(t *testing.T) {
	t.Parallel()

	const inside = "http://127.0.0.1:9090/"
	guard := webhook.NewGuard(nil)
	want := `"webhookUrl" ` + guard.CheckURL(inside).Error()
	backend := httpapitest.NewBackend()
	api := backend.API(httpapi.Options{Addresses: guard})
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.With(`"webhookUrl":"`+inside+`"`))), 400, want)
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("PUT", "/v1/process/text/"+httpapitest.ConversationID+"?webhookUrl="+url.QueryEscape(inside), httpapitest.Hello)), 400, want)
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", httpapitest.With(`"webhookUrl":"https://example.com/a%2Fb/ä?q=a b"`))), 201)
	if got := backend.OnlySubmitted(t).WebhookURL; got != "https://example.com/a%2Fb/ä?q=a b" {
		t.Errorf("kept %q, want what was given", got)
	}
}

func TestBadQueryOfASubmission(t *testing.T) {
	t.Parallel()

	tests := []struct{ query, message string }{
		{"enableSummary=2", `"enableSummary" must be a boolean`},
		{"enableSummary=true&enableSummary=true", `"enableSummary" is given more than once`},
		{"webhookUrl=/hook", `"webhookUrl" ` + webhook.CheckURL("/hook").Error()},
		{"webhookUrl=http://a/%00", `"webhookUrl" ` + webhook.CheckURL("http://a/\x00").Error()},
		{"webhookUrl=http://a&webhookUrl=http://b", `"webhookUrl" is given more than once`},
		{"a=%zz", `The query string is malformed: use name=value, joined by &, percent-encoded.`},
		{"a=1;b=2", `The query string is malformed: use name=value, joined by &, percent-encoded.`},
	}
	for _, tt := range tests {
		api := httpapitest.NewBackend().API(httpapi.Options{})
		httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text?"+tt.query, httpapitest.Hello)), 400, tt.message)
	}
}

func TestSubmissionsSideBySide(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	api := backend.API(httpapi.Options{})
	var want []string
	var wg sync.WaitGroup
	for i := range 100 {
		text := strings.Repeat("x", i+1)
		want = append(want, text)
		wg.Go(func() {
			httpapitest.Serve(api, httpapitest.Request("POST", "/v1/process/text", `{"messages":[{"payload":{"content":"`+text+`"}}]}`))
		})
	}
	wg.Wait()
	var got []string
	for _, a := range backend.Submitted {
		got = append(got, a.Utterances[0].Text)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the texts of requests side by side came through as %q", got)
	}
}

// What clients send in place of what is documented, and one content that is empty.
func TestMessagesAsClientsSendThem(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	body := "\ufeff" + `{"skipEmpty":"true","messages":[
		{"payload":{"content":"One."},"from":{"id":17,"userId":1e3},"duration":{"startTime":"","endTime":""}},
		{"payload":{"content":" "},"from":{"name":"Ben"}},
		{"payload":{"content":"Two."},"from":{"id":12345678901234567890}}]}`
	httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", body)), 201)
	want := []analysis.Utterance{
		{Text: "One.", From: conversation.Speaker{ID: "17", UserID: "1e3"}},
		{Text: "Two.", From: conversation.Speaker{ID: "12345678901234567890"}},
	}
	if diff := cmp.Diff(want, backend.OnlySubmitted(t).Utterances); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
