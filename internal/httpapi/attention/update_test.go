package attention_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func TestResourceUpdate(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, method, route, body string
		want                      edit.Change
	}{
		{"nothing", "PUT", "", `{}`, edit.Change{}},
		{"null is nothing", "PUT", "", `{"title":null,"labels":null,"archived":null}`, edit.Change{}},
		{"the title", "PUT", "", `{"title":" Q1 Review "}`, edit.Change{Name: new(" Q1 Review ")}},
		{"no title", "PUT", "", `{"title":" "}`, edit.Change{Name: new("")}},
		{"labels", "PUT", "", `{"labels":{"a":"1","b":""}}`, edit.Change{Labels: map[string]string{"a": "1", "b": ""}}},
		{"no labels", "PUT", "", `{"labels":{}}`, edit.Change{Labels: map[string]string{}}},
		{"back from the archive", "PUT", "", `{"archived":false,"private":true,"unknown":[1]}`, edit.Change{Archived: new(false)}},
		{"the title alone", "PUT", "/title", `{"title":"T","labels":{"a":"1"},"archived":true}`, edit.Change{Name: new("T")}},
		{"labels alone", "PUT", "/labels", `{"title":"T","labels":{"a":"1"},"skip_analysis":true}`, edit.Change{Labels: map[string]string{"a": "1"}}},
		{"privacy", "PUT", "/change_privacy", ``, edit.Change{Toggle: true}},
		{"privacy, with a body", "PUT", "/change_privacy", `{}`, edit.Change{Toggle: true}},
		{"the archive", "DELETE", "", ``, edit.Change{Archived: new(true)}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := fullest()
			fields(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request(tt.method, resourceURL+tt.route, tt.body, "If-Match", `"7-2"`)))
			want := []httpapitest.Edit{{Call: "update", Target: edit.Target{Account: "ann", ID: httpapitest.ConversationID, Versions: []string{"7-2"}}, Change: tt.want}}
			if diff := cmp.Diff(want, backend.Edits); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestResourceUpdateRefused(t *testing.T) {
	t.Parallel()

	const object = "The body must be a JSON object."
	tests := []struct {
		name, route, body string
		status            int
		message           string
	}{
		{"no body", "", ``, 400, "The body is empty. It must be a JSON object."},
		{"an array", "", `[]`, 400, object},
		{"a string", "", `"title"`, 400, object},
		{"null", "", ` null `, 400, object},
		{"the title a number", "", `{"title":7}`, 400, `"title" must be a string`},
		{"the title too long", "", `{"title":"` + strings.Repeat("é", 513) + `"}`, 400, `"title" length must be less than or equal to 512 characters long`},
		{"labels a list", "", `{"labels":["a"]}`, 400, `"labels" must be of type object`},
		{"a label a number", "", `{"labels":{"stage":2}}`, 400, `"labels.stage" must be a string`},
		{"a label an object", "/labels", `{"labels":{"stage":{}}}`, 400, `"labels.stage" must be a string`},
		{"a label without a name", "", `{"labels":{"":"x"}}`, 400, `"labels" must not have a member without a name`},
		{"a label with a long name", "", `{"labels":{"` + strings.Repeat("n", 129) + `":"x"}}`, 400, `"labels" must have names of at most 128 characters`},
		{"a label too long", "", `{"labels":{"a":"` + strings.Repeat("n", 129) + `"}}`, 400, `"labels.a" length must be less than or equal to 128 characters long`},
		{"archived a word", "", `{"archived":"yes"}`, 400, `"archived" must be a boolean`},
		{"no title", "/title", `{"labels":{}}`, 400, `"title" is required`},
		{"no labels", "/labels", `{"title":"x"}`, 400, `"labels" is required`},
		{"CRM records", "/linked-crm-records", `{}`, 422, "Conversations here are not linked to a CRM. Keep what identifies the record among the labels."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			backend := fullest()
			wantFailure(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("PUT", resourceURL+tt.route, tt.body)), tt.status, tt.message)
			if len(backend.Edits) != 0 {
				t.Errorf("edits were made: %+v", backend.Edits)
			}
		})
	}
}

// TestTwoViewsOfOneConversation changes it by one API and reads it by the other.
func TestTwoViewsOfOneConversation(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(`{"name":"First","metadata":{"deal":"7"},"messages":[{"payload":{"content":"Hello."},"from":{"name":"Ann","userId":"ann@example.com"}}]}`)
	v1, v2 := "/v1/conversations/"+id, "/v2/conversations/"+id

	a := fields(t, service.Do("PUT", v2, `{"title":"Second","labels":{"stage":"won"}}`))
	if a["title"] != "Second" || !cmp.Equal(a["labels"], any(map[string]any{"stage": "won"})) || a["transcript"] != "Ann: Hello." {
		t.Errorf("PUT answered %v", a)
	}
	older := service.Do("GET", v1, "")
	if got := older.Body.String(); !strings.Contains(got, `"name":"Second"`) || !strings.Contains(got, `"metadata":{"deal":"7"}`) {
		t.Errorf("v1 shows %s, want the title as its name, and its metadata as they were", got)
	}
	httpapitest.WantStatus(t, service.Do("PUT", v1, `{"name":"Third","metadata":{"deal":"8"},"members":[{"name":"Annie","email":"ann@example.com"}]}`), 200)
	a = fields(t, service.Do("GET", v2, ""))
	if a["title"] != "Third" || !cmp.Equal(a["labels"], any(map[string]any{"stage": "won"})) || a["transcript"] != "Annie: Hello." ||
		!cmp.Equal(a["importMetadata"], any(map[string]any{"deal": "8"})) {
		t.Errorf("v2 shows %v", a)
	}

	for _, want := range []bool{true, false} {
		if a = fields(t, service.Do("PUT", v2+"/change_privacy", "")); a["private"] != want || a["referenceable"] != !want {
			t.Errorf("private = %v, want %t", a["private"], want)
		}
	}
	if a = fields(t, service.Do("DELETE", v2, "")); a["archived"] != true || a["title"] != "Third" {
		t.Errorf("DELETE answered %v, want archived", a)
	}
	if a = fields(t, service.Do("GET", v2, "")); a["archived"] != true {
		t.Errorf("archived is %v, want it to be and to be readable", a["archived"])
	}
	httpapitest.WantStatus(t, service.Do("DELETE", v1, ""), 200)
	wantFailure(t, service.Do("GET", v2, ""), 404, httpapitest.NoConversation)
}
