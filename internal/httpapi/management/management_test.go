package management_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// A step of a script is a request and its answer. In all of them "#1" stands
// for the first id that the service gave, "#2" for the second.
type step struct {
	method, path, body string
	status             int
	want               string
}

var (
	anID  = regexp.MustCompile(`"id":"([0-9]{16})"`)
	aTime = regexp.MustCompile(`"20[0-9-]{8}T[0-9:]{8}\.[0-9]{3}Z"`)
)

// play sends the requests of a script one after the other.
func play(service *httpapitest.Service, script []step) {
	service.T.Helper()
	names := map[string]string{}
	for _, s := range script {
		path, body := s.path, s.body
		for id, name := range names {
			path, body = strings.ReplaceAll(path, name, id), strings.ReplaceAll(body, name, id)
		}
		got := service.Do(s.method, path, body)
		for _, found := range anID.FindAllStringSubmatch(got.Body.String(), -1) {
			if names[found[1]] == "" {
				names[found[1]] = fmt.Sprint("#", len(names)+1)
			}
		}
		if answer := stripped(got, names); got.Code != s.status || answer != s.want {
			service.T.Errorf("%s %s %s\ngot  %d %s\nwant %d %s", s.method, s.path, s.body, got.Code, answer, s.status, s.want)
		}
	}
}

// stripped is the answer without what differs from run to run.
func stripped(got *httptest.ResponseRecorder, names map[string]string) string {
	body := aTime.ReplaceAllString(got.Body.String(), `"T"`)
	for id, name := range names {
		body = strings.ReplaceAll(body, id, name)
	}
	return body
}

// trackerJSON is the answer of a tracker with the name, and vocabulary as it
// stands in JSON.
func trackerJSON(id, name, vocabulary string) string {
	return `{"id":"` + id + `","name":"` + name + `","description":"","categories":[],"languages":["en-US"],"vocabulary":[` + vocabulary +
		`],"excludeVocabulary":[],"createdOn":"T","updatedOn":"T"}`
}

func TestTrackersOfBothGenerations(t *testing.T) {
	t.Parallel()

	for _, path := range []string{"/v1/manage/tracker", "/v1/manage/trackers"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()

			promotion := trackerJSON("#1", "Promotion Mention", `"We have a special promotion","I have a discount"`)
			newRequest := trackerJSON("#1", "Promotion", `"a","b"`)
			full := `{"id":"#4","name":"F","description":"d","categories":["c"],"languages":["de"],"vocabulary":["v"],"excludeVocabulary":["x"],"createdOn":"T","updatedOn":"T"}`
			play(httpapitest.NewService(t), []step{
				{"GET", path, "", 200, `{"trackers":[]}`},
				{"POST", path, `{"name":"Promotion Mention","vocabulary":["We have a special promotion","I have a discount"]}`, 200, `{"tracker":` + promotion + `}`},
				{"POST", path, `[{"name":"B","vocabulary":["b"]},{"name":"promotion mention","vocabulary":["c"]}]`, 200, `{"trackers":[` + trackerJSON("#2", "B", `"b"`) + `,` + trackerJSON("#3", "promotion mention", `"c"`) + `]}`},
				{"POST", path + "/bulk", `[{"id":"7","name":"F","description":"d","categories":["c"],"languages":["de"],"vocabulary":["v"],"excludeVocabulary":["x"],"createdOn":"x","updatedOn":null}]`, 200, `{"trackers":[` + full + `]}`},
				{"GET", path + "/#1", "", 200, `{"tracker":` + promotion + `}`},
				{"GET", path + "?name=Promotion+Mention", "", 200, `{"trackers":[` + promotion + `]}`},
				{"GET", path + "?&name=none", "", 200, `{"trackers":[]}`},
				{"PUT", path + "/#1", `{"id":"#1","name":"Promotion","vocabulary":["a","b"]}`, 200, `{"tracker":` + newRequest + `}`},
				{"PUT", path + "/#4", full, 200, `{"tracker":` + full + `}`},
				{"PATCH", path + "/#2", `[{"op":"add","path":"/vocabulary","value":"x"},{"op":"replace","path":"/name","value":["C"]}]`, 200, `{"tracker":` + trackerJSON("#2", "C", `"b","x"`) + `}`},
				{"PATCH", path + "/#2", `{"op":"remove","path":"/vocabulary","value":["b"]}`, 200, `{"tracker":` + trackerJSON("#2", "C", `"x"`) + `}`},
				{"DELETE", path + "/#3", "", 200, `{"id":"#3","type":"tracker","deleted":true}`},
				{"DELETE", path + "/#3", "", 404, `{"statusCode":404,"message":"The trackerId is either invalid or does not exist."}`},
				{"GET", path, "", 200, `{"trackers":[` + newRequest + `,` + trackerJSON("#2", "C", `"x"`) + `,` + full + `]}`},
			})
		})
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()

	for _, path := range []string{"/v1/manage/group", "/v1/manage/groups"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()

			one := `{"id":"#1","name":"Agent","description":"of John","criteria":"conversation.metadata.agentId==johndoe"}`
			other := `{"id":"#2","name":"Label","description":"","criteria":"conversation.metadata.label==Internal"}`
			play(httpapitest.NewService(t), []step{
				{"GET", path, "", 200, `{"groups":[]}`},
				{"POST", path, `{"name":"Agent","description":"of John","criteria":"conversation.metadata.agentId==johndoe"}`, 200, `{"group":` + one + `}`},
				{"POST", path, `[{"name":"Label","criteria":"conversation.metadata.label==Internal"}]`, 200, `{"groups":[` + other + `]}`},
				{"POST", path, `{"name":"Agent","criteria":"conversation.name==a"}`, 409, `{"statusCode":409,"message":"\"name\" must be unique: another group of the account has this name"}`},
				{"POST", path, `{"name":"Two","criteria":"conversation.size==a"}`, 400, badCriteria(t, "conversation.size==a")},
				{"GET", path + "/#2", "", 200, `{"group":` + other + `}`},
				{"GET", path + "?name=Agent", "", 200, `{"groups":[` + one + `]}`},
				{"PUT", path + "/#2", `{"id":5,"name":"Label","criteria":"conversation.name==a"}`, 400, `{"statusCode":400,"message":"\"id\" must be the id in the path"}`},
				{"PUT", path + "/#2", `{"id":#2,"name":"Label","criteria":"conversation.name==a"}`, 200, `{"group":{"id":"#2","name":"Label","description":"","criteria":"conversation.name==a"}}`},
				{"PATCH", path + "/#2", `[{"op":"replace","path":"/criteria","value":"conversation.name=="}]`, 400, badCriteria(t, "conversation.name==")},
				{"DELETE", path + "/#2", "", 200, `{"id":"#2","type":"group","deleted":true}`},
				{"GET", path + "/#2", "", 404, `{"statusCode":404,"message":"The groupId is either invalid or does not exist."}`},
				{"GET", path, "", 200, `{"groups":[` + one + `]}`},
			})
		})
	}
}

// badCriteria is the answer to criteria that cannot be read.
func badCriteria(t *testing.T, criteria string) string {
	t.Helper()
	_, err := query.Parse(criteria)
	if err == nil || !strings.Contains(err.Error(), "at character") {
		t.Fatalf("criteria %s: %v, want an error that says where", criteria, err)
	}
	message, err := json.Marshal(`"criteria" ` + err.Error())
	if err != nil {
		t.Fatal(err)
	}
	return `{"statusCode":400,"message":` + strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(message)) + `}`
}

func TestEntities(t *testing.T) {
	t.Parallel()

	for _, path := range []string{"/v1/manage/entity", "/v1/manage/entities"} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()

			city := `{"id":"#1","type":"place","subType":"city","category":"Custom","values":["Paris","Lyon"]}`
			river := `{"id":"#2","type":"place","subType":"river","category":"Custom","values":["Seine"]}`
			phone := `{"id":"#3","type":"phone","subType":"","category":"Custom","values":["X-1"]}`
			play(httpapitest.NewService(t), []step{
				{"POST", path, `{"type":"place","subType":"city","category":"Custom","values":["Paris","Lyon"]}`, 200, both(city)},
				{"POST", path + "/bulk", `[{"type":"place","subType":"river","category":"custom","values":["Seine"]},{"type":"phone","values":["X-1"]}]`, 200, `{"entities":[` + river + `,` + phone + `]}`},
				{"POST", path, `{"type":"place","subType":"city","values":["Rome"]}`, 409, `{"statusCode":409,"message":"\"subType\" must be unique: another entity of the account has this type and subType"}`},
				{"POST", path, `{"type":"place","category":"Managed","values":["Rome"]}`, 400, `{"statusCode":400,"message":"\"category\" must be one of [Custom]"}`},
				{"GET", path + "?subType=river", "", 200, `{"entities":[` + river + `]}`},
				{"GET", path + "/#1", "", 200, both(city)},
				{"PUT", path + "/#2", `{"id":"#2","type":"place","subType":"river","category":"Custom","values":["Po"]}`, 200, both(strings.Replace(river, "Seine", "Po", 1))},
				{"PATCH", path + "/#2", `[{"op":"replace","path":"/values","value":["Seine"]}]`, 200, both(river)},
				{"DELETE", path + "/#1", "", 200, `{"id":"#1","type":"entity","deleted":true}`},
				{"DELETE", path + "/#1", "", 404, `{"statusCode":404,"message":"The entityId is either invalid or does not exist."}`},
				{"GET", path, "", 200, `{"entities":[` + river + `,` + phone + `]}`},
				{"DELETE", path, "", 400, `{"statusCode":400,"message":"\"subType\" is required"}`},
				{"DELETE", path + "?subType=city", "", 404, `{"statusCode":404,"message":"There is no entity with this subType."}`},
				{"DELETE", path + "?subType=river", "", 200, `{"ids":["#2"],"type":"entity","deleted":true}`},
				{"GET", path, "", 200, `{"entities":[` + phone + `]}`},
			})
		})
	}
}

// both is the answer about one entity: as the documents have it, and flat.
func both(entity string) string {
	return `{"entity":` + entity + `,` + strings.TrimPrefix(entity, "{")
}

// manyTerms returns trackers of a thousand terms each.
func manyTerms(trackers int) string {
	terms := make([]string, 1000)
	for i := range terms {
		terms[i] = strconv.Itoa(i)
	}
	all := make([]map[string]any, trackers)
	for i := range all {
		all[i] = map[string]any{"name": strconv.Itoa(i), "vocabulary": terms}
	}
	body, err := json.Marshal(all)
	if err != nil {
		panic(err) // it is known
	}
	return string(body)
}

func TestBadTracker(t *testing.T) {
	t.Parallel()

	good := `"name":"a","vocabulary":["b"]`
	tests := []struct{ name, body, message string }{
		{"nothing", ``, `The body is empty. It must be a JSON object.`},
		{"a string", `"a"`, `The body must be a JSON object.`},
		{"null", `null`, `"name" is required`},
		{"no trackers", `[]`, `The body must contain at least 1 items.`},
		{"an array of a string", `["a"]`, `"[0]" must be of type object`},
		{"too many", httpapitest.JSONList(1001, `{}`), `The body must contain less than or equal to 1000 items.`},
		{"too many terms", manyTerms(26), `All trackers of the account together must not have more than 25000 terms in "vocabulary" and "excludeVocabulary". Shorten some, or delete one first.`},
		{"501 trackers", httpapitest.JSONList(501, `{`+good+`}`), `An account can have 500 trackers at most. Delete one first.`},
		{"no name", `{"vocabulary":["a"]}`, `"name" is required`},
		{"blank name", `{"name":" ","vocabulary":["a"]}`, `"name" is not allowed to be empty`},
		{"name a number", `{"name":5,"vocabulary":["a"]}`, `"name" must be a string`},
		{"no vocabulary", `{"name":"a"}`, `"vocabulary" is required`},
		{"vocabulary null", `{"name":"a","vocabulary":null}`, `"vocabulary" is required`},
		{"vocabulary empty", `{"name":"a","vocabulary":[]}`, `"vocabulary" must contain at least 1 items`},
		{"vocabulary a string", `{"name":"a","vocabulary":"b"}`, `"vocabulary" must be an array`},
		{"term a number", `{"name":"a","vocabulary":["b",5]}`, `"vocabulary[1]" must be a string`},
		{"term null", `{"name":"a","vocabulary":["b",null]}`, `"vocabulary[1]" is not allowed to be empty`},
		{"term with a mark", `{"name":"a","vocabulary":["b","c?"]}`, `"vocabulary[1]" must not contain '?': letters, digits, blanks, periods, apostrophes and hyphens are allowed`},
		{"term twice", `{"name":"a","vocabulary":["b"," B"]}`, `"vocabulary[1]" is the same term as vocabulary[0]`},
		{"term with NUL", `{"name":"a","vocabulary":["b\u0000"]}`, `"vocabulary[0]" must not contain the character NUL`},
		{"wrong key", `{` + good + `,"vocabluary":["c"]}`, `"vocabluary" is not allowed`},
		{"key twice", `{` + good + `,"name":"c"}`, `"name" is given more than once`},
		{"id a list", `{` + good + `,"id":[]}`, `"id" must be a string`},
		{"categories a string", `{` + good + `,"categories":"c"}`, `"categories" must be an array`},
		{"description too long", `{` + good + `,"description":"` + strings.Repeat("é", 513) + `"}`, `"description" length must be less than or equal to 512 characters long`},
		{"second without a name", `[{` + good + `},{"vocabulary":["a"]}]`, `"[1].name" is required`},
		{"second with a wrong key", `[{` + good + `},{"names":"c"}]`, `"[1].names" is not allowed`},
		{"second with a number", `[{` + good + `},{"name":"c","vocabulary":[5]}]`, `"[1].vocabulary[0]" must be a string`},
		{"second with a mark", `[{` + good + `},{"name":"c","vocabulary":["5%"]}]`, `"[1].vocabulary[0]" must not contain '%': letters, digits, blanks, periods, apostrophes and hyphens are allowed`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			service := httpapitest.NewService(t)
			for _, path := range []string{"tracker", "trackers", "trackers/bulk"} {
				httpapitest.WantRefusal(t, service.Do("POST", "/v1/manage/"+path, tt.body), 400, tt.message)
			}
			if got := service.Do("GET", "/v1/manage/trackers", ""); got.Body.String() != `{"trackers":[]}` {
				t.Errorf("a refused request left %s", got.Body)
			}
		})
	}
}

func TestBadPatchOfATracker(t *testing.T) {
	t.Parallel()

	tests := []struct{ name, body, message string }{
		{"nothing", ``, `The body is empty. It must be a JSON object.`},
		{"no steps", `[]`, `The body must contain at least 1 items.`},
		{"null", `null`, `The body must contain at least 1 items.`},
		{"a string", `["a"]`, `"[0]" must be of type object`},
		{"too many", httpapitest.JSONList(1001, `{}`), `The body must contain less than or equal to 1000 items.`},
		{"op a number", `[{"op":5}]`, `"[0].op" must be a string`},
		{"another op", `[{"op":"test","path":"/name","value":"a"}]`, `"[0].op" must be one of [add, replace, remove]`},
		{"another path", `[{"op":"add","path":"/vocabulary","value":"c"},{"op":"add","path":"/id","value":"a"}]`, `"[1].path" must be one of [/name, /description, /categories, /languages, /vocabulary, /excludeVocabulary]`},
		{"another key", `[{"op":"add","path":"/name","from":"a"}]`, `"[0].from" is not allowed`},
		{"no value", `[{"op":"add","path":"/vocabulary","value":null}]`, `"[0].value" is required`},
		{"value a number", `[{"op":"add","path":"/vocabulary","value":5}]`, `"[0].value" must be a string`},
		{"value of a number", `[{"op":"add","path":"/vocabulary","value":["c",5]}]`, `"[0].value[1]" must be a string`},
		{"value a list for a name", `[{"op":"replace","path":"/name","value":["a","b"]}]`, `"[0].value" must be a string`},
		{"a bad term", `[{"op":"add","path":"/vocabulary","value":"c!"}]`, `"vocabulary[1]" must not contain '!': letters, digits, blanks, periods, apostrophes and hyphens are allowed`},
		{"nothing left", `[{"op":"remove","path":"/vocabulary","value":"b"}]`, `"vocabulary" must contain at least 1 items`},
	}
	service := httpapitest.NewService(t)
	created := service.Do("POST", "/v1/manage/tracker", `{"name":"a","vocabulary":["b"]}`)
	path := "/v1/manage/trackers/" + anID.FindStringSubmatch(created.Body.String())[1]
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			httpapitest.WantRefusal(t, service.Do("PATCH", path, tt.body), 400, tt.message)
			if got := service.Do("GET", path, ""); got.Body.String() != created.Body.String() {
				t.Errorf("a refused patch left %s", got.Body)
			}
		})
	}
}

func TestTrackerNamesAreTaken(t *testing.T) {
	t.Parallel()

	one, other := `{"name":"A","vocabulary":["a"]}`, `{"name":"B","vocabulary":["b"]}`
	play(httpapitest.NewService(t), []step{
		{"POST", "/v1/manage/trackers", `[` + one + `,` + other + `]`, 200, `{"trackers":[` + trackerJSON("#1", "A", `"a"`) + `,` + trackerJSON("#2", "B", `"b"`) + `]}`},
		{"POST", "/v1/manage/tracker", one, 409, `{"statusCode":409,"message":"\"name\" must be unique: another tracker of the account has this name"}`},
		{"POST", "/v1/manage/tracker", strings.Replace(one, "A", " A ", 1), 409, `{"statusCode":409,"message":"\"name\" must be unique: another tracker of the account has this name"}`},
		{"POST", "/v1/manage/trackers", `[{"name":"C","vocabulary":["c"]},` + one + `]`, 409, `{"statusCode":409,"message":"\"[1].name\" must be unique: another tracker of the account or of the request has this name"}`},
		{"POST", "/v1/manage/trackers", `[{"name":"C","vocabulary":["c"]},{"name":"C","vocabulary":["d"]}]`, 409, `{"statusCode":409,"message":"\"[1].name\" must be unique: another tracker of the account or of the request has this name"}`},
		{"PUT", "/v1/manage/tracker/#2", one, 409, `{"statusCode":409,"message":"\"name\" must be unique: another tracker of the account has this name"}`},
		{"PATCH", "/v1/manage/tracker/#2", `[{"op":"replace","path":"/name","value":"A"}]`, 409, `{"statusCode":409,"message":"\"name\" must be unique: another tracker of the account has this name"}`},
		{"GET", "/v1/manage/trackers", "", 200, `{"trackers":[` + trackerJSON("#1", "A", `"a"`) + `,` + trackerJSON("#2", "B", `"b"`) + `]}`},
	})
}

func TestTrackerWritesOneAtATime(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	created := service.Do("POST", "/v1/manage/tracker", `{"name":"a","vocabulary":["b"]}`)
	path := "/v1/manage/trackers/" + anID.FindStringSubmatch(created.Body.String())[1]
	if err := service.Store.LockItems(t.Context(), "ann", catalog.TrackerKind, "another request"); err != nil {
		t.Fatal(err)
	}
	for _, w := range []struct{ method, path, body string }{
		{"POST", "/v1/manage/trackers", `{"name":"c","vocabulary":["d"]}`},
		{"POST", "/v1/manage/trackers/bulk", `[{"name":"c","vocabulary":["d"]}]`},
		{"PUT", path, `{"name":"c","vocabulary":["d"]}`},
		{"PATCH", path, `[{"op":"add","path":"/vocabulary","value":"d"}]`},
	} {
		got := service.Do(w.method, w.path, w.body)
		httpapitest.WantRefusal(t, got, 429, "Only one request of an account can create or update trackers at a time. Send the request again when the other one is answered.")
		if got.Header().Get("Retry-After") != "1" {
			t.Errorf("%s %s: Retry-After is %q, want 1", w.method, w.path, got.Header().Get("Retry-After"))
		}
	}
	if got := service.Do("GET", path, ""); got.Body.String() != created.Body.String() {
		t.Errorf("a refused update left %s", got.Body)
	}
}

func TestTrackerOverOneMegabyte(t *testing.T) {
	t.Parallel()

	body := `{"name":"a","vocabulary":["b"],"description":"` + strings.Repeat("x", 1<<20) + `"}`
	if got := httpapitest.NewService(t).Do("POST", "/v1/manage/tracker", body); got.Code != 413 {
		t.Errorf("status %d, want 413: %s", got.Code, got.Body)
	}
}

// TestNobodyElsesItems makes sure that what another account has saved is as
// if it were not there, to the byte.
func TestNobodyElsesItems(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	for _, of := range []struct{ kind, body, patch string }{
		{"tracker", `{"name":"a","vocabulary":["b"]}`, `[{"op":"add","path":"/vocabulary","value":"c"}]`},
		{"group", `{"name":"a","criteria":"conversation.name==a"}`, `[{"op":"replace","path":"/name","value":"c"}]`},
		{"entity", `{"type":"a","values":["b"]}`, `[{"op":"add","path":"/values","value":"c"}]`},
	} {
		kind, body := of.kind, of.body
		created := service.Do("POST", "/v1/manage/"+kind, body)
		httpapitest.WantStatus(t, created, 200)
		id := anID.FindStringSubmatch(created.Body.String())[1]
		targets := []struct{ method, path, body string }{
			{"GET", "/v1/manage/" + kind + "/", ""},
			{"PUT", "/v1/manage/" + kind + "/", body},
			{"PATCH", "/v1/manage/" + kind + "/", of.patch},
			{"DELETE", "/v1/manage/" + kind + "/", ""},
		}
		for _, target := range targets {
			theirs := service.Do(target.method, target.path+id, target.body, "Authorization", "Bearer bob")
			missing := service.Do(target.method, target.path+"4476908732794496", target.body, "Authorization", "Bearer bob")
			httpapitest.WantStatus(t, theirs, 404)
			if theirs.Body.String() != missing.Body.String() || theirs.Code != missing.Code {
				t.Errorf("%s %s: another account's is %d %s, a missing one %d %s", target.method, target.path, theirs.Code, theirs.Body, missing.Code, missing.Body)
			}
		}
		httpapitest.WantStatus(t, service.Do("POST", "/v1/manage/"+kind, body, "Authorization", "Bearer bob"), 200) // the name is free there
		if got := service.Do("GET", "/v1/manage/"+kind+"/"+id, ""); got.Body.String() != created.Body.String() {
			t.Errorf("the %s has become %s", kind, got.Body)
		}
	}
}

func TestConversationsOfAGroup(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	john := service.Begin(httpapitest.With(`"metadata":{"agentId":"johndoe"}`))
	service.Begin(httpapitest.With(`"metadata":{"agentId":"janedoe"}`))
	created := service.Do("POST", "/v1/manage/group", `{"name":"a","criteria":"conversation.metadata.agentId==johndoe"}`)
	path := "/v1/groups/" + anID.FindStringSubmatch(created.Body.String())[1] + "/conversations"
	got := service.Do("GET", path, "")
	httpapitest.WantStatus(t, got, 200)
	var answer struct{ Conversations []struct{ ID string } }
	if err := json.Unmarshal(got.Body.Bytes(), &answer); err != nil {
		t.Fatal(err)
	}
	if len(answer.Conversations) != 1 || answer.Conversations[0].ID != john {
		t.Errorf("the group has %s, want %s alone", got.Body, john)
	}
	if got := service.Do("GET", path+"?limit=0", ""); got.Body.String() != `{"conversations":[]}` {
		t.Errorf("limit=0 answered %s", got.Body)
	}
	if got := service.Do("GET", path, "", "Authorization", "Bearer bob"); got.Code != 404 {
		t.Errorf("another account's group answered %d", got.Code)
	}
}

func TestSavedTrackersOfASubmission(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	created := service.Do("POST", "/v1/manage/tracker", `{"name":"a","vocabulary":["b"]}`)
	id := anID.FindStringSubmatch(created.Body.String())[1]
	body := httpapitest.With(`"trackers":[{"name":"own","vocabulary":["x"]},{"id":"` + id + `"}]`)
	httpapitest.WantStatus(t, service.Do("POST", "/v1/process/text", body), 201)
	unknown := `"trackers[1].id" must be the id of a saved tracker, but none has the id "` + id + `"`
	httpapitest.WantRefusal(t, service.Do("POST", "/v1/process/text", body, "Authorization", "Bearer bob"), 400, unknown)
	httpapitest.WantStatus(t, service.Do("DELETE", "/v1/manage/tracker/"+id, ""), 200)
	httpapitest.WantRefusal(t, service.Do("POST", "/v1/process/text", body), 400, unknown)
	httpapitest.WantRefusal(t, service.Do(http.MethodPut, "/v1/process/text/no-id", body), 400, unknown)
}
