package compat

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// A call of the documents, with requests that show all of its answer.
type call struct {
	name   string // as in docs/compatibility.md
	asks   []request
	fields []field
}

// A request of a test. Words in braces stand for ids that the test created.
type request struct {
	method, path, body string
	status             int // 200 if zero
}

// allCalls are the calls with a table, in the order in which they are made.
func allCalls() []call {
	return slices.Concat(textCalls(), conversationCalls(), insightCalls(), manageCalls(), attentionCalls())
}

// needsLocalAnalysis reports whether a call is about what was found. Those calls
// are sent to a worker that analyses texts itself, the others to one with an
// external analyzer.
func needsLocalAnalysis(name string) bool {
	return name == "GET …/messages" || slices.ContainsFunc(insightCalls(), func(c call) bool { return c.name == name })
}

// TestFields checks every answer against its table.
func TestFields(t *testing.T) {
	t.Parallel()

	things := newCaller(t, fielders).createObjects()
	said := callerOf(t, alone, fielders).createConversation()
	for _, call := range allCalls() {
		t.Run(call.name, func(t *testing.T) { //nolint:paralleltest // later calls delete what earlier ones read
			r := newAnswerCheck(t, call.fields)
			which, things := served, things
			if needsLocalAnalysis(call.name) {
				which, things = alone, said
			}
			for _, a := range call.asks {
				c := callerOf(t, which, fielders)
				body := c.want(cmp.Or(a.status, http.StatusOK), a.method, things.Replace(a.path), things.Replace(a.body))
				var v any
				decode(t, body, &v)
				r.read("", v)
			}
			r.finish()
		})
	}
}

// createConversation creates a conversation with something of every kind that is
// found, and returns a replacer of {id} by its id.
func (c *caller) createConversation() *strings.Replacer {
	c.t.Helper()
	return strings.NewReplacer("{id}", c.begin(`{"name":"Release call","detectPhrases":true,"detectEntities":true,
		"entities":[{"customType":"Product","text":"sprocket"}],
		"trackers":[{"name":"Pricing","vocabulary":["what is the price"]}],
		"messages":[
		{"payload":{"content":"What is the price of the sprocket? I will call Ben Miller tomorrow. I will finish the navigation system."},"from":{"name":"Ana","userId":"ana@example.com"}},
		{"payload":{"content":"Ana will send the contract to Ben Miller on 23 November 2026. Ana will call Ben Miller next week. The navigation system is fantastic, I love the system."},"from":{"name":"Ben Miller"}},
		{"payload":{"content":"We have to finish the navigation system next week. The system is late, and the system is slow. Is it nobody?"}}]}`))
}

// createObjects creates what the requests are about, and returns a replacer of the
// names in braces by the ids.
func (c *caller) createObjects() *strings.Replacer {
	c.t.Helper()
	id := c.begin(`{"name":"Release call","metadata":{"agentId":"johndoe"},"detectPhrases":true,"messages":[
		{"payload":{"content":"Who is it? I will look. Let us start."},"from":{"name":"Ana","userId":"ana@example.com"}},
		{"payload":{"content":"Let us see."},"from":{"name":"Ben"}},
		{"payload":{"content":"Is it nobody? I will listen. Let us hear."}}]}`)
	var r struct{ ConversationID, JobID string }
	decode(c.t, c.want(http.StatusCreated, http.MethodPut, "/v1/process/text/"+id, `{"messages":[{"payload":{"content":"Yes."}}]}`), &r)
	c.finish(r.JobID)

	var failed struct{ JobID, Status string }
	decode(c.t, c.want(http.StatusCreated, http.MethodPost, "/v1/process/text", `{"messages":[{"payload":{"content":"Fail."}}]}`), &failed)
	await(c.t, "the job fails", func() bool {
		c.get("/v1/job/"+failed.JobID, &failed)
		return failed.Status == "failed"
	})

	var saved struct {
		Tracker, Group, Entity struct{ ID string }
	}
	for path, body := range map[string]string{
		"tracker": `{"name":"Promotion","vocabulary":["special promotion"]}`,
		"group":   `{"name":"Johns","criteria":"conversation.metadata.agentId==johndoe"}`,
		"entity":  `{"type":"vehicle","subType":"car","values":["coupe"]}`,
	} {
		decode(c.t, c.want(http.StatusOK, http.MethodPost, "/v1/manage/"+path, body), &saved)
	}
	var imported struct{ UUID string }
	decode(c.t, c.want(http.StatusOK, http.MethodPost, "/v2/conversations/import",
		`{"externalId":"call-1","userID":"ana@example.com","transcript":{"v1":{"final":[{"speaker":"Ana","sentence":"Hello."}]}}}`), &imported)
	await(c.t, "the import is stored", func() bool { return len(c.messages(imported.UUID)) == 1 })
	var token struct{ AccessToken string }
	decode(c.t, c.want(http.StatusOK, http.MethodPost, "/oauth2/token:generate", `{"type":"application","appId":"`+c.appID+`","appSecret":"`+c.secret+`"}`), &token)
	return strings.NewReplacer(
		"{id}", id, "{job}", r.JobID, "{failed}", failed.JobID, "{member}", c.conversation(id).Members[0].ID, "{imported}", imported.UUID,
		"{tracker}", saved.Tracker.ID, "{group}", saved.Group.ID, "{entity}", saved.Entity.ID,
		"{token}", token.AccessToken, "{app}", c.appID, "{secret}", c.secret,
	)
}
