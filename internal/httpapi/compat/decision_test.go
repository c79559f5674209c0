package compat

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// A check is a request that shows what was decided where the documents say two
// things, or nothing. The number is that of docs/compatibility.md.
type check struct {
	number             int
	method, path, body string
	status             int    // 200 if zero
	has                string // in the answer
	lacks              string // in the answer
}

const hello = `"messages":[{"payload":{"content":"Hello."}}]`

// checks lists the requests. Words in braces stand for ids that the test created.
func checks() []check {
	text := func(number, status int, options, has string) check {
		return check{number: number, method: "POST", path: "/v1/process/text", body: "{" + options + "," + hello + "}", status: status, has: has}
	}
	const (
		conversations = "/v1/conversations"
		one           = conversations + "/{id}"
		manage        = "/v1/manage/"
	)
	return []check{
		text(1, 201, `"confidenceThreshold":0.1`, ""),
		text(1, 400, `"confidenceThreshold":1.1`, `\"confidenceThreshold\" must be less than or equal to 1`),
		text(1, 201, `"confidenceThreshold":"0.5"`, ""),
		text(1, 400, `"confidenceThreshold":"half"`, `\"confidenceThreshold\" must be a number`),
		text(2, 201, `"detectPhrases":"True"`, ""),
		text(2, 400, `"detectPhrases":"yes"`, `\"detectPhrases\" must be a boolean`),
		text(3, 201, `"entities":{"customType":"Fruit","text":"plum"}`, ""),
		text(3, 201, `"customEntities":[{"Fruit":"plum"}]`, ""),
		text(4, 201, `"trackers":[{"id":"{tracker}"},{"name":"Price","vocabulary":["dear"]}]`, ""),
		text(4, 400, `"trackers":"Price"`, `\"trackers\" must be an array`),
		text(4, 400, `"trackers":[{"id":"1"}]`, `\"trackers[0].id\"`),
		text(5, 201, `"enableAllTrackers":true`, ""),
		text(5, 400, `"enableAllTracker":"x"`, `\"enableAllTracker\" must be a boolean`),
		{number: 7, method: "POST", path: "/v1/process/text?enableSummary=True", body: "{" + hello + "}", status: 201},
		{number: 7, method: "GET", path: one + "/summary", has: `{"summary":[`},
		{number: 7, method: "POST", path: one + "/summary?refresh=true", has: `{"summary":[`},
		{number: 7, method: "POST", path: one + "/summary", body: `{"name":"text-summary"}`, status: 404, has: "not offered"},
		text(8, 201, `"conversationType":"sales"`, ""),
		text(8, 201, `"conversationType":["sales"]`, ""),
		{number: 9, method: "POST", path: "/v1/process/text", body: `{"messages":[]}`, status: 400, has: `\"messages\" must contain at least 1 items`},
		{number: 10, method: "PUT", path: one, body: `{"members":[{"name":"Dora"}]}`, has: `"name":"Dora"`},
		{number: 11, method: "PUT", path: one, body: `{"metadata":{"label":"Internal"}}`, has: `"metadata":{"label":"Internal"}`, lacks: "agentId"},
		{number: 11, method: "PUT", path: one, body: `{"type":"call"}`, status: 400, has: `\"type\" cannot be changed`},
		{number: 11, method: "PUT", path: one, body: `{"metadata":{"a":"1","a":"2"}}`, status: 400, has: "given more than once"},
		text(12, 400, `"metadata":{"a":"`+strings.Repeat("x", 129)+`"}`, `\"metadata.a\" length must be less than or equal to 128`),
		{number: 12, method: "PUT", path: one, body: `{"metadata":{"a":1}}`, status: 400, has: `\"metadata.a\" must be a string`},
		{number: 13, method: "GET", path: conversations + "?limit=0", has: `{"conversations":[]}`},
		{number: 13, method: "GET", path: conversations + "?limit=65536"},
		{number: 13, method: "GET", path: conversations + "?limit=65537", status: 400, has: `\"limit\" must be less than or equal to 65536`},
		{number: 14, method: "GET", path: conversations + "?sort=conversation.name,-conversation.startTime&order=desc"},
		{number: 14, method: "GET", path: conversations + "?sort=conversation.colour", status: 400, has: `\"sort\"`},
		{number: 15, method: "GET", path: conversations + "?filter=conversation.startDate+%3C%3D+2021-12-31T00:00:00Z", has: `"{old}"`, lacks: `"{id}"`},
		{number: 16, method: "GET", path: conversations + "?endTime=2099-01-01T00:00:00Z", has: `"{id}"`},
		{number: 17, method: "GET", path: conversations, has: `"{id}"`, lacks: `"{old}"`},
		{number: 17, method: "GET", path: conversations + "?startTime=2020-01-01T00:00:00Z", has: `"{old}"`},
		{number: 18, method: "GET", path: conversations + "?filter=conversation.name==a;conversation.name!=b;conversation.metadata.c==d"},
		{number: 18, method: "GET", path: conversations + "?filter=conversation.name==a;conversation.id==1;conversation.metadata.c==d", status: 400, has: `\"filter\"`},
		{number: 18, method: "GET", path: conversations + "?filter=conversation.name==a,conversation.name==b", status: 400, has: `\"filter\"`},
		{number: 19, method: "GET", path: conversations + "/{old}", has: `"startTime":"2021-08-10T12:00:00.000Z"`},
		{number: 20, method: "GET", path: one + "/messages", has: `"text":"Is it 3.5  per cent?"`},
		{number: 21, method: "GET", path: one + "/messages?verbose=true", has: `"word":"cent?"`, lacks: `"score"`},
		{number: 22, method: "GET", path: one + "/messages?sentiment=true", has: `"suggested":"neutral"`},
		{number: 23, method: "GET", path: one + "/topics?parentRefs=true&sentiment=true&customTopicVocabulary=per+cent", has: `"suggested":"neutral"},"parentRefs":[]`},
		{number: 24, method: "GET", path: one + "/questions", has: `"questions":[{`},
		{number: 24, method: "GET", path: conversations + "/{old}/questions", has: `"questions":[]`},
		{number: 25, method: "GET", path: one + "/action-items", has: `"phrases":[],"definitive":false`},
		{number: 26, method: "GET", path: one + "/entities", has: `"value":"2026-11-23"`},
		{number: 26, method: "GET", path: one + "/action-items", has: `"entities":[]`, lacks: "dueBy"},
		{number: 27, method: "GET", path: one + "/entities", has: `"start":null,"end":null,"subType":"date","category":"Managed","matches":[{"detectedValue":`},
		{number: 28, method: "GET", path: one + "/trackers-detected", has: `"text":"Is it 3.5  per cent?","offset":11,`},
		{number: 29, method: "GET", path: one + "/trackers-detected", has: `[{"id":"`},
		{number: 29, method: "GET", path: one + "/trackers", has: `[{"id":"`},
		{number: 30, method: "GET", path: manage + "trackers", has: `{"trackers":[{"id":"{tracker}"`},
		{number: 31, method: "PUT", path: manage + "trackers/{tracker}", body: `{"name":"Promotion","vocabulary":["sale"]}`, has: `"vocabulary":["sale"]`},
		{number: 31, method: "PATCH", path: manage + "tracker/{tracker}", body: `[{"op":"add","path":"/vocabulary","value":"half-price"}]`, has: `"vocabulary":["sale","half-price"]`},
		{number: 32, method: "POST", path: manage + "tracker", body: `{"name":"Odd","vocabulary":["Mr. O'Neil's half-price"]}`, has: `"tracker"`},
		{number: 32, method: "POST", path: manage + "tracker", body: `{"name":"Loud","vocabulary":["sale!"]}`, status: 400, has: `\"vocabulary[0]\"`},
		{number: 33, method: "POST", path: manage + "tracker", body: `{"name":"Twice","vocabulary":["Sale"," sale "]}`, status: 400, has: `\"vocabulary[1]\"`},
		{number: 34, method: "DELETE", path: conversations + "/4549300882243584", status: 404, has: "The conversationId is either invalid or does not exist."},
		{number: 35, method: "GET", path: "/v1/nowhere", status: 404, has: `{"statusCode":404,"message":`},
		{number: 38, method: "POST", path: one + "/transcript", body: `{"contentType":"text/srt"}`, has: `"payload":"1\n00:00:00,000 --> 00:00:0`},
		{number: 39, method: "GET", path: one + "/analytics", has: `{"type":"total_silence","percent":0,"seconds":0},{"type":"total_talk_time","percent":100`},
		{number: 40, method: "PUT", path: manage + "group/{group}", body: `{"id":{group},"name":"A & B's","criteria":"conversation.name==a"}`, has: `"id":"{group}"`},
		{number: 41, method: "GET", path: one},
		{number: 42, method: "PUT", path: one + "/members/{member}", body: `{"id":"9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d","name":"Ana"}`, status: 400, has: `\"id\" must be the id of the path`},
		{number: 44, method: "GET", path: "/v2/conversations/{id}", has: `"transcriptStatus":"completed"`},
		{number: 45, method: "GET", path: "/v2/conversations?page[number]=1&page[size]=100", has: `"pageSize":100`},
		{number: 45, method: "GET", path: "/v2/conversations", has: `"pageSize":20`},
		{number: 45, method: "GET", path: "/v2/conversations?size=101", status: 400, has: `\"size\" must be less than or equal to 100`},
		{number: 45, method: "GET", path: "/v2/conversations/list?size=51", status: 400, has: `\"size\" must be less than or equal to 50`},
		{number: 46, method: "GET", path: "/v2/conversations/{id}", has: `"transcript":"Ana: Is it 3.5  per cent?`},
		{number: 46, method: "GET", path: "/v2/conversations/{id}?detailedTranscript=true", has: `"transcript":[{"speaker":{`},
		{number: 47, method: "PUT", path: "/v2/conversations/{id}", body: `{"labels":{"a":"1"}}`, has: `"labels":{"a":"1"}`},
		{number: 47, method: "PUT", path: "/v2/conversations/{id}", body: `{"labels":{"b":"2"}}`, has: `"labels":{"b":"2"}`},
		{number: 47, method: "GET", path: "/v2/conversations/1", status: 404, has: `{"errors":[{"status":"404"`},
		{number: 48, method: "GET", path: "/v2/conversations/{id}", has: `"links":{"self":"/v2/conversations/`, lacks: "related"},
		{number: 49, method: "DELETE", path: "/v2/conversations/{id}", has: `"archived":true`},
	}
}

// testedElsewhere names the tests of decisions that take more than a request.
var testedElsewhere = map[int]string{
	6:  "TestWebhooks",
	36: "TestConcurrencyLimit",
	37: "TestConcurrencyLimit",
	43: "TestTokenHeaders",
	50: "the tests of the pages and packages",
}

// TestDecisions makes the requests, one after the other, since some change what
// others read.
func TestDecisions(t *testing.T) {
	t.Parallel()

	c := newCaller(t, deciders)
	id := c.begin(`{"name":"Call","metadata":{"agentId":"johndoe"},"detectEntities":true,"trackers":[{"name":"Rates","vocabulary":["per cent"]}],"messages":[
		{"payload":{"content":"Is it 3.5  per cent? I will look on 23 November 2026."},"from":{"name":"Ana","userId":"ana@example.com"}}]}`)
	old := c.begin(`{"confidenceThreshold":0.99,"messages":[{"payload":{"content":"Who?"},
		"duration":{"startTime":"2021-08-10T12:00:00Z","endTime":"2021-08-10T12:00:02Z"}}]}`)
	var saved struct {
		Tracker, Group struct{ ID string }
	}
	decode(t, c.want(http.StatusOK, http.MethodPost, "/v1/manage/tracker", `{"name":"Promotion","vocabulary":["offer"]}`), &saved)
	decode(t, c.want(http.StatusOK, http.MethodPost, "/v1/manage/group", `{"name":"Anas","criteria":"conversation.name==Ana"}`), &saved)
	things := strings.NewReplacer("{id}", id, "{old}", old, "{member}", c.conversation(id).Members[0].ID,
		"{tracker}", saved.Tracker.ID, "{group}", saved.Group.ID)
	for _, check := range checks() {
		what := fmt.Sprintf("%d: %s %s %s", check.number, check.method, check.path, check.body)
		a := c.do(check.method, things.Replace(check.path), things.Replace(check.body))
		if want := cmp.Or(check.status, http.StatusOK); a.status != want {
			t.Errorf("%s: answered %d %s, want %d", what, a.status, a.body, want)
		}
		if has := things.Replace(check.has); !strings.Contains(string(a.body), has) {
			t.Errorf("%s: answered %s, want it to have %s", what, a.body, has)
		}
		if lacks := things.Replace(check.lacks); lacks != "" && strings.Contains(string(a.body), lacks) {
			t.Errorf("%s: answered %s, want it without %s", what, a.body, lacks)
		}
	}
}
