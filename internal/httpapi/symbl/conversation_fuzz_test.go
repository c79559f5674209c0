package symbl_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

func FuzzList(f *testing.F) {
	f.Add("limit=10&offset=5&sort=-conversation.name,conversation.metadata.a&order=desc")
	f.Add(httpapitest.WideWindow + "&endTime=2030-01-01T00:00:00+01:00&filter=conversation.name=='a b';conversation.type!=x")
	f.Add("filter=%ff%00&sort=%ff")
	f.Add("filter=(((conversation.name=in=(a,b)")
	f.Fuzz(func(t *testing.T, params string) {
		backend := httpapitest.NewBackend()
		r := httpapitest.Request("GET", "/v1/conversations", "")
		r.URL.RawQuery = params
		got := httpapitest.Serve(backend.API(httpapi.Options{}), r)
		httpapitest.WantAnswer(t, got)
		if (got.Code == 200) != (len(backend.Listed) == 1) {
			t.Fatalf("answered %d, listed %d times", got.Code, len(backend.Listed))
		}
		for _, q := range backend.Listed {
			bounded := !q.From.IsZero() || !q.To.IsZero() || len(q.Filter) > 0
			if q.Limit < 0 || q.Limit > 65536 || q.Offset < 0 || !bounded {
				t.Fatalf("asked for %+v", q)
			}
		}
	})
}

// FuzzChange sends one body to everything that takes one.
func FuzzChange(f *testing.F) {
	for _, r := range changes {
		f.Add(r.body, `"7-2", W/"x"`, "m")
	}
	f.Add(`{"contentType":"text/srt","phrases":{"highlightAllKeyPhrases":"TRUE"}}`, `*`, "..")
	f.Add(`{"name":"a","metadata":{"a":"b"},"members":[{"id":"x"}],"startTime":"2020-07-21T16:02:19Z"}`, "", "\xff")
	f.Fuzz(func(t *testing.T, body, condition, member string) {
		for _, line := range []string{
			"PUT ", "PUT /members/" + url.PathEscape(member), "PUT /speakers", "POST /transcript", "POST /summary", "DELETE ",
		} {
			backend := httpapitest.NewBackend()
			r := httpapitest.RequestLine(line, body)
			r.Header.Set("Content-Type", "application/json")
			r.Header["If-Match"] = []string{condition}
			got := httpapitest.Serve(backend.API(httpapi.Options{}), r)
			httpapitest.WantAnswer(t, got)
			if changes := got.Code < 300 && !strings.HasPrefix(line, "POST"); changes != (len(backend.Edits) == 1) {
				t.Fatalf("%s: answered %d, edited %d times", line, got.Code, len(backend.Edits))
			}
		}
	})
}
