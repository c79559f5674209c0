package compat

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The samples of the page that changes a conversation. Its programs read one.
func TestPutConversationPage(t *testing.T) {
	t.Parallel()

	c := newCaller(t, readers)
	id := c.begin(`{"name":"Release call","messages":[{"payload":{"content":"Hello."},"from":{"name":"Ana","userId":"ana@example.com"}}]}`)
	is := c.conversation(id)
	tests := []struct {
		file   string
		prints []string // without blanks
	}{
		{"curl.sh", []string{`"id":"` + id + `"`, `"type":"meeting"`, `"name":"Releasecall"`, `"email":"ana@example.com"`}},
		{"node.js", []string{`id:'` + id + `'`, `type:'meeting'`, `name:'Releasecall'`, `email:'ana@example.com'`}},
		{"python.py", []string{
			"id=>" + id, "type=>meeting", "name=>Releasecall",
			"startTime=>" + is.StartTime, "endTime=>" + is.EndTime, "members=>[{'id':'" + is.Members[0].ID + "','name':'Ana'",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()

			c := newCaller(t, readers)
			wantPrinted(t, c.runSample("symbl-put-conversation/"+tt.file, id), tt.prints...)
		})
	}
}

// The body of the page, and the answer that it promises to that.
func TestPutConversationBody(t *testing.T) {
	t.Parallel()

	c := newCaller(t, readers)
	id := c.begin(`{"messages":[{"payload":{"content":"Hello."}}]}`)
	body := c.want(http.StatusOK, http.MethodPut, "/v1/conversations/"+id, sample(t, "symbl-put-conversation/body.json"))
	got, want := object(t, body), object(t, []byte(sample(t, "symbl-put-conversation/answer.json")))
	want["id"] = id
	for _, m := range got["members"].([]any) {
		delete(m.(map[string]any), "id") // the page has none
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-page +answer\n%s", diff)
	}
	if after := object(t, c.want(http.StatusOK, http.MethodGet, "/v1/conversations/"+id, "")); after["name"] != want["name"] {
		t.Errorf("the conversation is called %v afterwards, want %v", after["name"], want["name"])
	}
}

// The programs of both editions of the page that lists conversations.
func TestListConversationsPage(t *testing.T) {
	t.Parallel()

	c := newCaller(t, listers)
	id := c.begin(`{"metadata":{"agentId":"johndoe"},"messages":[{"payload":{"content":"Hello."}}]}`)
	tests := []struct {
		file   string
		prints []string // without blanks
	}{
		{"symbl-list-conversations/curl.sh", []string{`{"conversations":[{"id":"` + id, `"metadata":{"agentId":"johndoe"}`}},
		{"symbl-list-conversations-older/curl.sh", []string{`{"conversations":[{"id":"` + id, `"metadata":{"agentId":"johndoe"}`}},
		{"symbl-list-conversations/node.js", []string{`{conversations:[{id:'` + id, `type:'meeting'`, `metadata:[Object]`}},
		{"symbl-list-conversations/python.py", []string{`conversations=>{'conversations':[{'id':'` + id, `'metadata':{'agentId':'johndoe'}`}},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()

			wantPrinted(t, newCaller(t, listers).runSample(tt.file, id), tt.prints...)
		})
	}
}

// The request of the page: the third and fourth by name, from behind, of those
// that lie in its window.
func TestListConversationsRequest(t *testing.T) {
	t.Parallel()

	c := newCaller(t, browsers)
	for _, name := range []string{"Bert", "Emil", "Anna", "Cora", "Dora"} {
		c.begin(`{"name":"` + name + `","messages":[{"payload":{"content":"Hello."},
			"duration":{"startTime":"2021-08-10T12:00:00Z","endTime":"2021-08-10T12:00:02Z"}}]}`)
	}
	for _, date := range []string{"2021-08-09T18:29:59.999Z", "2021-08-13T18:30:00.001Z"} {
		c.begin(`{"name":"Czar","messages":[{"payload":{"content":"Hello."},"duration":{"startTime":"` + date + `","endTime":"` + date + `"}}]}`)
	}
	for _, file := range []string{"symbl-list-conversations/request.txt", "symbl-list-conversations-older/request.txt"} {
		method, url, _ := strings.Cut(strings.TrimSpace(corrected(t, file)), " ")
		var page struct{ Conversations []stored }
		decode(t, c.want(http.StatusOK, method, strings.TrimPrefix(url, "https://api.symbl.ai"), ""), &page)
		var names []string
		for _, s := range page.Conversations {
			names = append(names, s.Name)
		}
		if want := []string{"Cora", "Bert"}; !slices.Equal(names, want) {
			t.Errorf("%s lists %v, want %v", file, names, want)
		}
	}
}

// What the programs of the page about appends send, as sentences.
var appended = []string{
	"Hi Mike, Natalia here.",
	"Hope you don’t mind me reaching out.",
	"Who would be the best possible person to discuss internships and student recruitment at ABC Corp?",
	"Would you mind pointing me toward the right person and the best way to reach them?",
	"Thanks in advance for your help, I really appreciate it!",
	"Hey Natalia, thanks for reaching out.",
	"I am connecting you with Steve who handles recruitments for us.",
}

func TestPutTextPage(t *testing.T) {
	t.Parallel()

	tests := []struct {
		file      string
		job       string // what stands before the id in what is printed, without blanks
		name      string // of the conversation afterwards, if not its id
		entities  string
		threshold float64
	}{
		{file: "curl.sh", job: `"jobId":"`},
		{file: "javascript.js", job: `jobId:'`, entities: "internships", threshold: 0.5},
		{file: "node.js", job: `"jobId":"`, entities: "internships", threshold: 0.5},
		{file: "python.py", job: "jobId=>", name: "Business Meeting", threshold: 0.6},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			t.Parallel()

			c := newCaller(t, appenders)
			id := c.begin(`{"messages":[{"payload":{"content":"Hello."}}]}`)
			p := c.runSample("symbl-put-text/"+tt.file, id)
			wantPrinted(t, p, id, tt.job)
			_, rest, _ := strings.Cut(spaceless(p.out), tt.job)
			job := rest[:min(len(rest), len("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"))]
			c.finish(job)
			c.wantAppended(id, append([]string{"Hello."}, appended...))
			if name := c.conversation(id).Name; tt.name != "" && name != tt.name || tt.name == "" && name != id {
				t.Errorf("the conversation is called %q, want %q", name, tt.name)
			}
			o := c.worker.analyzer.optionsOf(t, job)
			if !o.DetectPhrases {
				t.Error("detectPhrases was not passed on")
			}
			if !strings.Contains(string(o.Entities), tt.entities) || (tt.entities == "") != (len(o.Entities) == 0) {
				t.Errorf("the entities are %s, want %q", o.Entities, tt.entities)
			}
			if got := o.ConfidenceThreshold; (got == nil) != (tt.threshold == 0) || got != nil && *got != tt.threshold {
				t.Errorf("the threshold is %v, want %v", got, tt.threshold)
			}
		})
	}
}

// wantAppended checks the texts of a conversation to which a sample of the page
// was appended, and who said them when.
func (c *caller) wantAppended(id string, texts []string) {
	c.t.Helper()
	all := c.messages(id)
	var got []string
	for _, m := range all {
		got = append(got, m.Text)
	}
	if diff := cmp.Diff(texts, got); diff != "" {
		c.t.Fatalf("-sent +stored\n%s", diff)
	}
	first, last := all[len(all)-len(appended)], all[len(all)-1]
	if f := first.From; f.Name != "Natalia" || f.Email != "natalia@example.com" || first.StartTime != "2020-07-21T16:02:19.010Z" {
		c.t.Errorf("the first message is %+v, want Natalia's at the given time", first)
	}
	if f := last.From; f.Name != "Mike" || f.Email != "mike@abccorp.com" || last.EndTime != "2020-07-21T16:04:20.990Z" {
		c.t.Errorf("the last message is %+v, want Mike's until the given time", last)
	}
}

// The bodies that the page prints in pieces.
func TestPutTextBodies(t *testing.T) {
	t.Parallel()

	c := newCaller(t, appenders)
	whole := object(t, []byte(sample(t, "symbl-put-text/body.json")))
	whole["messages"] = object(t, []byte(sample(t, "symbl-put-text/messages.json")))["messages"]
	id := c.begin(encode(t, whole))
	c.wantAppended(id, appended)
	if name := c.conversation(id).Name; name != "Afternoon Business Meeting" {
		t.Errorf("the conversation is called %q", name)
	}

	one := map[string]any{}
	for _, part := range []string{"message", "from", "duration"} {
		maps.Copy(one, object(t, []byte(sample(t, "symbl-put-text/"+part+".json"))))
	}
	id = c.begin(encode(t, map[string]any{"messages": []any{one}}))
	all := c.messages(id)
	if len(all) != 5 || all[0].From.Email != "mike@abccorp.com" || all[0].StartTime != "2020-07-21T16:04:19.990Z" || all[4].EndTime != "2020-07-21T16:04:20.990Z" {
		t.Errorf("stored %+v, want five sentences of Mike's within the second", all)
	}

	a := c.do(http.MethodPut, "/v1/process/text/"+id, sample(t, "symbl-put-text/body.json"))
	if want := `{"statusCode":400,"message":"\"messages\" must contain at least 1 items"}`; a.status != http.StatusBadRequest || string(a.body) != want {
		t.Errorf("the body with an empty list was answered %d %s, want 400 %s", a.status, a.body, want)
	}
}

// The page of the call with which the second vendor changes a conversation.
func TestUpdateConversationPage(t *testing.T) {
	t.Parallel()

	c := newCaller(t, attendees)
	id := c.begin(`{"name":"Deal","messages":[{"payload":{"content":"Hello."},"from":{"name":"Jane Smith","userId":"jane@example.com"}}]}`)
	c.want(http.StatusOK, http.MethodPut, "/v2/conversations/"+id, `{"labels":{"stage":"won"}}`)
	p := c.runSample("attention-update-conversation/curl.sh", id)
	wantPrinted(t, p, `"type":"conversations"`, `"title":"<string>"`, `"labels":{}`, `"email":"jane@example.com"`)
	if name := c.conversation(id).Name; name != "<string>" {
		t.Errorf("the conversation is called %q afterwards, want <string>", name)
	}
	for _, missing := range missingIn(t, sample(t, "attention-update-conversation/answer.json"), p.out) {
		if missing != ".attributes.transcript" { // an empty object there, the text here
			t.Errorf("%s of the page is missing, or of another kind", missing)
		}
	}
}

// The answers that the pages print, as far as they are JSON: what has a name
// there has it here, and is of the same kind.
func TestSampleAnswers(t *testing.T) {
	t.Parallel()

	c := newCaller(t, readers)
	id := c.begin(`{"metadata":{"agentId":"johndoe","key":"value"},"messages":[
		{"payload":{"content":"Hello."},"from":{"name":"John","userId":"john@example.com"}}]}`)
	for file, path := range map[string]string{
		"symbl-put-conversation/answer.json":         "/v1/conversations/" + id,
		"symbl-list-conversations/answer.json":       "/v1/conversations?filter=conversation.id==" + id,
		"symbl-list-conversations-older/answer.json": "/v1/conversations?filter=conversation.id==" + id,
	} {
		got := c.want(http.StatusOK, http.MethodGet, path, "")
		for _, missing := range missingIn(t, corrected(t, file), string(got)) {
			if !strings.HasSuffix(missing, ".metadata.customerId") { // of another conversation
				t.Errorf("%s: %s is missing, or of another kind, in %s", file, missing, got)
			}
		}
	}
}

func wantPrinted(t *testing.T, p printed, parts ...string) {
	t.Helper()
	if p.code != 0 {
		t.Errorf("exit code %d: %s", p.code, p.errors)
	}
	for _, part := range parts {
		if !strings.Contains(spaceless(p.out), part) {
			t.Errorf("%q is not in what was printed:\n%s", part, p.out)
		}
	}
}

func object(t *testing.T, data []byte) (o map[string]any) {
	t.Helper()
	decode(t, data, &o)
	return o
}

func encode(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
