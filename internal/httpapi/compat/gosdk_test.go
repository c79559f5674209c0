package compat

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// A goCall is a call of Symbl's Go SDK: its method, what it sends, and what it
// decodes the answer into, nil if it does not look at it.
type goCall struct {
	name, method, path, body string
	into                     any

	// documented says that the answer is decoded as the documents have it, without
	// strict types too.
	documented bool
}

// goReads are its calls about a conversation.
func goReads() []goCall {
	const c = "/v1/conversations/{id}"
	member := `{"id":"{member}","name":"Ana Lima","email":"ana@example.com","pace":{},"talkTime":{},"listenTime":{},"overlap":{}}`
	return []goCall{
		{"GetTopics", "GET", c + "/topics", "", new(struct {
			Topics []struct {
				Text, Type string
				Score      float64
				MessageIDs []string
				Sentiment  goSentiment
				ParentRefs []struct{ Type, Text string }
			}
		}), true},
		{"GetQuestions", "GET", c + "/questions", "", new(struct {
			Questions []struct {
				ID, Text, Type string
				Score          float64
				MessageIDs     []string
				From           goFrom
			}
		}), true},
		{"GetFollowUps", "GET", c + "/follow-ups", "", new(struct{ FollowUps []goFollowUp }), false},
		{"GetEntities", "GET", c + "/entities", "", new(struct {
			Entities []struct {
				Type, SubType, Category string
				Matches                 []struct {
					DetectedValue string
					MessageRefs   []goRef
				}
			}
		}), true},
		{"GetActionItems", "GET", c + "/action-items", "", new(struct{ ActionItems []goActionItem }), false},
		{"GetMessages", "GET", c + "/messages", "", new(struct{ Messages []goMessage }), false},
		{"GetMessages, all of them", "GET", c + "/messages?sentiment=true&verbose=true", "", new(struct{ Messages []goMessage }), false},
		{"GetSummary", "GET", c + "/summary", "", new(struct {
			Summary []struct {
				ID, Text, StartTime, EndTime string
				MessageRefs                  []goRef
				BookmarkReference            struct{ ID string }
			}
		}), true},
		{"GetAnalytics", "GET", c + "/analytics", "", new(struct {
			Metrics []struct {
				Type             string
				Percent, Seconds float64
			}
			Members []goMember
		}), true},
		{"GetTracker", "GET", c + "/trackers", "", new(goTracker), false},
		{
			"GetTranscript", "POST", c + "/transcript", `{"contentType":"text/markdown","phrases":{"highlightAllKeyPhrases":true},"createParagraphs":true}`,
			new(struct {
				Transcript struct{ Payload, ContentType string }
			}), true,
		},
		{"GetConversations", "GET", "/v1/conversations", "", new(struct{ Conversations []goConversation }), true},
		{"GetConversation", "GET", c, "", new(goConversation), true},
		{"GetMembers", "GET", c + "/members", "", new(struct{ Members []goMember }), true},
		{"UpdateMember", "PUT", c + "/members/{member}", member, nil, true},
		{"UpdateSpeakers", "PUT", c + "/speakers", `{"speakerEvents":[{"type":"started_speaking","user":` + member + `,"offset":{"seconds":1,"nanos":5}},` +
			`{"type":"stopped_speaking","user":` + member + `,"offset":{"seconds":2}}]}`, nil, true},
		{"GetJobStatus", "GET", "/v1/job/{job}", "", new(struct{ ID, Status string }), true},
		{
			"AppendText", "PUT", "/v1/process/text/{id}", `{"messages":[{"payload":{"content":"Bye."},"from":{"id":"7","name":"Cleo"}}],"features":{},"metadata":{}}`,
			new(struct{ ConversationID, JobID string }), true,
		},
	}
}

// goManages are those about what an account saves.
func goManages() []goCall {
	const m = "/v1/manage/"
	type (
		trackers struct{ Trackers []goSavedTracker }
		tracker  struct{ Tracker goSavedTracker }
		entities struct{ Entities []goSavedEntity }
		entity   struct{ Entity goSavedEntity }
		group    struct{ Group goGroup }
		groups   struct{ Groups []goGroup }
	)
	return []goCall{
		{"GetTrackers", "GET", m + "trackers", "", new(trackers), true},
		{"CreateTracker", "POST", m + "trackers", `{"name":"Prices","categories":["Sales"],"languages":["en-US"],"vocabulary":["dear"]}`, new(tracker), true},
		{"UpdateTracker", "PATCH", m + "trackers/{tracker}", `[{"op":"replace","path":"/name","value":"Costs"}]`, new(tracker), true},
		{"DeleteTracker", "DELETE", m + "trackers/{tracker}", "", nil, true},
		{"CreateEntity", "POST", m + "entities/bulk", `[{"type":"vehicle","subType":"tram","category":"Custom","values":["tramway"]}]`, new(entities), true},
		{"GetEntites", "GET", m + "entities", "", new(entities), true},
		{"GetEntitById", "GET", m + "entities/{entity}", "", new(goSavedEntity), true},
		{"UpdateEntity", "PUT", m + "entities/{entity}", `{"id":"{entity}","type":"vehicle","subType":"car","category":"Custom","values":["coupe"]}`, new(entity), true},
		{"DeleteEntityBySubType", "DELETE", m + "entities?subType=tram", "", nil, true},
		{"DeleteEntity", "DELETE", m + "entities/{entity}", "", nil, true},
		{"GetConversationGroups", "GET", m + "groups", "", new(groups), true},
		{"CreateConversationGroup", "POST", m + "group", `{"name":"Dans","description":"All.","criteria":"conversation.name==Dan"}`, new(group), true},
		{"GetConversationGroupById", "GET", m + "group/{group}", "", new(group), true},
		{"UpdateConversationGroup", "PUT", m + "group/{group}", `{"id":"{group}","name":"Eves","description":"All.","criteria":"conversation.name==Eve"}`, new(group), true},
		{"DeleteConversationGroup", "DELETE", m + "group/{group}", "", nil, true},
	}
}

// gophersCall has something of every kind, as the SDK submits it.
const gophersCall = `{"name":"Release call","detectPhrases":true,"detectEntities":true,"features":{},"metadata":{},
	"trackers":[{"name":"Pricing","vocabulary":["what is the price"]}],"messages":[
	{"payload":{"content":"What is the price? I will call Ben Miller tomorrow. I will finish the navigation system."},"from":{"id":"1","name":"Ana"}},
	{"payload":{"content":"We need to finish the navigation system next week. The navigation system is fantastic. Can we meet on Friday?"},"from":{"id":"2","name":"Ben Miller"}}]}`

// TestGoSDK makes the calls of Symbl's Go SDK, and decodes their answers into its
// types, for an account with strict types: all of them.
func TestGoSDK(t *testing.T) {
	t.Parallel()

	c := callerOf(t, alone, gophers)
	things := c.goThings()
	for _, call := range append(goReads(), goManages()...) {
		if err := c.goMake(call, things); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
	}
	var tasks struct {
		FollowUps   []goFollowUp
		ActionItems []goActionItem
	}
	c.get(things.Replace("/v1/conversations/{id}/follow-ups"), &tasks)
	c.get(things.Replace("/v1/conversations/{id}/action-items"), &tasks)
	var found goTracker
	c.get(things.Replace("/v1/conversations/{id}/trackers"), &found)
	if len(tasks.FollowUps) == 0 || len(tasks.ActionItems) == 0 || found.Name != "Pricing" || len(found.Matches) == 0 {
		t.Errorf("decoded %+v and %+v, want something of each kind", tasks, found)
	}
}

// Without strict types the documents win. What has no phrases because they were not
// asked for is decoded all the same.
func TestGoSDKOfTheDocuments(t *testing.T) {
	t.Parallel()

	c := callerOf(t, alone, visitors)
	things := c.goThings()
	for _, call := range append(goReads(), goManages()...) {
		if !call.documented {
			continue
		}
		if err := c.goMake(call, things); err != nil {
			t.Errorf("%s: %v", call.name, err)
		}
	}
	id := c.begin(strings.Replace(gophersCall, `"detectPhrases":true,`, "", 1))
	var items struct{ ActionItems []goActionItem }
	c.get("/v1/conversations/"+id+"/action-items", &items)
	var said struct{ Messages []goMessage }
	c.get("/v1/conversations/"+id+"/messages", &said)
	if len(items.ActionItems) == 0 || len(said.Messages) == 0 {
		t.Errorf("decoded %+v and %+v, want some of both", items, said)
	}
}

// goThings creates what the calls are about, and returns a replacer of the names in
// braces by the ids.
func (c *caller) goThings() *strings.Replacer {
	c.t.Helper()
	var r struct{ ConversationID, JobID string }
	decode(c.t, c.want(http.StatusCreated, http.MethodPost, "/v1/process/text", gophersCall), &r)
	c.finish(r.JobID)
	var saved struct {
		Tracker, Entity, Group struct{ ID string }
	}
	for path, body := range map[string]string{
		"trackers": `{"name":"Promotion","categories":[],"languages":["en-US"],"vocabulary":["offer"]}`,
		"entities": `{"type":"vehicle","subType":"car","category":"Custom","values":["limousine"]}`,
		"group":    `{"name":"Anas","description":"All.","criteria":"conversation.name==Ana"}`,
	} {
		decode(c.t, c.want(http.StatusOK, http.MethodPost, "/v1/manage/"+path, body), &saved)
	}
	return strings.NewReplacer("{id}", r.ConversationID, "{job}", r.JobID, "{member}", c.conversation(r.ConversationID).Members[0].ID,
		"{tracker}", saved.Tracker.ID, "{entity}", saved.Entity.ID, "{group}", saved.Group.ID)
}

// goMake makes a call and decodes the answer. The SDK takes 200, 201 and 204 for a
// success.
func (c *caller) goMake(call goCall, things *strings.Replacer) error {
	c.t.Helper()
	a := c.do(call.method, things.Replace(call.path), things.Replace(call.body), "Content-Type", "application/json", "Accept", "application/json")
	if a.status != http.StatusOK && a.status != http.StatusCreated {
		c.t.Errorf("%s was answered %d %s", call.name, a.status, a.body)
	}
	if call.into == nil {
		return nil
	}
	return json.Unmarshal(a.body, call.into)
}
