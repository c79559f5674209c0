package symbl_test

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

var byStart = []query.Key{{Field: query.Start}}

func TestParametersOfAList(t *testing.T) {
	t.Parallel()

	from := httpapitest.Time("2020-01-01T00:00:00Z")
	tests := []struct {
		name, params string
		want         query.Query
	}{
		{"defaults", httpapitest.WideWindow, query.Query{From: from, Sort: byStart, Limit: 20}},
		{"empty ones are not given", httpapitest.WideWindow + "&limit=&offset=&order=&sort=&endTime=&filter=", query.Query{From: from, Sort: byStart, Limit: 20}},
		{"unknown ones", httpapitest.WideWindow + "&page=2", query.Query{From: from, Sort: byStart, Limit: 20}},
		{"no item", httpapitest.WideWindow + "&limit=0", query.Query{From: from, Sort: byStart}},
		{"the largest page, far behind", httpapitest.WideWindow + "&limit=65536&offset=2147483647", query.Query{From: from, Sort: byStart, Limit: 65536, Offset: 2147483647}},
		{"downwards", httpapitest.WideWindow + "&order=desc", query.Query{From: from, Sort: []query.Key{{Field: query.Start, Desc: true}}, Limit: 20}},
		{"two keys", httpapitest.WideWindow + "&sort=conversation.name,-conversation.metadata.agentId", query.Query{
			From: from, Limit: 20, Sort: []query.Key{{Field: query.Name}, {Field: query.Metadata, Name: "agentId", Desc: true}},
		}},
		{"an end in the future, alone", "endTime=2099-01-01T00:00:00Z", query.Query{To: httpapitest.Time("2099-01-01T00:00:00Z"), Sort: byStart, Limit: 20}},
		{"both ends", httpapitest.WideWindow + "&endTime=2020-01-02T00:00:00.5%2B02:00", query.Query{From: from, To: httpapitest.Time("2020-01-01T22:00:00.5Z"), Sort: byStart, Limit: 20}},
		{"an offset whose + was not encoded", httpapitest.WideWindow + "&endTime=2020-01-02T00:00:00+02:00", query.Query{From: from, To: httpapitest.Time("2020-01-01T22:00:00Z"), Sort: byStart, Limit: 20}},
		{"a filter has no window", "filter=conversation.metadata.label%3D%3DInternal", query.Query{
			Sort: byStart, Limit: 20,
			Filter: query.Filter{{Field: query.Metadata, Name: "label", Op: query.Equal, Values: []string{"Internal"}}},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations?"+tt.params, "")), 200)
			if diff := cmp.Diff([]query.Query{tt.want}, backend.Listed); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestListOfTheLastSevenDays(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		backend := httpapitest.NewBackend()
		httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations?limit=5", "")), 200)
		want := []query.Query{{From: time.Now().AddDate(0, 0, -7), Sort: byStart, Limit: 5}}
		if diff := cmp.Diff(want, backend.Listed); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
	})
}

func TestBadParametersOfAList(t *testing.T) {
	t.Parallel()

	const moment = `must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z`
	for params, message := range map[string]string{
		"limit=65537":                `"limit" must be less than or equal to 65536`,
		"limit=-1":                   `"limit" must be greater than or equal to 0`,
		"limit=ten":                  `"limit" must be an integer`,
		"limit=1.5":                  `"limit" must be an integer`,
		"limit=99999999999999999999": `"limit" must be less than or equal to 65536`,
		"limit=-9999999999999999999": `"limit" must be greater than or equal to 0`,
		"limit=1&limit=2":            `"limit" is given more than once`,
		"offset=-1":                  `"offset" must be greater than or equal to 0`,
		"offset=2147483648":          `"offset" must be less than or equal to 2147483647`,
		"offset=x":                   `"offset" must be an integer`,
		"order=up":                   `"order" must be asc or desc`,
		"order=asc&order=desc":       `"order" is given more than once`,
		"sort=a&sort=b":              `"sort" is given more than once`,
		"startTime=yesterday":        `"startTime" ` + moment,
		"endTime=2020-01-01":         `"endTime" ` + moment,
		"startTime=2020-01-02T00:00:00Z&endTime=2020-01-02T00:00:00Z":        `"startTime" must be earlier than endTime`,
		"startTime=2020-01-02T00:00:00Z&endTime=2020-01-02T00:30:00%2b02:00": `"startTime" must be earlier than endTime`,
		"filter=a&filter=b": `"filter" is given more than once`,
		"%":                 `The query string is malformed: use name=value, joined by &, percent-encoded.`,
	} {
		backend := httpapitest.NewBackend()
		httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations?"+params, "")), 400, message)
		if len(backend.Listed) > 0 {
			t.Errorf("%s was refused, and asked for all the same", params)
		}
	}
}

// TestBadFilter leaves the sentences to package query, but not the name of the
// parameter in front of them and the place of the mistake.
func TestBadFilter(t *testing.T) {
	t.Parallel()

	for param, start := range map[string]string{
		"filter=" + url.QueryEscape("conversation.name==a or conversation.name==b"): `"filter" is wrong at character 22: `,
		"sort=conversation.name,size": `"sort" is wrong at character 19: `,
	} {
		got := httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations?"+param, ""))
		httpapitest.WantStatus(t, got, 400)
		if message := messageOf(t, got); !strings.HasPrefix(message, start) {
			t.Errorf("%s: %s\nwant it to begin with %s", param, message, start)
		}
	}
}

func TestListThatCannotBeServed(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	backend.Err = query.ErrTooBroad
	httpapitest.WantRefusal(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations?sort=conversation.name", "")), 400,
		"Too many conversations would have to be looked at. Narrow the window with startTime and endTime, sort by conversation.startTime, or ask part by part, beginning with an empty cursor.")

	backend.Err = context.DeadlineExceeded
	got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", "/v1/conversations", ""))
	httpapitest.WantStatus(t, got, 503)
	if got.Header().Get("Retry-After") == "" {
		t.Error("a 503 has no Retry-After")
	}
}
