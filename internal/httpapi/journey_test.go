package httpapi_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// standupBody is a text with times of its own: the answers do not depend on when
// the test runs.
const standupBody = `{"name":"Standup","metadata":{"team":"red","label":"Internal"},"messages":[
	{"payload":{"content":"Good morning."},"from":{"name":"Ann","userId":"ann@example.com"},"duration":{"startTime":"2021-05-01T09:00:00Z","endTime":"2021-05-01T09:00:02Z"}},
	{"payload":{"content":"Morning."},"from":{"name":"Annie"},"duration":{"startTime":"2021-05-01T09:00:02Z","endTime":"2021-05-01T09:00:04Z"}},
	{"payload":{"content":"Shall we begin?"},"duration":{"startTime":"2021-05-01T09:00:04Z","endTime":"2021-05-01T09:00:06Z"}}]}`

// read returns the answer to a GET of ann's as JSON.
func readObject(service *httpapitest.Service, target string) map[string]any {
	service.T.Helper()
	got := service.Do("GET", target, "")
	httpapitest.WantStatus(service.T, got, 200)
	return object(service.T, got)
}

func object(t testing.TB, got *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(got.Body.Bytes(), &all); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	return all
}

func TestUpdateIsSeenEverywhere(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(standupBody)
	before := service.Do("GET", "/v1/conversations/"+id, "")
	tag := before.Header().Get("ETag")

	got := service.Do("PUT", "/v1/conversations/"+id, `{"type":"meeting","id":"`+id+`","name":"Retro","startTime":"2021-05-01T08:59:00Z",`+
		`"members":[{"name":"Mary","email":"mary@example.com"}],"metadata":{"team":"blue"}}`, "If-Match", tag)
	httpapitest.WantStatus(t, got, 200)
	want := object(t, before)
	want["name"], want["startTime"], want["metadata"] = "Retro", "2021-05-01T08:59:00.000Z", map[string]any{"team": "blue"}
	after := object(t, got)
	members, _ := after["members"].([]any)
	if len(members) != 3 {
		t.Fatalf("there are %d members, want the two that spoke and the one that was added: %v", len(members), members)
	}
	added, _ := members[2].(map[string]any)
	if added["name"] != "Mary" || added["email"] != "mary@example.com" || added["id"] == nil {
		t.Errorf("the member that was added is %v", added)
	}
	want["members"] = members
	if diff := cmp.Diff(want, after); diff != "" {
		t.Errorf("answer of the update: -want +got\n%s", diff)
	}
	read := service.Do("GET", "/v1/conversations/"+id, "")
	if diff := cmp.Diff(want, object(t, read)); diff != "" {
		t.Errorf("read after it: -want +got\n%s", diff)
	}
	if now := read.Header().Get("ETag"); now == tag || now != got.Header().Get("ETag") {
		t.Errorf("the ETag was %s, is %s after the update, which answered %s", tag, now, got.Header().Get("ETag"))
	}
	httpapitest.WantStatus(t, service.Do("PUT", "/v1/conversations/"+id, `{"name":"Late"}`, "If-Match", tag), 412)
	httpapitest.WantStatus(t, service.Do("PUT", "/v1/conversations/"+id, `{"startTime":"2022-01-01T00:00:00Z"}`), 400)
	if name := readObject(service, "/v1/conversations/"+id)["name"]; name != "Retro" {
		t.Errorf("the name is %v after a refused update", name)
	}
}

// TestETagFollowsWhatIsAppended checks a sub-resource, and that a 304 is for
// those alone who have seen everything.
func TestETagFollowsWhatIsAppended(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(standupBody)
	target := "/v1/conversations/" + id + "/messages"
	tag := service.Do("GET", target, "").Header().Get("ETag")
	httpapitest.WantStatus(t, service.Do("GET", target, "", "If-None-Match", tag), 304)
	httpapitest.WantStatus(t, service.Do("PUT", "/v1/process/text/"+id, httpapitest.Hello), 201)
	service.RunJobs()
	httpapitest.WantStatus(t, service.Do("GET", target, "", "If-None-Match", tag), 200)
}

// TestOneTagOneForm reads a conversation whose metadata have many orders.
func TestOneTagOneForm(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	var members []string
	for i := range 30 {
		members = append(members, fmt.Sprintf(`"k%d":"v"`, i))
	}
	id := service.Begin(`{"metadata":{` + strings.Join(members, ",") + `},"messages":[{"payload":{"content":"Hi."}}]}`)
	first := service.Do("GET", "/v1/conversations/"+id, "").Body.String()
	for range 3 {
		if again := service.Do("GET", "/v1/conversations/"+id, "").Body.String(); again != first {
			t.Fatalf("two answers under one ETag:\n%s\n%s", first, again)
		}
	}
}

// TestMergedMember gives one member the e-mail of another: the two were one.
func TestMergedMember(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	base := "/v1/conversations/" + service.Begin(standupBody)
	members, _ := readObject(service, base+"/members")["members"].([]any)
	annie, _ := members[1].(map[string]any)
	id, _ := annie["id"].(string)

	httpapitest.WantStatus(t, service.Do("PUT", base+"/members/"+id, `{"id":"`+id+`","name":"Ann Lee","email":"ann@example.com"}`), 200)
	one := map[string]any{"id": id, "name": "Ann Lee", "email": "ann@example.com"}
	if diff := cmp.Diff(map[string]any{"members": []any{one}}, readObject(service, base+"/members")); diff != "" {
		t.Errorf("members: -want +got\n%s", diff)
	}
	messages, _ := readObject(service, base+"/messages")["messages"].([]any)
	for i, want := range []any{one, one, map[string]any{}} {
		m, _ := messages[i].(map[string]any)
		if diff := cmp.Diff(want, m["from"]); diff != "" {
			t.Errorf("from of message %d: -want +got\n%s", i, diff)
		}
	}
	httpapitest.WantRefusal(t, service.Do("PUT", base+"/members/nobody", `{"id":"nobody","name":"No"}`), 404, "The memberId is either invalid or does not exist.")
}

func TestSpeakersTakeOver(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	base := "/v1/conversations/" + service.Begin(standupBody)
	httpapitest.WantStatus(t, service.Do("PUT", base+"/speakers", `{"speakerEvents":[`+
		`{"type":"started_speaking","user":{"name":"Mary"},"offset":{"seconds":3,"nanos":1000000000}},`+
		`{"type":"stopped_speaking","user":{"name":"Mary"},"offset":{"seconds":6}}]}`), 200)
	messages, _ := readObject(service, base+"/messages")["messages"].([]any)
	var names []any
	for _, m := range messages {
		m, _ := m.(map[string]any)
		from, _ := m["from"].(map[string]any)
		names = append(names, from["name"])
	}
	if diff := cmp.Diff([]any{"Ann", "Annie", "Mary"}, names); diff != "" {
		t.Errorf("speakers: -want +got\n%s", diff)
	}
}

func TestDeletedConversation(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(standupBody)
	httpapitest.WantStatus(t, service.Do("DELETE", "/v1/conversations/"+id, "", "If-Match", `"0-0"`), 412)
	httpapitest.WantStatus(t, service.Do("DELETE", "/v1/conversations/"+id, ""), 200)
	for _, path := range []string{"", "/messages", "/insights", "/summary"} {
		httpapitest.WantRefusal(t, service.Do("GET", "/v1/conversations/"+id+path, ""), 404, httpapitest.NoConversation)
	}
	httpapitest.WantRefusal(t, service.Do("DELETE", "/v1/conversations/"+id, ""), 404, httpapitest.NoConversation)
	if got := service.Do("GET", "/v1/conversations?"+httpapitest.WideWindow, "").Body.String(); got != `{"conversations":[]}` {
		t.Errorf("the list has %s", got)
	}
}

func TestList(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	old, recent := service.Begin(standupBody), service.Begin(httpapitest.Hello)
	for params, want := range map[string][]string{
		"":                                     {recent},
		httpapitest.WideWindow:                 {old, recent},
		httpapitest.WideWindow + "&order=desc": {recent, old},
		httpapitest.WideWindow + "&limit=1":    {old},
		httpapitest.WideWindow + "&offset=1":   {recent},
		httpapitest.WideWindow + "&limit=0":    nil,
		httpapitest.WideWindow + "&endTime=2021-05-01T09:00:06Z":                                                             {old},
		"filter=conversation.metadata.label==Internal":                                                                       {old},
		"filter=conversation.name==Standup;conversation.type!=x":                                                             {old},
		"filter=conversation.startTime%3E%3D2022-01-01T00:00:00Z":                                                            {recent},
		httpapitest.WideWindow + "&sort=conversation.name&order=desc&filter=conversation.id=in=(" + old + "," + recent + ")": {old, recent},
	} {
		var got struct {
			Conversations []struct{ ID string }
		}
		answer := service.Do("GET", "/v1/conversations?"+params, "")
		httpapitest.WantStatus(t, answer, 200)
		if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, c := range got.Conversations {
			ids = append(ids, c.ID)
		}
		if diff := cmp.Diff(want, ids); diff != "" {
			t.Errorf("%s: -want +got\n%s", params, diff)
		}
	}
	httpapitest.WantStatus(t, service.Do("GET", "/v1/conversations?"+httpapitest.WideWindow, "", "Authorization", "Bearer bob"), 200)
	if got := service.Do("GET", "/v1/conversations?"+httpapitest.WideWindow, "", "Authorization", "Bearer bob").Body.String(); got != `{"conversations":[]}` {
		t.Errorf("bob sees %s", got)
	}
}

// TestListOfAGroup checks that what a group asks for and what the request asks
// for must both hold, and that a group has no default window.
func TestListOfAGroup(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	id := service.Begin(standupBody)
	service.Begin(strings.Replace(standupBody, "red", "blue", 1))
	got := service.Do("POST", "/v1/manage/group", `{"name":"reds","criteria":"conversation.metadata.team==red"}`)
	httpapitest.WantStatus(t, got, 200)
	var made struct{ Group struct{ ID string } }
	if err := json.Unmarshal(got.Body.Bytes(), &made); err != nil {
		t.Fatal(err)
	}
	target := "/v1/groups/" + made.Group.ID + "/conversations"
	for params, want := range map[string]int{
		"": 1, "?filter=conversation.name==Standup": 1, "?filter=conversation.name==Retro": 0, "?startTime=2022-01-01T00:00:00Z": 0,
	} {
		list, _ := readObject(service, target+params)["conversations"].([]any)
		if len(list) != want {
			t.Errorf("%s: %d conversations, want %d: %v", params, len(list), want, list)
		}
		if want == 1 && len(list) == 1 && list[0].(map[string]any)["id"] != id {
			t.Errorf("%s: got %v, want %s", params, list, id)
		}
	}
}
