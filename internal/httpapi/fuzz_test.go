package httpapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/httpapi"
)

// wantOrderly checks what holds for every answer, whatever was asked: no
// fault of the server, valid JSON, and the one form if it is an error.
func wantOrderly(t *testing.T, got *httptest.ResponseRecorder) {
	t.Helper()
	if got.Code >= 500 {
		t.Fatalf("status %d: %s", got.Code, got.Body)
	}
	if !utf8.Valid(got.Body.Bytes()) {
		t.Fatalf("the answer is not UTF-8: %q", got.Body)
	}
	var body struct {
		StatusCode int    `json:"statusCode"`
		Message    string `json:"message"`
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatalf("the answer is not JSON: %v: %q", err, got.Body)
	}
	if got.Code >= 400 && (body.StatusCode != got.Code || body.Message == "") {
		t.Fatalf("the error of status %d is %s", got.Code, got.Body)
	}
}

func FuzzBody(f *testing.F) {
	all, err := os.ReadFile("testdata/every_field.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(all))
	f.Add(hello)
	f.Add(with(`"entities":{"a":"b"},"metadata":{"a":null},"conversationType":"x"`))
	f.Add(message(`"duration":{"StartTime":"2020-07-21T16:02:19.5+01:00"},"from":{"email":"\ud83d\udc4b\u0000"}`))
	f.Add(`{"messages":[{"payload":{"content":"` + "\xff" + `"}},`)
	f.Add(strings.Repeat(`{"a":[`, 20))
	f.Add(`{"a\"b\\":{"/~":1,"/~":2}}`)
	f.Fuzz(func(t *testing.T, body string) {
		w := newWorld()
		got := serve(w.api(httpapi.Options{}), request("POST", "/v1/process/text", body, "Content-Type", "application/json"))
		wantOrderly(t, got)
		if (got.Code == 201) != (len(w.submitted) == 1) {
			t.Fatalf("answered %d, submitted %d", got.Code, len(w.submitted))
		}
		for _, a := range w.submitted {
			for i, u := range a.Utterances {
				if strings.TrimSpace(u.Text) == "" || strings.Contains(u.Text, "\x00") || !utf8.ValidString(u.Text) {
					t.Fatalf("message %d was accepted with the text %q", i, u.Text)
				}
			}
			if _, err := json.Marshal(a); err != nil {
				t.Fatalf("what was accepted cannot be stored: %v", err)
			}
		}
	})
}

func FuzzPath(f *testing.F) {
	for _, id := range []string{conversationID, jobID, "", "..", "a/b", "{ann}:1", "*", "\x00", "\xff", "%", "1\r\nX: y", "+", "١", "?", "1#2"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		api := full().api(httpapi.Options{})
		for _, r := range []struct{ method, before, after, body, own string }{
			{"PUT", "/v1/process/text/", "", hello, conversationID},
			{"GET", "/v1/conversations/", "", "", conversationID},
			{"GET", "/v1/conversations/", "/messages", "", conversationID},
			{"GET", "/v1/conversations/", "/insights", "", conversationID},
			{"GET", "/v1/job/", "", "", jobID},
			{"GET", "/v1/job/", "/attempts", "", jobID},
		} {
			got := serve(api, request(r.method, r.before+url.PathEscape(id)+r.after, r.body))
			wantOrderly(t, got)
			if got.Code < 300 && !strings.EqualFold(id, r.own) {
				t.Fatalf("%s %s%q%s answered %d", r.method, r.before, id, r.after, got.Code)
			}
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add("Bearer ann", "k", "application/json", "id", "webhookUrl=http://a")
	f.Add("ann", "", "application/json; charset=\"", "\x00", "%;&enableSummary")
	f.Fuzz(func(t *testing.T, auth, key, media, id, query string) {
		r := request("POST", "/v1/process/text", hello)
		r.URL.RawQuery = query
		r.Header = map[string][]string{
			"Authorization": {auth}, "Idempotency-Key": {key}, "Content-Type": {media}, "X-Request-Id": {id},
		}
		wantOrderly(t, serve(newWorld().api(httpapi.Options{}), r))
	})
}
