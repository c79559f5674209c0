package symbl_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/httpapi"
	"github.com/turnwise/turnwise/internal/httpapi/httpapitest"
)

// newTalk returns a Backend with a conversation of n messages, of each of which
// there is an insight, by turns a question and a follow-up.
func newTalk(n int) *httpapitest.Backend {
	backend := httpapitest.NewBackend()
	for i := range n {
		id := fmt.Sprintf("%016d", i)
		backend.Stored.Messages = append(backend.Stored.Messages, conversation.Message{
			ID: id, Text: "Who?", Start: httpapitest.Time("2026-05-01T10:00:00Z"), End: httpapitest.Time("2026-05-01T10:00:01Z"),
		})
		backend.Stored.Insights = append(backend.Stored.Insights, analysis.Insight{
			ID: id, Type: []string{"question", "follow_up"}[i%2], MessageIDs: []string{id},
		})
	}
	return backend
}

// A part is an answer to a request with a limit or a cursor.
type part struct {
	ids    []string
	cursor string
	more   bool
}

func readPart(t *testing.T, api *httpapi.API, route string, params url.Values) part {
	t.Helper()
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/"+route+"?"+params.Encode(), ""))
	httpapitest.WantStatus(t, got, 200)
	type item struct{ ID string }
	var body struct {
		Messages, Questions, FollowUps []item
		Cursor                         string
		More                           bool
	}
	if err := json.Unmarshal(got.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	p := part{cursor: body.Cursor, more: body.More}
	for _, m := range append(append(body.Messages, body.Questions...), body.FollowUps...) {
		p.ids = append(p.ids, m.ID)
	}
	return p
}

// TestParts reads lists part by part: each item once, in order, and what has come
// since with the last cursor.
func TestParts(t *testing.T) {
	t.Parallel()

	for route, want := range map[string]int{"messages": 7, "questions": 4, "follow-ups": 3} {
		backend := newTalk(7)
		api := backend.API(httpapi.Options{})
		var ids []string
		params := url.Values{"limit": {"2"}}
		for more := true; more; {
			p := readPart(t, api, route, params)
			if len(p.ids) > 2 || p.more && len(p.ids) < 2 {
				t.Fatalf("%s: a part of %d items, more %t; want 2", route, len(p.ids), p.more)
			}
			ids, more = append(ids, p.ids...), p.more
			params.Set("cursor", p.cursor)
		}
		if len(ids) != want {
			t.Errorf("%s: %v, want %d in parts", route, ids, want)
		}
		for i := range len(ids) - 1 {
			if ids[i] >= ids[i+1] {
				t.Errorf("%s: %v, want each once in order", route, ids)
			}
		}
		if p := readPart(t, api, route, params); len(p.ids) > 0 || p.more {
			t.Errorf("%s: %d items behind the last one", route, len(p.ids))
		}
		backend.Stored = newTalk(9).Stored
		if p := readPart(t, api, route, params); len(p.ids) == 0 || p.ids[0] < "0000000000000007" {
			t.Errorf("%s: %v behind the cursor, want what has come since", route, p.ids)
		}
	}
}

// TestPartsOfAnsweredItems has a part look at a bounded number of items that it
// does not answer, and say that it may go on.
func TestPartsOfAnsweredItems(t *testing.T) {
	t.Parallel()

	backend := httpapitest.NewBackend()
	for range 30_000 {
		backend.Stored.Insights = append(backend.Stored.Insights, analysis.Insight{ID: "1", Type: "follow_up"})
	}
	backend.Stored.Insights = append(backend.Stored.Insights, analysis.Insight{ID: "2", Type: "question"})
	api := backend.API(httpapi.Options{})
	params, parts := url.Values{"limit": {"5"}}, 0
	for {
		parts++
		p := readPart(t, api, "questions", params)
		if !p.more {
			if len(p.ids) != 1 || parts != 4 {
				t.Errorf("%v after %d parts, want one question after 4", p.ids, parts)
			}
			return
		}
		params.Set("cursor", p.cursor)
	}
}

func TestWrongParts(t *testing.T) {
	t.Parallel()

	api := newTalk(3).API(httpapi.Options{})
	other := readPart(t, api, "questions", url.Values{"limit": {"1"}}).cursor
	for query, message := range map[string]string{
		"limit=-1":        `"limit" must be greater than or equal to 0`,
		"limit=65537":     `"limit" must be less than or equal to 65536`,
		"cursor=x":        `"cursor" must be the cursor of an answer of this list`,
		"cursor=" + other: `"cursor" must be the cursor of an answer of this list`,
	} {
		got := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations/"+httpapitest.ConversationID+"/messages?"+query, ""))
		httpapitest.WantRefusal(t, got, 400, message)
	}
}

// TestListByCursor reads a list of conversations part by part.
func TestListByCursor(t *testing.T) {
	t.Parallel()

	backend := newTalk(1)
	backend.Stored.Page.Cursor, backend.Stored.Page.More = "next", true
	api := backend.API(httpapi.Options{})
	got := httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations?cursor=&sort=conversation.name", ""))
	if want := `{"conversations":[],"cursor":"next","more":true}`; got.Body.String() != want {
		t.Errorf("got %s, want %s", got.Body, want)
	}
	httpapitest.WantStatus(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations?cursor=next", "")), 200)
	for i, want := range []string{"", "next"} {
		if q := backend.Listed[i]; !q.Parts || q.Cursor != want {
			t.Errorf("query %+v, want the part at %q", q, want)
		}
	}
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations?cursor=&offset=1", "")), 400,
		`"offset" must be left out beside a cursor`)
	backend.Err = query.ErrCursor
	httpapitest.WantRefusal(t, httpapitest.Serve(api, httpapitest.Request("GET", "/v1/conversations?cursor=x", "")), 400,
		`"cursor" must be the cursor of an answer of this list`)
}
