package main

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// The documents of the fake: what GET answers, and the changes as well.
const (
	membersDocument = `{"members":[{"id":"m-1","name":"Ana","email":"ana@example.com"},{"id":"m-3","name":"Ben\u001b"}]}`
	trackerDocument = `{"tracker":{"id":"t-1","name":"Discount","description":"","categories":["price"],"languages":["en-US"],` +
		`"vocabulary":["discount","lower the price"],"createdOn":"2026-03-01T10:00:00.000Z","updatedOn":"2026-03-01T11:00:00.000Z"}}`
	trackersDocument   = `{"trackers":[{"id":"t-1","name":"Discount","vocabulary":["discount","lower the price"]},{"id":"t-2","name":"Empty"}]}`
	groupDocument      = `{"group":{"id":"g-1","name":"Johns","description":"of John","criteria":"conversation.metadata.agentId==johndoe"}}`
	groupsDocument     = `{"groups":[{"id":"g-1","name":"Johns","criteria":"conversation.metadata.agentId==johndoe"}]}`
	transcriptDocument = `{"transcript":{"payload":"Ana: Hello.<br/><br/>Ben: Hi \u001b[2J.","contentType":"text/markdown"}}`
	insightsDocument   = `{"insights":[{"id":"1","type":"question","score":0.984,"text":"Who\u001b?"},` +
		`{"id":"2","type":"action_item","score":0.7,"text":"Ana calls.","assignee":{"name":"Ana"},"dueBy":"2026-03-02T09:00:00.000Z"}]}`
	topicsDocument  = `{"topics":[{"id":"1","text":"release notes","score":0.783,"messageIds":["1","2"]}]}`
	summaryDocument = `{"summary":[{"id":"1","text":"Ana calls.","startTime":"2026-03-01T10:00:00.000Z"}]}`
	labelsDocument  = `{"id":"u","attributes":{"labels":{"team":"blue"}}}`
)

// more adds the routes that answer one document each, and the list.
func (f *fakeAPI) more(mux *http.ServeMux) {
	for pattern, document := range map[string]string{
		"GET /v2/conversations/" + conversationID:                   labelsDocument,
		"PUT /v2/conversations/" + conversationID:                   labelsDocument,
		"GET /v1/conversations/" + conversationID + "/members":      membersDocument,
		"PUT /v1/conversations/" + conversationID + "/members/{id}": `{"message":"Member updated"}`,
		"GET /v1/conversations/" + conversationID + "/insights":     insightsDocument,
		"GET /v1/conversations/" + conversationID + "/topics":       topicsDocument,
		"GET /v1/conversations/" + conversationID + "/summary":      summaryDocument,
		"POST /v1/conversations/{id}/transcript":                    transcriptDocument,
		"DELETE /v1/conversations/" + conversationID:                `{"message":"successfully deleted the conversation"}`,
		"GET /v1/manage/trackers":                                   trackersDocument,
		"POST /v1/manage/trackers":                                  trackersDocument,
		"POST /v1/manage/tracker":                                   trackerDocument,
		"GET /v1/manage/tracker/t-1":                                trackerDocument,
		"PATCH /v1/manage/trackers/t-1":                             trackerDocument,
		"DELETE /v1/manage/tracker/t-1":                             `{"id":"t-1","type":"tracker","deleted":true}`,
		"GET /v1/manage/groups":                                     groupsDocument,
		"POST /v1/manage/group":                                     groupDocument,
		"GET /v1/manage/group/g-1":                                  groupDocument,
		"PUT /v1/manage/group/g-1":                                  groupDocument,
		"DELETE /v1/manage/group/g-1":                               `{"id":"g-1","type":"group","deleted":true}`,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			f.keep(r)
			_, _ = io.WriteString(w, document)
		})
	}
	mux.HandleFunc("DELETE /v1/conversations/{id}", f.conversation) // the unknown
	mux.HandleFunc("PUT /v1/conversations/"+conversationID, f.update)
	mux.HandleFunc("GET /v1/conversations", f.list)
	mux.HandleFunc("GET /v1/groups/g-1/conversations", f.list)
}

func (f *fakeAPI) keep(r *http.Request) {
	if body, _ := io.ReadAll(r.Body); len(body) > 0 {
		f.bodies = append(f.bodies, string(body))
	}
}

// update takes a change unless somebody else has made one since.
func (f *fakeAPI) update(w http.ResponseWriter, r *http.Request) {
	if f.changes > 0 {
		f.changes--
		f.version++
	}
	if want := r.Header.Get("If-Match"); want != "" && want != fmt.Sprintf(`"%d-0"`, f.version) {
		answerError(w, http.StatusPreconditionFailed, "The conversation has changed.")
		return
	}
	f.keep(r)
	r.SetPathValue("id", conversationID)
	f.conversation(w, r)
}

// list answers 25 conversations by offset and limit.
func (f *fakeAPI) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	f.bodies = append(f.bodies, r.URL.RawQuery)
	limit, offset := 20, 0
	if query.Has("limit") {
		limit, _ = strconv.Atoi(query.Get("limit"))
	}
	if query.Has("offset") {
		offset, _ = strconv.Atoi(query.Get("offset"))
	}
	var items []string
	if query.Get("filter") != "none" {
		for i := offset; i < min(25, offset+limit); i++ {
			items = append(items, fmt.Sprintf(`{"id":"%d","name":"Call %d","startTime":"2026-03-01T10:00:00.000Z",`+
				`"endTime":"2026-03-01T10:00:09.500Z","members":[{"name":"Ana"},{"email":"b@x.org"}],"metadata":{}}`, 100+i, i))
		}
	}
	_, _ = io.WriteString(w, `{"conversations":[`+strings.Join(items, ",")+`]}`)
}
