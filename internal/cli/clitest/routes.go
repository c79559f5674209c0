package clitest

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// handleRest adds the routes that answer one document each, and the lists.
func (f *API) handleRest(mux *http.ServeMux) {
	for pattern, document := range map[string]string{
		"GET /v2/conversations/" + ConversationID:                   labelsDocument,
		"PUT /v2/conversations/" + ConversationID:                   labelsDocument,
		"GET /v1/conversations/" + ConversationID + "/members":      MembersDocument,
		"PUT /v1/conversations/" + ConversationID + "/members/{id}": `{"message":"Member updated"}`,
		"GET /v1/conversations/" + ConversationID + "/insights":     InsightsDocument,
		"GET /v1/conversations/" + ConversationID + "/topics":       topicsDocument,
		"GET /v1/conversations/" + ConversationID + "/summary":      summaryDocument,
		"POST /v1/conversations/{id}/transcript":                    TranscriptDocument,
		"DELETE /v1/conversations/" + ConversationID:                `{"message":"successfully deleted the conversation"}`,
		"GET /v1/lanes":                            `{"lanes":[` + laneDocument + `],"nextCursor":"c"}`,
		"POST /v1/lanes/7/retry":                   laneDocument,
		"POST /v1/lanes/7/resume":                  laneDocument,
		"POST /v1/lanes/7/skip":                    laneDocument,
		"GET /v1/jobs":                             jobsDocument,
		"POST /v1/jobs/" + JobID + "/cancel":       `{"id":"` + JobID + `","status":"scheduled","conversationId":"7","cancelledAt":"2026-03-01T10:00:00.012Z"}`,
		"POST /v1/jobs/" + JobID + "/retry":        `{"conversationId":"7","jobId":"` + OtherJobID + `"}`,
		"GET /v1/jobs/" + JobID:                    detailDocument,
		"GET /v1/webhooks/deliveries":              deliveriesDocument,
		"GET /v1/webhooks/deliveries/j_1":          deliveryDocument,
		"POST /v1/webhooks/deliveries/j_1/resend":  deliveryDocument,
		"POST /v1/webhooks/test":                   deliveryDocument,
		"GET /v1/webhooks/endpoints":               endpointsDocument,
		"POST /v1/webhooks/endpoints/e-1/pause":    endpointDocument,
		"POST /v1/webhooks/endpoints/e-1/resume":   endpointDocument,
		"DELETE /v1/webhooks/endpoints/e-1/dead":   `{"dropped":3,"more":true}`,
		"GET /v1/webhooks/resends":                 `{"resends":[` + resendDocument + `]}`,
		"GET /v1/webhooks/resends/r-1":             resendDocument,
		"POST /v1/webhooks/resends":                resendDocument,
		"DELETE /v1/webhooks/resends/r-1":          resendDocument,
		"GET /v1/manage/trackers":                  TrackersDocument,
		"POST /v1/manage/trackers":                 TrackersDocument,
		"POST /v1/manage/tracker":                  TrackerDocument,
		"GET /v1/manage/tracker/t-1":               TrackerDocument,
		"PATCH /v1/manage/trackers/t-1":            TrackerDocument,
		"DELETE /v1/manage/tracker/t-1":            `{"id":"t-1","type":"tracker","deleted":true}`,
		"GET /v1/webhooks/secrets":                 SecretsDocument,
		"POST /v1/webhooks/secrets":                SecretDocument,
		"DELETE /v1/webhooks/secrets/5f0c2c7e91d3": ``,
		"GET /v1/manage/groups":                    GroupsDocument,
		"POST /v1/manage/group":                    GroupDocument,
		"GET /v1/manage/group/g-1":                 GroupDocument,
		"PUT /v1/manage/group/g-1":                 GroupDocument,
		"DELETE /v1/manage/group/g-1":              `{"id":"g-1","type":"group","deleted":true}`,
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			f.record(r)
			_, _ = io.WriteString(w, document)
		})
	}
	mux.HandleFunc("DELETE /v1/conversations/{id}", f.conversation) // the unknown
	mux.HandleFunc("PUT /v1/conversations/"+ConversationID, f.update)
	mux.HandleFunc("GET /v1/conversations", f.list)
	mux.HandleFunc("GET /v1/groups/g-1/conversations", f.list)
}

// record stores the body of a request.
func (f *API) record(r *http.Request) {
	if body, _ := io.ReadAll(r.Body); len(body) > 0 {
		f.Bodies = append(f.Bodies, string(body))
	}
}

// update accepts a change, unless the conversation has changed since it was
// read.
func (f *API) update(w http.ResponseWriter, r *http.Request) {
	if f.Changes > 0 {
		f.Changes--
		f.version++
	}
	if want := r.Header.Get("If-Match"); want != "" && want != fmt.Sprintf(`"%d-0"`, f.version) {
		answerError(w, http.StatusPreconditionFailed, "The conversation has changed.")
		return
	}
	f.record(r)
	r.SetPathValue("id", ConversationID)
	f.conversation(w, r)
}

// list answers 25 conversations by offset and limit.
func (f *API) list(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	f.Bodies = append(f.Bodies, r.URL.RawQuery)
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
