package query_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
)

func TestParseSort(t *testing.T) {
	t.Parallel()

	tests := []struct {
		sort, order string
		want        []query.Key
	}{
		{"", "", []query.Key{{Field: query.Start}}},
		{" ", "asc", []query.Key{{Field: query.Start}}},
		{"", "desc", []query.Key{{Field: query.Start, Desc: true}}},
		{"conversation.startTime", "DESC", []query.Key{{Field: query.Start, Desc: true}}},
		{"-startDate", "", []query.Key{{Field: query.Start, Desc: true}}},
		{"conversation.name , -conversation.endTime", "asc", []query.Key{{Field: query.Name}, {Field: query.End, Desc: true}}},
		{"conversation.name,-conversation.endTime", "desc", []query.Key{{Field: query.Name, Desc: true}, {Field: query.End}}},
		{"conversation.metadata.x-y,conversation.id", "", []query.Key{{Field: query.Metadata, Name: "x-y"}, {Field: query.ID}}},
	}
	for _, tt := range tests {
		t.Run(tt.sort+" "+tt.order, func(t *testing.T) {
			t.Parallel()

			got, err := query.ParseSort(tt.sort, tt.order)
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
				t.Errorf("ParseSort: error %v, keys (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestParseSortRefuses(t *testing.T) {
	t.Parallel()

	if _, err := query.ParseSort("", "up"); !errors.Is(err, query.ErrOrder) {
		t.Errorf("order up: %v, want ErrOrder", err)
	}
	for sort, position := range map[string]int{
		"conversation.title": 1, "name,": 6, ",name": 1, "name, ,id": 7, "--name": 1, "name desc": 1, "ä": 1,
		"name,ä,id": 6, "metadata.": 1, "id,id,id,id,id,id,id,id,name": 25,
	} {
		keys, err := query.ParseSort(sort, "")
		if wrong, ok := errors.AsType[*query.SyntaxError](err); !ok || wrong.Position != position {
			t.Errorf("ParseSort(%q) = %v, %v; want an error at character %d", sort, keys, err, position)
		}
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()

	noon := at("2026-08-01T12:00:00Z")
	all := []conversation.Conversation{
		{ID: "1", Name: "b", Start: noon, End: noon.Add(3 * time.Hour), Metadata: map[string]string{"n": "10"}},
		{ID: "2", Name: "a", Start: noon.Add(time.Hour), End: noon.Add(2 * time.Hour), Metadata: map[string]string{"n": "9"}},
		{ID: "3", Start: noon, End: noon.Add(2 * time.Hour), Metadata: map[string]string{"n": "5x"}},
		{ID: "4", Name: "a", Start: noon.Add(-time.Hour), End: noon},
	}
	tests := []struct{ sort, order, want string }{
		{"", "asc", "4132"},
		{"", "desc", "2314"},
		{"-startTime,id", "", "2134"},
		{"name", "", "3241"},
		{"name", "desc", "1423"},
		{"name,-id", "", "3421"},
		{"name,startTime", "", "3421"},
		{"endTime", "", "4231"},
		{"-endTime,startTime", "", "1324"},
		{"id", "desc", "4321"},
		{"metadata.n", "", "2134"},
		{"metadata.n", "desc", "4312"},
		{"metadata.m", "", "1234"},
		{"type", "", "1234"},
	}
	for _, tt := range tests {
		t.Run(tt.sort+" "+tt.order, func(t *testing.T) {
			t.Parallel()

			keys, err := query.ParseSort(tt.sort, tt.order)
			if err != nil {
				t.Fatal(err)
			}
			sorted := slices.SortedFunc(slices.Values(all), query.Query{Sort: keys}.Compare)
			got := ""
			for _, c := range sorted {
				got += c.ID
			}
			if got != tt.want {
				t.Errorf("order = %s, want %s", got, tt.want)
			}
		})
	}
}

// TestCompareIsAnOrder makes sure that pages neither repeat nor leave out a
// conversation, whatever is sorted by.
func TestCompareIsAnOrder(t *testing.T) {
	t.Parallel()

	sorts := rapid.SampledFrom([]string{"", "name", "metadata.a", "-metadata.a,name", "endTime,-startTime", "type,-name", "-id"})
	rapid.Check(t, func(t *rapid.T) {
		up := query.Query{Sort: must(query.ParseSort(sorts.Draw(t, "sort"), "asc"))}
		a, b, c := drawConversation(t), drawConversation(t), drawConversation(t)
		if ab, ba := up.Compare(a, b), up.Compare(b, a); sign(ab) != -sign(ba) || (ab == 0) != (a.ID == b.ID && ab == 0) {
			t.Fatalf("Compare = %d, and %d the other way round: %+v, %+v", ab, ba, a, b)
		}
		if up.Compare(a, b) <= 0 && up.Compare(b, c) <= 0 && up.Compare(a, c) > 0 {
			t.Fatalf("a ≤ b ≤ c < a: %+v, %+v, %+v", a, b, c)
		}
	})
}

// TestDescendingIsTheReverse is what lets one index serve both directions.
func TestDescendingIsTheReverse(t *testing.T) {
	t.Parallel()

	sorts := rapid.SampledFrom([]string{"", "name", "metadata.a", "name,endTime", "id"})
	rapid.Check(t, func(t *rapid.T) {
		sort := sorts.Draw(t, "sort")
		up, down := query.Query{Sort: must(query.ParseSort(sort, "asc"))}, query.Query{Sort: must(query.ParseSort(sort, "desc"))}
		if a, b := drawConversation(t), drawConversation(t); sign(up.Compare(a, b)) != -sign(down.Compare(a, b)) {
			t.Fatalf("Compare = %d ascending, %d descending: %+v, %+v", up.Compare(a, b), down.Compare(a, b), a, b)
		}
	})
}

func must(keys []query.Key, err error) []query.Key {
	if err != nil {
		panic(err)
	}
	return keys
}

func sign(n int) int { return min(max(n, -1), 1) }

func TestByTime(t *testing.T) {
	t.Parallel()

	tests := []struct {
		sort     string
		desc, ok bool
	}{
		{"", false, true},
		{"startTime", false, true},
		{"-startDate", true, true},
		{"startTime,id", false, true},
		{"-startTime,-id", true, true},
		{"-startTime,id", true, false},
		{"startTime,name", false, false},
		{"startTime,id,name", false, false},
		{"id", false, false},
		{"-endTime", true, false},
	}
	for _, tt := range tests {
		t.Run(tt.sort, func(t *testing.T) {
			t.Parallel()

			desc, ok := query.Query{Sort: must(query.ParseSort(tt.sort, ""))}.ByTime()
			if ok != tt.ok || ok && desc != tt.desc {
				t.Errorf("ByTime = %t, %t; want %t, %t", desc, ok, tt.desc, tt.ok)
			}
		})
	}
	if desc, ok := (query.Query{}).ByTime(); desc || !ok {
		t.Errorf("ByTime of the zero query = %t, %t; want ascending", desc, ok)
	}
}
