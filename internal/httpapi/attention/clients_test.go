package attention_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// Filters by what has become of the text, as clients send them.
func TestFiltersByStatus(t *testing.T) {
	t.Parallel()

	is := func(op query.Op, status string) query.Condition {
		return query.Condition{Field: query.Status, Op: op, Values: []string{status}}
	}
	for params, want := range map[string]query.Filter{
		"filter[hide_non_analyzed]=true":                         {is(query.Equal, query.Completed)},
		"filter[analyzed]=true":                                  {is(query.Equal, query.Completed)},
		"filter[analyzed]=false":                                 {is(query.NotEqual, query.Completed)},
		"filter[hide_pending]=1":                                 {is(query.NotEqual, query.Pending)},
		"filter[hide_failed]=True":                               {is(query.NotEqual, query.Failed)},
		"filter[hide_failed]=true&filter[hide_pending]=true":     {is(query.NotEqual, query.Failed), is(query.NotEqual, query.Pending)},
		"filter[hide_non_analyzed]=false&filter[hide_pending]=0": nil,
	} {
		for _, path := range []string{"/v2/conversations", "/v2/conversations/list"} {
			backend := httpapitest.NewBackend()
			httpapitest.WantStatus(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", path+"?"+params, "")), 200)
			var got query.Filter
			for _, c := range backend.Listed[0].Filter {
				if c.Field == query.Status {
					got = append(got, c)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s?%s: -want +got\n%s", path, params, diff)
			}
		}
	}
}

// A document of JSON:API has what is to be changed in data.attributes.
func TestDocumentsOfJSONAPI(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	imported := service.Do(http.MethodPost, "/v2/conversations/import", `{"data":{"type":"conversations","attributes":{
		"title":"Call","transcript":{"v1":{"final":[{"speaker":1,"sentence":"Hello."}]}}}}}`)
	httpapitest.WantStatus(t, imported, 200)
	var one struct{ UUID string }
	if err := json.Unmarshal(imported.Body.Bytes(), &one); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ path, body, has string }{
		{"", `{"data":{"id":"x","attributes":{"title":"Deal","labels":{"stage":"won"}}}}`, `"title":"Deal"`},
		{"/title", `{"data":{"attributes":{"title":"Other"}}}`, `"title":"Other"`},
		{"/labels", `{"data":{"attributes":{"labels":{"stage":"lost"}}}}`, `"labels":{"stage":"lost"}`},
	} {
		got := service.Do(http.MethodPut, "/v2/conversations/"+one.UUID+tt.path, tt.body)
		if got.Code != 200 || !strings.Contains(got.Body.String(), tt.has) {
			t.Errorf("%s %s: %d %s, want %s", tt.path, tt.body, got.Code, got.Body, tt.has)
		}
	}
	for body, message := range map[string]string{
		`{"data":{}}`:                         `"data.attributes" is required`,
		`{"data":{"attributes":{"title":5}}}`: `"data.attributes.title" must be a string`,
		`{"data":[]}`:                         `"data" must be of type object`,
	} {
		wantFailure(t, service.Do(http.MethodPut, "/v2/conversations/"+one.UUID, body), 400, message)
	}
}

// An import with the names of others of the vendor's pages is the same import: a
// second one makes no second conversation.
func TestImportByOtherNames(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	const body = `{"conversationTitle":"Call","conversationStartedAt":"2026-05-01T10:00:00Z","applicationName":"Dialer","applicationExternalID":17,
		"skipEmpty":true,"transcript":{"v1":{"final":[{"speaker":"Ana","sentence":" "},{"speaker":"Ana","sentence":"Hello.","startTimestamp":"2","endTimestamp":"3.5"}]}}}`
	first := service.Do(http.MethodPost, "/v2/conversations/import", body)
	second := service.Do(http.MethodPost, "/v2/conversations/import", body)
	httpapitest.WantStatus(t, first, 200)
	if first.Body.String() != second.Body.String() {
		t.Errorf("imported as %s, and then as %s", first.Body, second.Body)
	}
	got := service.Do(http.MethodGet, "/v2/conversations/17?by=external_id", "")
	for _, has := range []string{`"title":"Call"`, `"createdAt":"2026-05-01T10:00:0`, `"importMetadata":{"app":"Dialer"}`, `"externalId":"17"`} {
		if !strings.Contains(got.Body.String(), has) {
			t.Errorf("read %s, want %s", got.Body, has)
		}
	}
}
