package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/client"
)

// shelf is a list that is read by offsets, and changed between two reads.
type shelf struct {
	ids    []string
	change func() // before each read but the first
	reads  int
}

func (s *shelf) answer(r *http.Request) answer {
	if s.reads++; s.reads > 1 && s.change != nil {
		s.change()
	}
	query := r.URL.Query()
	limit, _ := strconv.Atoi(query.Get("limit"))
	offset, _ := strconv.Atoi(query.Get("offset"))
	from := min(offset, len(s.ids))
	page := []map[string]string{}
	for _, id := range s.ids[from:min(from+limit, len(s.ids))] {
		page = append(page, map[string]string{"id": id})
	}
	body, _ := json.Marshal(map[string]any{"conversations": page})
	return ok(string(body))
}

func numbered(n int) []string {
	var ids []string
	for i := range n {
		ids = append(ids, fmt.Sprintf("c%03d", i))
	}
	return ids
}

// TestListIsStable checks, over lists that shrink and grow while they are
// read, that nothing comes twice and nothing is left out that was there
// throughout.
func TestListIsStable(t *testing.T) {
	t.Parallel()

	rapid.Check(t, func(rt *rapid.T) {
		all := numbered(rapid.IntRange(0, 40).Draw(rt, "conversations"))
		offset := rapid.IntRange(0, 3).Draw(rt, "offset")
		stable := map[string]bool{}
		for _, id := range all[min(offset, len(all)):] {
			stable[id] = true
		}
		added := 0
		s := &shelf{ids: slices.Clone(all)}
		s.change = func() {
			for range rapid.IntRange(0, 4).Draw(rt, "deleted") {
				if len(s.ids) > offset { // what the caller passes over stays, or the offset means something else
					at := rapid.IntRange(offset, len(s.ids)-1).Draw(rt, "at")
					delete(stable, s.ids[at])
					s.ids = slices.Delete(s.ids, at, at+1)
				}
			}
			if s.reads < 30 && rapid.Bool().Draw(rt, "add") {
				added++
				at := rapid.IntRange(min(offset, len(s.ids)), len(s.ids)).Draw(rt, "at")
				s.ids = slices.Insert(s.ids, at, fmt.Sprintf("n%03d", added))
			}
		}
		c := (&script{always: s.answer}).client(t, client.Options{})
		seen := map[string]bool{}
		for conv, err := range c.Conversations(t.Context(), client.ConversationQuery{Offset: offset, PageSize: rapid.IntRange(1, 7).Draw(rt, "page")}) {
			if err != nil {
				rt.Fatal(err)
			}
			if seen[conv.ID] {
				rt.Errorf("%s came twice", conv.ID)
			}
			seen[conv.ID] = true
		}
		for id := range maps.Keys(stable) {
			if !seen[id] {
				rt.Errorf("%s was there throughout, but did not come", id)
			}
		}
	})
}

func TestListLimits(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct{ limit, page, want int }{
		{0, 0, 25}, {1, 0, 1}, {10, 10, 10}, {11, 10, 11}, {25, 10, 25}, {30, 7, 25}, {24, 1, 24},
	} {
		t.Run(fmt.Sprintf("%d by %d", tt.limit, tt.page), func(t *testing.T) {
			t.Parallel()

			c := (&script{always: (&shelf{ids: numbered(25)}).answer}).client(t, client.Options{})
			var got []string
			for conv, err := range c.Conversations(t.Context(), client.ConversationQuery{Limit: tt.limit, PageSize: tt.page}) {
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, conv.ID)
			}
			if !slices.Equal(got, numbered(25)[:tt.want]) {
				t.Errorf("got %v, want the first %d", got, tt.want)
			}
		})
	}
}

func TestListEndsWhenToldTo(t *testing.T) {
	t.Parallel()

	s := &shelf{ids: numbered(25)}
	c := (&script{always: s.answer}).client(t, client.Options{})
	for conv, err := range c.Conversations(t.Context(), client.ConversationQuery{PageSize: 5}) {
		if err != nil {
			t.Fatal(err)
		}
		if conv.ID == "c006" {
			break
		}
	}
	if s.reads != 2 {
		t.Errorf("read %d pages, want 2", s.reads)
	}
}

func TestListReportsErrors(t *testing.T) {
	t.Parallel()

	s := &script{answers: []answer{ok(`{"conversations":[{"id":"a"}]}`), refused(400, `"filter" at character 1: expected a selector`)}}
	c := s.client(t, client.Options{})
	var got []string
	for conv, err := range c.Conversations(t.Context(), client.ConversationQuery{Filter: "x", PageSize: 1}) {
		switch {
		case errors.Is(err, client.ErrInvalid):
			got = append(got, "invalid")
		case err != nil:
			t.Fatal(err)
		default:
			got = append(got, conv.ID)
		}
	}
	if want := []string{"a", "invalid"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q and the end", got, want)
	}
}

// TestListParameters checks what is asked for. Without a window and a filter
// the API would take a window of its own.
func TestListParameters(t *testing.T) {
	t.Parallel()

	day := midnight()
	tests := []struct {
		name string
		q    client.ConversationQuery
		want url.Values
	}{
		{"all", client.ConversationQuery{}, url.Values{"cursor": {""}, "limit": {"100"}, "startTime": {"1900-01-01T00:00:00Z"}}},
		{"until", client.ConversationQuery{Until: day}, url.Values{"cursor": {""}, "limit": {"100"}, "endTime": {"2026-03-01T00:00:00Z"}}},
		{
			"everything",
			client.ConversationQuery{Since: day, Filter: "a==b", Sort: "conversation.name", Descending: true, Offset: 7, PageSize: 3},
			url.Values{
				"limit": {"3"}, "offset": {"7"}, "startTime": {"2026-03-01T00:00:00Z"},
				"filter": {"a==b"}, "sort": {"conversation.name"}, "order": {"desc"},
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s := &script{answers: []answer{ok(`{"conversations":[]}`)}}
			for _, err := range s.client(t, client.Options{}).Conversations(t.Context(), tt.q) {
				t.Fatal(err)
			}
			if want := "GET /base/v1/conversations?" + tt.want.Encode(); s.calls[0].line != want {
				t.Errorf("sent %q, want %q", s.calls[0].line, want)
			}
		})
	}
}
