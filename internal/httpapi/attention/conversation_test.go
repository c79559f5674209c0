package attention_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

const resourceURL = "/v2/conversations/" + httpapitest.ConversationID

// wantFailure checks an answer against the form that errors of the v2 API have.
func wantFailure(t *testing.T, got *httptest.ResponseRecorder, status int, message string) {
	t.Helper()
	httpapitest.WantStatus(t, got, status)
	type failed struct{ Status, Title, Detail string }
	var body struct {
		Errors  []failed
		Message string
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("the error is not JSON: %v: %s", err, got.Body)
	}
	if want := []failed{{strconv.Itoa(status), http.StatusText(status), message}}; !cmp.Equal(body.Errors, want) || body.Message != message {
		t.Errorf("got  %s\nwant the message %s, in errors too", got.Body, message)
	}
}

// fields decodes the attributes of an answer that is a resource.
func fields(t *testing.T, got *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	httpapitest.WantStatus(t, got, http.StatusOK)
	var r struct {
		Type, ID   string
		Attributes map[string]any
		Links      struct{ Self string }
	}
	if err := json.Unmarshal(got.Body.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Type != "conversations" || r.Attributes["uuid"] != r.ID || r.Links.Self != "/v2/conversations/"+r.ID {
		t.Errorf("the resource is %s", got.Body)
	}
	return r.Attributes
}

// fullResource is [NewFull] as the v2 API answers it, but for the transcript.
const fullResource = `{
	"type": "conversations",
	"id": "5a7bdf0b-ea11-81f3-a774-a8ddef800000",
	"attributes": {
		"uuid": "5a7bdf0b-ea11-81f3-a774-a8ddef800000",
		"title": "Internships",
		"createdAt": "2020-07-21T16:02:19Z",
		"finishedAt": "2020-07-21T16:04:20Z",
		"liveStreamStartedAt": "2020-07-21T16:02:19Z",
		"liveStreamEndedAt": "2020-07-21T16:04:20Z",
		"userUUID": "NATALIA@example.com",
		"teamUUID": "",
		"archived": true,
		"referenceable": false,
		"private": true,
		"isInternal": false,
		"isEmpty": false,
		"mediaDuration": 121.98,
		"videoUID": "",
		"videoStatus": "",
		"mediaStorageStatus": "ready",
		"transcriptStatus": "completed",
		"crmExportStatus": "",
		"importStatus": "completed",
		"dealUUID": "",
		"emailTemplateID": "",
		"externalIntelligenceOpportunityID": "",
		"zoomMeetingJoinUrl": "",
		"googleMeetJoinUrl": "",
		"microsoftTeamsJoinUrl": "",
		"webexJoinUrl": "",
		"transcript": "Natalia: Hi <Mike> & \u2028 all.\nHey.",
		"participants": [
			{"id": "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", "email": "natalia@example.com", "name": "Natalia", "organizer": true, "status": "accepted"},
			{"id": "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12", "email": "", "name": "Mike", "organizer": false, "status": "accepted"}
		],
		"attendees": [
			{"id": "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", "email": "natalia@example.com", "name": "Natalia", "organizer": true, "status": "accepted"},
			{"id": "b8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d12", "email": "", "name": "Mike", "organizer": false, "status": "accepted"}
		],
		"bots": [],
		"boards": [],
		"talktracks": [],
		"scorecardResults": [],
		"externalOpportunity": {"uuid": "", "title": ""},
		"importMetadata": {"stage": "one", "userID": "NATALIA@example.com"},
		"linkedCrmRecords": [],
		"externalAccounts": [],
		"externalContacts": [],
		"extractedIntelligence": {},
		"confirmedExtractedIntelligence": {},
		"labels": {"region": "EMEA"},
		"labelTagsToFilterIfNA": [],
		"deprecatedLabelCategories": [],
		"externalId": "deal-7"
	},
	"links": {"self": "/v2/conversations/5a7bdf0b-ea11-81f3-a774-a8ddef800000"}
}`

// fullest is [NewFull] with what only the v2 API knows.
func fullest() *httpapitest.Backend {
	backend := httpapitest.NewFull()
	c := &backend.Stored.Conversation
	c.Version = "7-2"
	c.Messages, c.Archived, c.Private, c.ExternalID = 2, true, true, "deal-7"
	c.Labels = map[string]string{"region": "EMEA"}
	c.Metadata["userID"] = "NATALIA@example.com"
	return backend
}

func TestResource(t *testing.T) {
	t.Parallel()

	api := fullest().API(httpapi.Options{})
	for _, target := range []string{
		resourceURL,
		"/v2/conversations/" + conversation.UUID(httpapitest.ConversationID),
		resourceURL + "?by=id&detailedTranscript=false&filter[include_zoom_metadata]=true",
		"/v2/conversations/deal-7?by=external_id",
	} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", target, ""))
		httpapitest.WantStatus(t, got, 200)
		if diff := cmp.Diff(decoded(t, fullResource), decoded(t, got.Body.String())); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", target, diff)
		}
		if tag := got.Header().Get("ETag"); tag != `"7-2"` {
			t.Errorf("%s: ETag %s", target, tag)
		}
	}
	wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", resourceURL+"?by=name", "")), 400, `"by" must be one of [id, external_id]`)
	wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", resourceURL+"?detailedTranscript=x", "")), 400, `"detailedTranscript" must be a boolean`)
}

func decoded(t *testing.T, document string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(document), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDetailedTranscript(t *testing.T) {
	t.Parallel()

	got := fields(t, httpapitest.Serve(fullest().API(httpapi.Options{}), httpapitest.Request("GET", resourceURL+"?detailedTranscript=true", "")))
	want := decoded(t, `[
		{"speaker": {"id": "a8e0b2f5-7a4e-5d0e-9b54-4f3a0b0c5d11", "name": "Natalia", "email": "natalia@example.com"}, "words": [
			{"text": "Hi", "startTimestamp": 0, "endTimestamp": 0.15},
			{"text": "<Mike>", "startTimestamp": 0.15, "endTimestamp": 0.61},
			{"text": "&", "startTimestamp": 0.61, "endTimestamp": 0.69},
			{"text": "all.", "startTimestamp": 0.69, "endTimestamp": 0.99}
		]},
		{"speaker": {"id": "", "name": "", "email": ""}, "words": [{"text": "Hey.", "startTimestamp": 5.9, "endTimestamp": 5.9}]}
	]`)
	if diff := cmp.Diff(want, got["transcript"]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestResourceBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	backend.Stored.Conversation.Start, backend.Stored.Conversation.End = httpapitest.Time("2026-05-01T10:00:00Z"), httpapitest.Time("2026-05-01T10:00:00Z")
	api := backend.API(httpapi.Options{})
	got := httpapitest.Serve(api, httpapitest.Request("GET", resourceURL, ""))
	a := fields(t, got)
	for name, want := range map[string]any{
		"title": httpapitest.ConversationID, "isEmpty": true, "transcript": "", "referenceable": true, "userUUID": "",
		"participants": []any{}, "labels": map[string]any{}, "importMetadata": map[string]any{},
	} {
		if !cmp.Equal(a[name], want) {
			t.Errorf("%s = %v, want %v", name, a[name], want)
		}
	}
	detailed := fields(t, httpapitest.Serve(api, httpapitest.Request("GET", resourceURL+"?detailedTranscript=true", "")))
	if want := []any{}; !cmp.Equal(detailed["transcript"], any(want)) {
		t.Errorf("detailed transcript = %v, want []", detailed["transcript"])
	}
}

func TestResourceStatus(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name        string
		pending     int
		failed      bool
		text, media string
	}{
		{"done", 0, false, "completed", "ready"},
		{"waiting", 2, false, "pending", "pending"},
		{"the last one failed", 0, true, "failed", "unavailable"},
		{"failed, but more is coming", 1, true, "pending", "pending"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			backend := httpapitest.NewBackend()
			backend.Stored.Conversation.Pending, backend.Stored.Conversation.Failed = tt.pending, tt.failed
			a := fields(t, httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("GET", resourceURL, "")))
			for name, want := range map[string]any{
				"transcriptStatus": tt.text, "importStatus": tt.text, "mediaStorageStatus": tt.media,
			} {
				if a[name] != want {
					t.Errorf("%s = %v, want %v", name, a[name], want)
				}
			}
		})
	}
}

// TestKeysOfV2 sends the key in each way that clients do.
func TestKeysOfV2(t *testing.T) {
	t.Parallel()

	api := fullest().API(httpapi.Options{})
	for _, key := range []string{"ann", "Bearer ann", "bearer ann"} {
		httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("GET", resourceURL, "", "Authorization", key)), 200)
	}
	wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", resourceURL, "", "Authorization", "eve")), 401, "Token validation failed for provided token.")
}

func TestFailuresOfTheMux(t *testing.T) {
	t.Parallel()

	api := httpapitest.NewBackend().API(httpapi.Options{})
	wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v2/nothing", "")), 404, "There is nothing at this address.")
	got := httpapitest.Serve(api, httpapitest.Request("PATCH", resourceURL, "{}"))
	httpapitest.WantStatus(t, got, 405)
	if !strings.Contains(got.Body.String(), `"errors":[{"status":"405","title":"Method Not Allowed"`) {
		t.Errorf("405 says %s", got.Body)
	}
}

// resourceRoutes are those that name a conversation, with a body that suits.
func resourceRoutes() [][3]string {
	return [][3]string{
		{"GET", "", ""},
		{"PUT", "", `{"title":"Mine"}`},
		{"PUT", "/title", `{"title":"Mine"}`},
		{"PUT", "/labels", `{"labels":{}}`},
		{"PUT", "/change_privacy", ""},
		{"PUT", "/linked-crm-records", `{"records":[]}`},
		{"DELETE", "", ""},
	}
}

// TestResourcesOfAnotherAccount checks that they are answered as what is not
// there, to the byte, and that nothing happens to them.
func TestResourcesOfAnotherAccount(t *testing.T) {
	t.Parallel()

	backend := fullest()
	api := backend.API(httpapi.Options{})
	for _, route := range resourceRoutes() {
		theirs := httpapitest.Serve(api, httpapitest.Request(route[0], resourceURL+route[1], route[2], "Authorization", "bob"))
		wantFailure(t, theirs, 404, httpapitest.NoConversation)
		for _, id := range []string{"1", "x", "9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "%7Bann%7D:1"} {
			got := httpapitest.Serve(api, httpapitest.Request(route[0], "/v2/conversations/"+id+route[1], route[2]))
			if got.Code != theirs.Code || got.Body.String() != theirs.Body.String() {
				t.Errorf("%s %s%s: %d %s, want %s", route[0], id, route[1], got.Code, got.Body, theirs.Body)
			}
		}
	}
	if len(backend.Edits) != 0 {
		t.Errorf("edits were made: %+v", backend.Edits)
	}
	for _, target := range []string{"/v2/conversations/by-external-id/deal-7", "/v2/conversations/deal-7?by=external_id"} {
		httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("GET", target, "")), 200)
		wantFailure(t, httpapitest.Serve(api, httpapitest.Request("GET", target, "", "Authorization", "bob")), 404, httpapitest.NoConversation)
	}
}
