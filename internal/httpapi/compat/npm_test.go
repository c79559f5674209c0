package compat

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// An npmAnswer is the answer to a call of the npm client.
type npmAnswer struct {
	Status  int
	Data    any
	Message string
}

// runPackage runs a program of testdata/npm and reads what it prints.
func (c *caller) runPackage(file, conversation string, into any) {
	c.t.Helper()
	modules := nodeModules(c.t)
	path, err := filepath.Abs(filepath.Join("testdata", "npm", file))
	if err != nil {
		c.t.Fatal(err)
	}
	p := execute(c.t, []string{
		"NODE_PATH=" + modules, "BASE_PATH=" + c.base, "APP_ID=" + c.appID, "APP_SECRET=" + c.secret, "CONVERSATION=" + conversation,
	}, need(c.t, "node"), path)
	if p.code != 0 {
		c.t.Fatalf("exit code %d\n%s%s", p.code, p.out, p.errors)
	}
	lines := strings.Split(strings.TrimSpace(p.out), "\n")
	decode(c.t, []byte(lines[len(lines)-1]), into)
}

// TestNPMClient makes every call of the published client, and compares what it
// makes of the answers with the answers themselves.
func TestNPMClient(t *testing.T) {
	t.Parallel()

	c := newCaller(t, packages)
	id := c.begin(`{"messages":[{"payload":{"content":"Who is it? I will look. Let us see."},"from":{"name":"Ana","userId":"ana@example.com"}}]}`)
	var got map[string]npmAnswer
	c.runPackage("api-client.js", id, &got)

	base := "/v1/conversations/" + id
	tests := []struct {
		call  string // of ConversationsApi
		api   string // that has the call too
		path  string
		items string // the list in the answer; the answer itself if empty
		has   []string
		empty bool // as long as nothing finds any
	}{
		{call: "getConversationById", path: base, has: []string{"id", "type", "name", "startTime", "endTime", "members"}},
		{call: "getMessagesByConversationId", api: "MessagesApi", path: base + "/messages", items: "messages", has: []string{"id", "text", "from", "startTime", "endTime", "conversationId"}},
		{call: "getMembersByConversationId", api: "MembersApi", path: base + "/members", items: "members", has: []string{"name", "email"}},
		{call: "getQuestionsByConversationId", api: "QuestionsApi", path: base + "/questions", items: "questions", has: []string{"id", "text", "type", "score", "messageIds"}},
		{call: "getActionItemsByConversationId", api: "ActionItemsApi", path: base + "/action-items", items: "actionItems", has: []string{"id", "text", "type", "score", "messageIds", "entities", "assignee"}},
		{call: "getFollowUpsByConversationId", api: "FollowUpsApi", path: base + "/follow-ups", items: "followUps", has: []string{"id", "text", "type", "score", "messageIds", "entities"}},
		{call: "getInsightsByConversationId", api: "InsightsApi", path: base + "/insights", items: "insights", has: []string{"id", "text", "type", "score", "messageIds"}},
		{call: "getTopicsByConversationId", api: "TopicsApi", path: base + "/topics", items: "topics", empty: true},
		{call: "getIntentsByConversationId", api: "IntentsApi", path: base + "/intents", items: "intents", empty: true},
	}
	for _, tt := range tests {
		s := got[tt.call]
		if s.Status != http.StatusOK {
			t.Errorf("%s was answered %d %s", tt.call, s.Status, s.Message)
			continue
		}
		if tt.api != "" && !reflect.DeepEqual(got[tt.api], s) {
			t.Errorf("%s got %v, and %s %v", tt.call, s, tt.api, got[tt.api])
		}
		var wire any
		c.get(tt.path, &wire)
		if path := beyond("", s.Data, wire); path != "" {
			t.Errorf("%s has something else than the answer at %s: %v, %v", tt.call, path, s.Data, wire)
		}
		first := s.Data
		if tt.items != "" {
			list, _ := s.Data.(map[string]any)[tt.items].([]any)
			if (len(list) == 0) != tt.empty {
				t.Errorf("%s has %d items, want none: %t", tt.call, len(list), tt.empty)
			}
			if len(list) == 0 {
				continue
			}
			first = list[0]
		}
		for _, name := range tt.has {
			if _, found := first.(map[string]any)[name]; !found {
				t.Errorf("%s made %v of the answer, want it to have %s", tt.call, first, name)
			}
		}
	}
	checkTokens(t, got)
	checkRefusals(t, got)
}

// checkTokens checks the answers about tokens.
func checkTokens(t *testing.T, got map[string]npmAnswer) {
	t.Helper()
	first, _ := got["generateToken"].Data.(map[string]any)
	again, _ := got["generateToken again"].Data.(map[string]any)
	next, _ := got["refreshToken"].Data.(map[string]any)
	if first["accessToken"] == nil || first["accessToken"] != again["accessToken"] {
		t.Errorf("the tokens are %v and %v, want the same twice", first, again)
	}
	for _, token := range []map[string]any{first, again, next} {
		if life, _ := token["expiresIn"].(float64); life < 86_300 || life > 86_400 {
			t.Errorf("the token expires in %v seconds, want a day", token["expiresIn"])
		}
	}
	for call, status := range map[string]int{"refreshToken": 200, "after refreshToken": 200, "revokeToken": 200, "after revokeToken": 401} {
		if got[call].Status != status {
			t.Errorf("%s was answered %d %s, want %d", call, got[call].Status, got[call].Message, status)
		}
	}
}

// checkRefusals checks the refusals.
func checkRefusals(t *testing.T, got map[string]npmAnswer) {
	t.Helper()
	for call, want := range map[string]npmAnswer{
		"generateToken with a wrong secret": {Status: 401, Message: "The appId and the appSecret are not those of an application."},
		"an unknown conversation":           {Status: 404, Message: "The conversationId is either invalid or does not exist."},
		"after revokeToken":                 {Status: 401, Message: "Token validation failed for provided token."},
		"connectToEndpoint":                 {Status: 404, Message: "This address is not offered by Turnwise. docs/compatibility.md of Turnwise lists what is, and what is not."},
		"externalEventWebHook":              {Status: 404, Message: "This address is not offered by Turnwise. docs/compatibility.md of Turnwise lists what is, and what is not."},
		"generateInsights":                  {Status: 404, Message: "This address is not offered by Turnwise. docs/compatibility.md of Turnwise lists what is, and what is not."},
	} {
		if s := got[call]; s.Status != want.Status || s.Message != want.Message {
			t.Errorf("%s was answered %d %q, want %d %q", call, s.Status, s.Message, want.Status, want.Message)
		}
	}
}

// beyond returns the path of something in data that is not in wire, or differs
// there; empty if there is nothing of that kind.
func beyond(path string, data, wire any) string {
	switch data := data.(type) {
	case map[string]any:
		object, _ := wire.(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(data)) {
			if p := beyond(path+"."+name, data[name], object[name]); p != "" {
				return p
			}
		}
		return ""
	case []any:
		list, _ := wire.([]any)
		if len(list) != len(data) {
			return path
		}
		for i := range data {
			if p := beyond(path+"[]", data[i], list[i]); p != "" {
				return p
			}
		}
		return ""
	}
	if data != wire {
		return path
	}
	return ""
}

// TestNPMSDK lets the published JavaScript SDK log in: it decodes the token,
// and wants to find its expiry there.
func TestNPMSDK(t *testing.T) {
	t.Parallel()

	c := newCaller(t, callers)
	var got struct{ ByApp, ByToken, Wrong string }
	c.runPackage("symbl-js.js", "", &got)
	if got.ByApp == "" || got.ByToken != got.ByApp || got.Wrong != "refused" {
		t.Errorf("got %+v, want the same token twice, and a refusal", got)
	}
	for _, header := range []string{"Bearer " + got.ByApp, got.ByApp} {
		c.want(http.StatusOK, http.MethodGet, "/v1/conversations", "", "Authorization", header)
	}
	c.want(http.StatusOK, http.MethodGet, "/v1/conversations", "", "Authorization", "", "X-API-KEY", got.ByApp)
	var claims struct{ Exp json.Number }
	if parts := strings.Split(got.ByApp, "."); len(parts) != 3 {
		t.Errorf("the token %q is no JWT", got.ByApp)
	} else if decode(t, unpadded(t, parts[1]), &claims); claims.Exp == "" {
		t.Error("the token does not say when it expires")
	}
}

func unpadded(t *testing.T, part string) []byte {
	t.Helper()
	data, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
