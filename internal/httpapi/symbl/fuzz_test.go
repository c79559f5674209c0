package symbl_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func FuzzBody(f *testing.F) {
	all, err := os.ReadFile("testdata/every_field.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(all))
	f.Add(httpapitest.Hello)
	f.Add(httpapitest.With(`"entities":{"a":"b"},"metadata":{"a":null},"conversationType":"x"`))
	f.Add(message(`"duration":{"StartTime":"2020-07-21T16:02:19.5+01:00"},"from":{"email":"\ud83d\udc4b\u0000"}`))
	f.Add(`{"messages":[{"payload":{"content":"` + "\xff" + `"}},`)
	f.Add(strings.Repeat(`{"a":[`, 20))
	f.Add(`{"a\"b\\":{"/~":1,"/~":2}}`)
	f.Fuzz(func(t *testing.T, body string) {
		backend := httpapitest.NewBackend()
		got := httpapitest.Serve(backend.API(httpapi.Options{}), httpapitest.Request("POST", "/v1/process/text", body, "Content-Type", "application/json"))
		httpapitest.WantAnswer(t, got)
		if (got.Code == 201) != (len(backend.Submitted) == 1) {
			t.Fatalf("answered %d, submitted %d", got.Code, len(backend.Submitted))
		}
		for _, a := range backend.Submitted {
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
	for _, id := range []string{httpapitest.ConversationID, httpapitest.JobID, "", "..", "a/b", "{ann}:1", "*", "\x00", "\xff", "%", "1\r\nX: y", "+", "١", "?", "1#2"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		api := httpapitest.NewFull().API(httpapi.Options{})
		for _, r := range []struct{ method, before, after, body, own string }{
			{"PUT", "/v1/process/text/", "", httpapitest.Hello, httpapitest.ConversationID},
			{"GET", "/v1/conversations/", "", "", httpapitest.ConversationID},
			{"GET", "/v1/conversations/", "/messages", "", httpapitest.ConversationID},
			{"GET", "/v1/conversations/", "/insights", "", httpapitest.ConversationID},
			{"GET", "/v1/job/", "", "", httpapitest.JobID},
			{"GET", "/v1/job/", "/attempts", "", httpapitest.JobID},
		} {
			if id == "" && r.after == "" {
				continue // a slash at the end is none
			}
			got := httpapitest.Serve(api, httpapitest.Request(r.method, r.before+url.PathEscape(id)+r.after, r.body))
			httpapitest.WantAnswer(t, got)
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
		r := httpapitest.Request("POST", "/v1/process/text", httpapitest.Hello)
		r.URL.RawQuery = query
		r.Header = map[string][]string{
			"Authorization": {auth}, "Idempotency-Key": {key}, "Content-Type": {media}, "X-Request-Id": {id},
		}
		httpapitest.WantAnswer(t, httpapitest.Serve(httpapitest.NewBackend().API(httpapi.Options{}), r))
	})
}
