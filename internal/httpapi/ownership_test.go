package httpapi_test

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// public are the routes that need no token. A route that is to be one of them
// has to be named here.
func public() []string {
	return []string{"POST " + httpapitest.GeneratePath, "POST " + httpapitest.RefreshPath}
}

// A pathParameter is a parameter of a path that names an object of an account's.
type pathParameter struct {
	route  string // what the pattern contains
	param  string
	object string // of ann's, as in [accountObjects]
}

// parameters lists what the parameters of paths stand for. The first that
// fits counts.
func parameters() []pathParameter {
	return []pathParameter{
		{"", "{conversationId}", "conversation"},
		{"", "{jobId}", "job"},
		{"", "{laneId}", "conversation"},
		{"", "{externalId}", "external"},
		{"", "{memberId}", "member"},
		{"", "{deliveryId}", "delivery"},
		{"", "{endpointId}", "endpoint"},
		{"", "{resendId}", "resend"},
		{"/v1/conversations/", "{id}", "conversation"},
		{"/v2/conversations/", "{id}", "uuid"},
		{"/v1/manage/tracker", "{id}", "tracker"},
		{"/v1/manage/group", "{id}", "group"},
		{"/v1/groups/", "{id}", "group"},
		{"/v1/manage/entit", "{id}", "entity"},
		{"", "{secretId}", "secret"},
	}
}

const (
	annsHook = "https://ann.example.com/hook"
	aTracker = `{"name":"Price","vocabulary":["how much"]}`
	aGroup   = `{"name":"Calls","criteria":"conversation.metadata.team==sales"}`
	anEntity = `{"type":"Product","subType":"Car","values":["Beetle"]}`
	anImport = `{"userID":"u","mediaURL":"https://media.example/a.mp3","externalId":"deal-7","transcript":{"v1":{"final":[{"speaker":"Ann","sentence":"Hello."}]}}}`
)

// bodies are bodies with which the routes do what they are for, by pattern.
// Routes that take none are not listed.
func bodies() map[string]string {
	all := map[string]string{
		"POST " + httpapitest.GeneratePath:              httpapitest.AnnGenerates,
		"POST " + httpapitest.RefreshPath:               `{}`,
		"DELETE " + httpapitest.RevokePath:              `{}`,
		"POST /v1/process/text":                         httpapitest.Hello,
		"PUT /v1/process/text/{conversationId}":         httpapitest.Hello,
		"PUT /v1/conversations/{id}":                    `{"metadata":{"a":"b"}}`,
		"PUT /v1/conversations/{id}/members/{memberId}": `{"id":"{memberId}","name":"Anna"}`,
		"PUT /v1/conversations/{id}/speakers":           `{"speakerEvents":[{"type":"started_speaking","user":{"name":"Anna"},"offset":{"seconds":0}},{"type":"stopped_speaking","user":{"name":"Anna"},"offset":{"seconds":9}}]}`,
		"POST /v1/conversations/{id}/transcript":        `{"contentType":"text/markdown"}`,
		"POST /v1/conversations/{id}/summary":           ``,
		"PUT /v2/conversations/{id}":                    `{"title":"Call"}`,
		"PUT /v2/conversations/{id}/title":              `{"title":"Call"}`,
		"PUT /v2/conversations/{id}/labels":             `{"labels":{"a":"b"}}`,
		"PUT /v2/conversations/{id}/change_privacy":     ``,
		"PUT /v2/conversations/{id}/linked-crm-records": `{}`,
		"POST /v2/conversations/import":                 anImport,

		"POST /v1/lanes/{laneId}/retry":                    ``,
		"POST /v1/lanes/{laneId}/resume":                   ``,
		"POST /v1/lanes/{laneId}/skip":                     ``,
		"POST /v1/jobs/{jobId}/cancel":                     ``,
		"POST /v1/jobs/{jobId}/retry":                      ``,
		"POST /v1/webhooks/deliveries/{deliveryId}/resend": ``,
		"POST /v1/webhooks/endpoints/{endpointId}/pause":   ``,
		"POST /v1/webhooks/endpoints/{endpointId}/resume":  ``,
		"POST /v1/webhooks/resends":                        `{}`,
		"POST /v1/webhooks/test":                           `{"url":"https://hooks.example.com/"}`,
		"POST /v1/webhooks/secrets":                        `{"scheme":"v1a"}`,
	}
	for _, kind := range []struct{ one, many, body, other, patch string }{
		{"tracker", "trackers", aTracker, `{"name":"Prices","vocabulary":["costs"]}`, `[{"op":"add","path":"/vocabulary","value":["costs"]}]`},
		{"group", "groups", aGroup, `{"name":"Talks","criteria":"conversation.metadata.team==sales"}`, `[{"op":"replace","path":"/description","value":"All calls"}]`},
		{"entity", "entities", anEntity, `{"type":"Product","subType":"Truck","values":["Actros"]}`, `[{"op":"add","path":"/values","value":["Golf"]}]`},
	} {
		for _, name := range []string{kind.one, kind.many} {
			base := " /v1/manage/" + name
			all["POST"+base] = kind.other
			all["POST"+base+"/bulk"] = `[` + kind.other + `]`
			all["PUT"+base+"/{id}"] = kind.other
			all["PATCH"+base+"/{id}"] = kind.patch
		}
	}
	return all
}

// accountObjects are the objects of ann's, and as many that nobody has.
type accountObjects struct{ anns, nobodys map[string]string }

// own makes ann one object of every kind.
func createObjects(service *httpapitest.Service) accountObjects {
	service.T.Helper()
	var imported struct{ UUID string }
	mustDo(service, http.MethodPost, "/v2/conversations/import", anImport, &imported)
	id, _ := conversation.ParseID(imported.UUID)
	var receipt struct{ JobID string }
	mustDo(service, http.MethodPut, "/v1/process/text/"+id, `{"messages":[{"payload":{"content":"Hi."},"from":{"name":"Ann"}}]}`, &receipt)
	service.RunJobs()
	var people struct{ Members []struct{ ID string } }
	mustDo(service, http.MethodGet, "/v1/conversations/"+id+"/members", "", &people)
	anns := map[string]string{
		"conversation": id, "uuid": imported.UUID, "job": receipt.JobID, "external": "deal-7", "subType": "Car", "member": people.Members[0].ID,
	}
	for kind, body := range map[string]string{"tracker": aTracker, "group": aGroup, "entity": anEntity} {
		var saved struct{ Tracker, Group, Entity struct{ ID string } }
		mustDo(service, http.MethodPost, "/v1/manage/"+kind, body, &saved)
		anns[kind] = cmp.Or(saved.Tracker.ID, saved.Group.ID, saved.Entity.ID)
	}
	mustDo(service, http.MethodPut, "/v1/process/text/"+id, `{"messages":[{"payload":{"content":"Hi."}}],"webhookUrl":"`+annsHook+`"}`, &receipt)
	service.RunJobs()
	service.GiveUpEvents()
	e, err := webhook.EndpointOf(annsHook)
	if err == nil {
		_, err = service.Store.PauseEndpoint(service.T.Context(), "ann", e, false)
	}
	if err != nil {
		service.T.Fatal(err)
	}
	anns["delivery"], anns["endpoint"] = receipt.JobID+"_1", e.ID
	var resend struct{ ID string }
	mustDo(service, http.MethodPost, "/v1/webhooks/resends", `{"endpointId":"`+e.ID+`"}`, &resend)
	anns["resend"] = resend.ID
	var secret struct{ ID string }
	mustDo(service, http.MethodPost, "/v1/webhooks/secrets", `{"scheme":"v1a"}`, &secret)
	anns["secret"] = secret.ID
	nobody := conversation.NewID()
	return accountObjects{anns, map[string]string{
		"conversation": nobody, "uuid": conversation.UUID(nobody), "job": jobs.NewID(0), "external": "deal-8", "subType": "none",
		"member": conversation.UUID(nobody), "tracker": nobody, "group": nobody, "entity": nobody,
		"delivery": jobs.NewID(0) + "_1", "endpoint": nobody, "resend": nobody,
		"secret": "000000000000",
	}}
}

// must sends a request of ann's, which must succeed, and reads the answer.
func mustDo(service *httpapitest.Service, method, target, body string, into any) {
	service.T.Helper()
	got := service.Do(method, target, body)
	if got.Code/100 != 2 {
		service.T.Fatalf("%s %s: status %d, %s", method, target, got.Code, got.Body)
	}
	if err := json.Unmarshal(got.Body.Bytes(), into); err != nil {
		service.T.Fatal(err)
	}
}

// fill returns a request to a route about some objects, as target and body. It
// fails the test if it does not know what the route takes, and returns false
// if it names no object.
func fill(t *testing.T, pattern string, objects map[string]string) (target, body string, named bool) {
	t.Helper()
	method, target, _ := strings.Cut(pattern, " ")
	body, known := bodies()[pattern]
	if !known && method != http.MethodGet && method != http.MethodDelete {
		t.Fatalf("the body of %s is unknown: add it to bodies", pattern)
	}
	for _, p := range parameters() {
		if strings.Contains(pattern, p.route) && strings.Contains(target, p.param) {
			target, named = strings.ReplaceAll(target, p.param, objects[p.object]), true
			body = strings.ReplaceAll(body, p.param, objects[p.object])
		}
	}
	if strings.Contains(target, "{") {
		t.Fatalf("the parameters of %s are unknown: add them to parameters", pattern)
	}
	if strings.HasPrefix(pattern, "DELETE ") && !named { // entities by their subtype
		target, named = target+"?subType="+objects["subType"], true
	}
	return target, body, named
}

// Every route that is not public refuses who has no token before it looks at
// anything else, whatever the request says.
func TestEveryRouteAsksForAToken(t *testing.T) {
	t.Parallel()

	service := httpapitest.NewService(t)
	objects := createObjects(service)
	for _, pattern := range service.Patterns() {
		if slices.Contains(public(), pattern) {
			continue
		}
		method, _, _ := strings.Cut(pattern, " ")
		target, valid, _ := fill(t, pattern, objects.anns)
		for _, token := range []string{"", "eve", "a.b.c"} {
			for _, body := range []string{valid, `{`} {
				got := service.Do(method, target+"?limit=x", body, "Authorization", token, "Content-Type", "text/plain", "Content-Encoding", "br")
				if got.Code != http.StatusUnauthorized || !strings.Contains(got.Body.String(), `"message":"`+httpapitest.NoToken+`"`) {
					t.Errorf("%s with the token %q: status %d, %s", pattern, token, got.Code, got.Body)
				}
			}
		}
	}
	for _, pattern := range public() {
		if !slices.Contains(service.Patterns(), pattern) {
			t.Errorf("%s is said to be public, but is no route", pattern)
		}
	}
}

// What belongs to another account does not exist: bob gets the same answer
// about what is ann's as about what is nobody's, from every route there is.
// Ann then does the same to show that the request was right.
func TestWhatIsAnothersDoesNotExist(t *testing.T) {
	t.Parallel()

	read := httpapitest.NewService(t) // by all that change nothing
	readable := createObjects(read)
	for _, pattern := range read.Patterns() {
		if slices.Contains(public(), pattern) || pattern == "DELETE "+httpapitest.RevokePath {
			continue // they name no object of an account's
		}
		t.Run(pattern, func(t *testing.T) {
			t.Parallel()

			service, objects := read, readable
			method, _, _ := strings.Cut(pattern, " ")
			if method != http.MethodGet {
				service = httpapitest.NewService(t)
				objects = createObjects(service)
			}
			anns, body, named := fill(t, pattern, objects.anns)
			nobodys, other, _ := fill(t, pattern, objects.nobodys)
			theirs := service.Do(method, anns, body, "Authorization", "bob")
			if !named {
				wantNothingOf(service, objects, theirs)
				return
			}
			missing := service.Do(method, nobodys, other, "Authorization", "bob")
			if theirs.Code != http.StatusNotFound || !same(theirs, missing) {
				t.Errorf("of ann's: status %d, %s\nmissing:   status %d, %s", theirs.Code, theirs.Body, missing.Code, missing.Body)
			}
			want := http.StatusOK
			switch pattern {
			case "PUT /v1/process/text/{conversationId}":
				want = http.StatusCreated
			case "POST /v1/lanes/{laneId}/retry", "POST /v1/lanes/{laneId}/resume", "POST /v1/lanes/{laneId}/skip":
				want = http.StatusConflict // found, though nothing is wrong with it
			case "POST /v1/jobs/{jobId}/cancel", "POST /v1/jobs/{jobId}/retry":
				want = http.StatusConflict // found, though it has ended, and not failed
			case "PUT /v2/conversations/{id}/linked-crm-records":
				want = http.StatusUnprocessableEntity // found, though nothing can be done
			}
			httpapitest.WantStatus(t, service.Do(method, anns, body), want)
		})
	}
}

// wantNothingOf checks that an answer succeeds and says nothing of what is
// ann's.
func wantNothingOf(service *httpapitest.Service, objects accountObjects, got *httptest.ResponseRecorder) {
	service.T.Helper()
	if got.Code/100 != 2 {
		service.T.Errorf("status %d, %s; want a success, so that it shows something", got.Code, got.Body)
	}
	for kind, id := range objects.anns {
		if kind != "external" && strings.Contains(got.Body.String(), id) {
			service.T.Errorf("bob gets the %s of ann's: %s", kind, got.Body)
		}
	}
}

// same compares answers, but for the id of the request.
func same(a, b *httptest.ResponseRecorder) bool {
	left, right := a.Header().Clone(), b.Header().Clone()
	left.Del("X-Request-Id")
	right.Del("X-Request-Id")
	return a.Code == b.Code && a.Body.String() == b.Body.String() && maps.EqualFunc(left, right, slices.Equal)
}
