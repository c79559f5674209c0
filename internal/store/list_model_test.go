package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// TestListModel compares random lists with what a walk through all
// conversations in memory selects. Most conversations share their start time
// with others.
func TestListModel(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 60} {
		t.Run(fmt.Sprint(n, " conversations"), func(t *testing.T) {
			t.Parallel()
			redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) { checkLists(t, rdb, n) })
		})
	}
}

// TestListModelDeep does so where pages lie deep and conversations are read in
// several round trips, which takes miniredis too long.
func TestListModelDeep(t *testing.T) {
	t.Parallel()
	checkLists(t, redistest.Real(t), 1500)
}

func checkLists(t *testing.T, rdb redis.UniversalClient, conversations int) {
	t.Helper()
	all := randomConversations(conversations)
	put(t, rdb, shards, all)
	rapid.Check(t, func(rt *rapid.T) { checkList(t, rt, rdb, all) })
}

func checkList(t *testing.T, rt *rapid.T, rdb redis.UniversalClient, all []conversation.Conversation) {
	q := drawQuery(rt, len(all))
	scan := rapid.SampledFrom([]int{0, 0, 0, 7, 100}).Draw(rt, "most")
	s := store.New(rdb, store.Options{Shards: shards, MaxScan: scan})
	got, err := s.List(t.Context(), account, q)
	checkParts(t, rt, s, q, all)
	bound := scan
	if bound == 0 {
		bound = 600
	}
	if errors.Is(err, query.ErrTooBroad) && len(all) > bound {
		return
	}
	if err != nil {
		rt.Fatalf("List: %v", err)
	}
	want := selectFrom(all, q)
	if q.Count && got.Total != want.Total {
		rt.Errorf("List counted %d, want %d", got.Total, want.Total)
	}
	if diff := cmp.Diff(idsOf(want.Conversations), idsOf(got.Conversations)); diff != "" {
		rt.Errorf("List (-want +got):\n%s", diff)
	}
	i := 0
	for c, err := range s.WithMembers(t.Context(), account, got.Conversations) {
		if err != nil || i == len(want.Conversations) {
			rt.Fatalf("WithMembers yields %+v, %v behind %d of %d", c, err, i, len(want.Conversations))
		}
		w := want.Conversations[i]
		i++
		if c.Name != w.Name || !cmp.Equal(c.Members, w.Members) || !cmp.Equal(c.Metadata, w.Metadata) {
			rt.Errorf("List returned %+v, want %+v", c, w)
		}
	}
	if i < len(want.Conversations) {
		rt.Errorf("WithMembers yields %d conversations, want %d", i, len(want.Conversations))
	}
}

// checkParts reads a list part by part: together they are all that is selected.
func checkParts(t *testing.T, rt *rapid.T, s *store.Store, q query.Query, all []conversation.Conversation) {
	if len(all) > 100 {
		return // every part of another order looks at all, one step after the other
	}
	q.Offset, q.Count, q.Parts, q.Limit = 0, false, true, max(q.Limit, 3)
	var got []string
	for {
		page, err := s.List(t.Context(), account, q)
		if err != nil {
			rt.Fatalf("List of a part: %v", err)
		}
		if len(page.Conversations) > q.Limit {
			rt.Fatalf("a part has %d conversations, want %d at most", len(page.Conversations), q.Limit)
		}
		got = append(got, idsOf(page.Conversations)...)
		if q.Cursor = page.Cursor; !page.More {
			break
		}
	}
	q.Limit = len(all)
	if diff := cmp.Diff(idsOf(selectFrom(all, q).Conversations), got, cmpopts.EquateEmpty()); diff != "" {
		rt.Errorf("parts (-want +got):\n%s", diff)
	}
}

// selectFrom is the truth: it looks at everything.
func selectFrom(all []conversation.Conversation, q query.Query) query.Page {
	var selected []conversation.Conversation
	for _, c := range all {
		if q.Match(c) {
			selected = append(selected, c)
		}
	}
	slices.SortFunc(selected, q.Compare)
	from := min(q.Offset, len(selected))
	return query.Page{Conversations: selected[from:min(from+q.Limit, len(selected))], Total: len(selected)}
}

var dawn = time.UnixMilli(1_700_000_000_000).UTC()

// randomConversations returns the same ones at each call. Half of them start
// at the same time.
func randomConversations(n int) []conversation.Conversation {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same in every run
	all := make([]conversation.Conversation, n)
	for i := range all {
		c := conversation.Conversation{
			ID: fmt.Sprint(1_000_000_000_000_000 + r.IntN(1_000_000_000_000)), Type: "meeting",
			Start: dawn.Add(time.Duration(max(r.IntN(40)-20, 0)) * time.Millisecond),
			Name:  []string{"", "a", "b", "9", "10"}[r.IntN(5)], Archived: r.IntN(5) == 0,
			Metadata: map[string]string{}, Labels: map[string]string{},
			ExternalID: []string{"", "x", "y"}[r.IntN(3)],
		}
		c.End = c.Start.Add(time.Duration(r.IntN(10)) * time.Millisecond)
		if r.IntN(3) > 0 {
			c.Metadata["k"] = []string{"v", "w"}[r.IntN(2)]
			c.Labels["l"] = []string{"v", "w"}[r.IntN(2)]
		}
		c.Members = []conversation.Member{}
		if r.IntN(2) > 0 {
			c.Members = append(c.Members, conversation.Member{ID: "1", Name: "Ann", UserID: "ann@example.com", Since: 1})
		}
		all[i] = c
	}
	return all
}

func drawQuery(rt *rapid.T, conversations int) query.Query {
	offsets := rapid.IntRange(0, 40)
	if rapid.IntRange(0, 3).Draw(rt, "deep") == 0 {
		offsets = rapid.IntRange(0, conversations+20)
	}
	return query.Query{
		From:   rapid.OneOf(rapid.Just(time.Time{}), moments()).Draw(rt, "from"),
		To:     rapid.OneOf(rapid.Just(time.Time{}), moments()).Draw(rt, "to"),
		Filter: rapid.SliceOfN(conditions(), 0, 2).Draw(rt, "filter"),
		Sort:   rapid.OneOf(byTime(), rapid.SliceOfN(sortKeys(), 0, 3)).Draw(rt, "sort"),
		Offset: offsets.Draw(rt, "offset"),
		Limit:  rapid.IntRange(0, 30).Draw(rt, "limit"),
		Count:  rapid.Bool().Draw(rt, "count"),
	}
}

// moments are in and around where the conversations are, between two ms too.
func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(rt *rapid.T) time.Time {
		return dawn.Add(time.Duration(rapid.IntRange(-4, 62).Draw(rt, "half ms")) * time.Millisecond / 2)
	})
}

func byTime() *rapid.Generator[[]query.Key] {
	return rapid.Custom(func(rt *rapid.T) []query.Key {
		return []query.Key{{Field: query.Start, Desc: rapid.Bool().Draw(rt, "desc")}}
	})
}

func sortKeys() *rapid.Generator[query.Key] {
	return rapid.Custom(func(rt *rapid.T) query.Key {
		return query.Key{
			Field: rapid.SampledFrom([]query.Field{query.Start, query.End, query.ID, query.Name, query.Metadata}).Draw(rt, "field"),
			Name:  "k",
			Desc:  rapid.Bool().Draw(rt, "desc"),
		}
	})
}

// conditions compare all fields; those that the index answers come more often.
func conditions() *rapid.Generator[query.Condition] {
	ops := rapid.SampledFrom([]query.Op{
		query.Equal, query.NotEqual, query.Less, query.LessEqual, query.Greater, query.GreaterEqual, query.In, query.Out,
	})
	return rapid.Custom(func(rt *rapid.T) query.Condition {
		op := ops.Draw(rt, "op")
		switch rapid.IntRange(0, 4).Draw(rt, "kind") {
		case 0, 1:
			field := rapid.SampledFrom([]query.Field{query.Start, query.Start, query.End}).Draw(rt, "field")
			at := moments().Draw(rt, "at")
			return query.Condition{Field: field, Op: op, Values: []string{at.Format(time.RFC3339Nano)}, Times: []time.Time{at}}
		case 2:
			value := rapid.SampledFrom([]string{"true", "false", "maybe"}).Draw(rt, "value")
			return query.Condition{Field: query.Archived, Op: query.Equal, Values: []string{value}}
		case 3:
			return query.Condition{Field: query.Email, Op: op, Values: []string{"ann@example.com"}}
		default:
			field := rapid.SampledFrom([]query.Field{query.Name, query.Metadata, query.Label, query.ExternalID}).Draw(rt, "field")
			name := map[query.Field]string{query.Metadata: "k", query.Label: "l"}[field]
			value := rapid.SampledFrom([]string{"a", "9", "v", "x"}).Draw(rt, "value")
			return query.Condition{Field: field, Name: name, Op: op, Values: []string{value}}
		}
	})
}
