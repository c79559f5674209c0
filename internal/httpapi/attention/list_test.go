package attention_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// TestResourceQuery checks what is looked for.
func TestResourceQuery(t *testing.T) {
	t.Parallel()

	const list = "/v2/conversations"
	notArchived := query.Condition{Field: query.Archived, Op: query.Equal, Values: []string{"false"}}
	tests := []struct {
		name, target  string
		filter        query.Filter
		offset, limit int
	}{
		{"nothing said", list, nil, 0, 20},
		{"nothing said, short", list + "/list", nil, 0, 20},
		{"a page", list + "?page=3&size=100", nil, 200, 100},
		{"a page as clients spell it", list + "?page[number]=3&page[size]=7", nil, 14, 7},
		{"a page in both spellings", list + "?page[number]=3&page=2", nil, 20, 20},
		{"encoded", list + "?page%5Bnumber%5D=2", nil, 20, 20},
		{"flags", list + "/list?size=50&withIntelligenceItems=true&filter[hide_internal]=true&filter[hide_failed]=false&filter[include_zoom_metadata]=true&other=x", nil, 0, 50},
		{"empty ones", list + "?page=&fromDateTime=&filter[title]=&filter[owner.id]=,&filter[participants.email]=", nil, 0, 20},
		{"a window", list + "?fromDateTime=2024-03-18T10:00:00Z&toDateTime=2024-03-19T10:00:00+01:00", query.Filter{
			{Field: query.Start, Op: query.GreaterEqual, Values: []string{"2024-03-18T10:00:00.000Z"}, Times: []time.Time{httpapitest.Time("2024-03-18T10:00:00Z")}},
			{Field: query.Start, Op: query.LessEqual, Values: []string{"2024-03-19T09:00:00.000Z"}, Times: []time.Time{httpapitest.Time("2024-03-19T09:00:00Z")}},
		}, 0, 20},
		{"a title", list + "?filter[title]=Deal,%20Review", query.Filter{{Field: query.Name, Op: query.Contains, Values: []string{"Deal, Review"}}}, 0, 20},
		{"addresses", list + "?filter[participants.email]=a@x.io,%20b@x.io,&filter[participants.email]=c@x.io", query.Filter{
			{Field: query.Email, Op: query.In, Values: []string{"a@x.io", "b@x.io", "c@x.io"}},
		}, 0, 20},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", tt.target, "")), 200)
			want := []query.Query{{
				Filter: append(query.Filter{notArchived}, tt.filter...),
				Sort:   []query.Key{{Field: query.Start, Desc: true}},
				Offset: tt.offset, Limit: tt.limit, Count: true,
			}}
			if diff := cmp.Diff(want, backend.Listed); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestResourceQueryRefused(t *testing.T) {
	t.Parallel()

	const number = "must be less than or equal to "
	for query, message := range map[string]string{
		"?page=0":                               `"page" must be greater than or equal to 1`,
		"?page=1000001":                         `"page" ` + number + `1000000`,
		"?page[number]=-1":                      `"page[number]" must be greater than or equal to 0`,
		"?size=101":                             `"size" ` + number + `100`,
		"/list?page[size]=51":                   `"page[size]" ` + number + `50`,
		"?size=ten":                             `"size" must be an integer`,
		"?size=1&size=2":                        `"size" is given more than once`,
		"?fromDateTime=yesterday":               `"fromDateTime" must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z`,
		"?withCrmRecords=2":                     `"withCrmRecords" must be a boolean`,
		"?filter[hide_internal]=2":              `"filter[hide_internal]" must be a boolean`,
		"?filter[hide_transcript]=2":            `"filter[hide_transcript]" must be a boolean`,
		"?filter[hide_pending]=yes":             `"filter[hide_pending]" must be a boolean`,
		"?filter[hide_not_analyzed]=true":       `"filter[hide_not_analyzed]" is not a filter that is known; did you mean filter[hide_non_analyzed]?`,
		"?filter[hide_failed]=maybe":            `"filter[hide_failed]" must be a boolean`,
		"?filter[owner.email]=a@x.io":           `"filter[owner.email]" is not supported: conversations here have no owners, teams or CRM records`,
		"?filter[crm_field.values]=a,b":         `"filter[crm_field.values]" is not supported: conversations here have no owners, teams or CRM records`,
		"?filter[stage]=won":                    `"filter[stage]" is not a filter that is known`,
		"?filter[title]=a&filter[title]=b":      `"filter[title]" is given more than once`,
		"?filter[title]=" + manyCharacters(513): `"filter[title]" length must be less than or equal to 512 characters long`,
		"?toDateTime=2024-01-01T00:00:00Z&fromDateTime=2024-01-02T00:00:00Z": `"toDateTime" must not be earlier than fromDateTime`,
		"?%": "The query string is malformed: use name=value, joined by &, percent-encoded.",
	} {
		backend := httpapitest.NewBackend()
		wantFailure(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v2/conversations"+query, "")), 400, message)
		if len(backend.Listed) != 0 {
			t.Errorf("%s was looked for", query)
		}
	}
	backend := httpapitest.NewBackend()
	backend.Err = query.ErrTooBroad
	wantFailure(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v2/conversations", "")), 400,
		"Too many conversations would have to be looked at. Narrow the window with fromDateTime and toDateTime.")
}

func manyCharacters(n int) string { return strings.Repeat("c", n) }

// A listed is an answer of the list.
type listed struct {
	Data []struct {
		Type, ID   string
		Attributes map[string]any
	}
	Links struct {
		Self    string
		Related *string
	}
	Meta struct{ TotalRecords, PageCount, PageNumber, PageSize int }
}

func listOf(t *testing.T, got *httptest.ResponseRecorder) listed {
	t.Helper()
	httpapitest.WantStatus(t, got, 200)
	var l listed
	if err := json.Unmarshal(got.Body.Bytes(), &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func (l listed) titles() (all []string) {
	for _, item := range l.Data {
		all = append(all, item.Attributes["title"].(string))
	}
	return all
}

// TestResourceList walks through pages by their links.
func TestResourceList(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	for n := 1; n <= 7; n++ {
		service.Begin(fmt.Sprintf(`{"name":"Call %d","messages":[{"payload":{"content":"Hi."},"from":{"userId":"p%d@x.io"},
			"duration":{"startTime":"2024-03-0%[1]dT10:00:00Z","endTime":"2024-03-0%[1]dT10:00:05Z"}}]}`, n, n%2))
	}
	gone := listOf(t, service.Do("GET", "/v2/conversations?filter[title]=call%204", ""))
	fields(t, service.Do("DELETE", "/v2/conversations/"+gone.Data[0].ID, ""))

	target := "/v2/conversations?page[size]=2&page[number]=1"
	for _, want := range [][]string{{"Call 7", "Call 6"}, {"Call 5", "Call 3"}, {"Call 2", "Call 1"}} {
		page := listOf(t, service.Do("GET", target, ""))
		if !cmp.Equal(page.titles(), want) {
			t.Fatalf("%s lists %v, want %v", target, page.titles(), want)
		}
		if m := page.Meta; m.TotalRecords != 6 || m.PageCount != 3 || m.PageSize != 2 {
			t.Errorf("%s: meta %+v", target, m)
		}
		again := listOf(t, service.Do("GET", page.Links.Self, ""))
		if !cmp.Equal(again, page) {
			t.Errorf("links.self of %s leads elsewhere: %s", target, page.Links.Self)
		}
		if strings.Contains(page.Links.Self, "number") {
			t.Errorf("links.self has the number twice: %s", page.Links.Self)
		}
		if last := page.Meta.PageNumber == 3; last != (page.Links.Related == nil) {
			t.Errorf("%s: related is %v", target, page.Links.Related)
		} else if !last {
			target = *page.Links.Related
		}
	}

	for query, want := range map[string][]string{
		"?page=9": nil,
		"?filter[participants.email]=P0@x.io,nobody@x.io":                        {"Call 6", "Call 2"},
		"?fromDateTime=2024-03-05T10:00:00Z&toDateTime=2024-03-06T10:00:00Z":     {"Call 6", "Call 5"},
		"/list?filter[title]=CALL%201&fromDateTime=2024-03-01T09:00:00%2B00:00&": {"Call 1"},
	} {
		if got := listOf(t, service.Do("GET", "/v2/conversations"+query, "")); !cmp.Equal(got.titles(), want) || got.Data == nil {
			t.Errorf("%s lists %v, want %v", query, got.titles(), want)
		}
	}
	if got := listOf(t, service.Do("GET", "/v2/conversations", "", "Authorization", "bob")); len(got.Data) != 0 || got.Meta.TotalRecords != 0 {
		t.Errorf("bob sees %v", got.titles())
	}
}

// TestListItems checks what items carry, and what more if it is asked for.
func TestListItems(t *testing.T) {
	t.Parallel()

	backend := fullest()
	backend.Stored.Page = query.Page{Conversations: []conversation.Conversation{backend.Stored.Conversation}, Total: 1}
	api := backend.API(httpapi.Options{})
	whole := decoded(t, fullResource).(map[string]any)["attributes"].(map[string]any)
	text := whole["transcript"]
	tests := []struct {
		name, query  string
		transcript   any
		intelligence bool
	}{
		{"all but the transcript", "", "", true},
		{"on the short list", "/list", "", false},
		{"with CRM records", "/list?withCrmRecords=true", "", true},
		{"with the transcript", "?filter[hide_transcript]=false", text, true},
		{"without the transcript", "?filter[hide_transcript]=true&detailedTranscript=true", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := listOf(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations"+tt.query, ""))).Data[0].Attributes
			want := decoded(t, fullResource).(map[string]any)["attributes"].(map[string]any)
			want["transcript"] = tt.transcript
			if !tt.intelligence {
				delete(want, "extractedIntelligence")
				delete(want, "confirmedExtractedIntelligence")
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
	got := listOf(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations?detailedTranscript=true", "")))
	if segments, ok := got.Data[0].Attributes["transcript"].([]any); !ok || len(segments) != 2 {
		t.Errorf("detailed transcript = %v, want two segments", got.Data[0].Attributes["transcript"])
	}
}

// TestLongTranscriptsOfAList are refused, unless it is only one.
func TestLongTranscriptsOfAList(t *testing.T) {
	t.Parallel()

	backend := fullest()
	long := backend.Stored.Conversation
	long.Messages = 10_000
	backend.Stored.Page = query.Page{Conversations: []conversation.Conversation{long, backend.Stored.Conversation}, Total: 2}
	api := backend.API(httpapi.Options{})
	listOf(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations", "")))
	wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations?detailedTranscript=true", "")), 400,
		`The transcripts of this page have 10002 messages, and at most 10000 are answered at once: ask for a smaller "size", or read each conversation by its id.`)
	long.Messages = 20_000
	backend.Stored.Page.Conversations = []conversation.Conversation{long}
	listOf(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/conversations?detailedTranscript=true", "")))
}
