package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// append appends a message of the given time to a conversation. It may run on
// any goroutine.
func (f *fixture) append(id string, at time.Time, create bool) error {
	job := jobs.Job{
		ID: jobs.NewID(lane.ShardOf(id, shards)), Account: account, ConversationID: id,
		Utterances: []analysis.Utterance{{Text: "Hello."}},
	}
	c, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: create, Claim: true})
	if err != nil {
		return err
	}
	e := effect(c.Jobs[0])
	e.Messages[0].Start, e.Messages[0].End = at, at
	_, _, err = f.CommitOne(f.t.Context(), c, []jobs.Effect{e}, store.Next{})
	return err
}

func (f *fixture) list(q query.Query) query.Page {
	f.t.Helper()
	page, err := f.List(f.t.Context(), account, q)
	if err != nil {
		f.t.Fatalf("List: %v", err)
	}
	return page
}

// row returns n conversations without anything special, a second apart.
func row(n int) []conversation.Conversation {
	all := make([]conversation.Conversation, n)
	for i := range all {
		at := dawn.Add(time.Duration(i) * time.Second)
		all[i] = conversation.Conversation{ID: fmt.Sprint(2_000_000_000_000_000 + i), Start: at, End: at}
	}
	return all
}

var newestFirst = []query.Key{{Field: query.Start, Desc: true}}

func named(name string) query.Filter {
	return query.Filter{{Field: query.Name, Op: query.Equal, Values: []string{name}}}
}

func notNamed(name string) query.Filter {
	return query.Filter{{Field: query.Name, Op: query.NotEqual, Values: []string{name}}}
}

func archived(is string) query.Filter {
	return query.Filter{{Field: query.Archived, Op: query.Equal, Values: []string{is}}}
}

func TestListFollowsEveryChange(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		yes, later := true, dawn.Add(time.Hour)
		newest := query.Query{Sort: newestFirst, Limit: 10, Count: true}
		steps := []struct {
			name     string
			do       func() error
			want     []string
			archived []string
		}{
			{"one", func() error { return f.append("1", dawn, true) }, []string{"1"}, []string{}},
			{"another", func() error { return f.append("2", dawn.Add(time.Minute), true) }, []string{"2", "1"}, []string{}},
			{"an earlier message", func() error { return f.append("2", dawn.Add(-time.Minute), false) }, []string{"1", "2"}, []string{}},
			{"archived", func() error { return f.change("1", edit.Change{Archived: &yes}) }, []string{"1", "2"}, []string{"1"}},
			{"an earlier message of an archived one", func() error { return f.append("1", dawn.Add(-time.Hour), false) }, []string{"2", "1"}, []string{"1"}},
			{"a new start", func() error { return f.change("2", edit.Change{Start: &later, End: &later}) }, []string{"2", "1"}, []string{"1"}},
			{"deleted", func() error { return f.remove("1") }, []string{"2"}, []string{}},
			{"made again", func() error { return f.append("1", dawn, true) }, []string{"2", "1"}, []string{}},
		}
		for _, s := range steps {
			if err := s.do(); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			page := f.list(newest)
			equal(t, s.name, idsOf(page.Conversations), s.want)
			equal(t, s.name+": count", page.Total, len(s.want))
			for _, c := range page.Conversations {
				if one, err := f.Conversation(t.Context(), account, c.ID); err != nil {
					t.Error(err)
				} else {
					equal(t, s.name+": conversation "+c.ID, c, one)
				}
			}
			for _, c := range page.Conversations { // each index has each of its conversations where it starts
				at := newest
				at.Filter = append(archived(strconv.FormatBool(c.Archived)),
					query.Condition{Field: query.Start, Op: query.Equal, Values: []string{""}, Times: []time.Time{c.Start}})
				equal(t, s.name+": at the start of "+c.ID, idsOf(f.list(at).Conversations), []string{c.ID})
			}
			rest := newest
			rest.Filter = archived("true")
			equal(t, s.name+": archived", idsOf(f.list(rest).Conversations), s.archived)
			equal(t, s.name+": archived, counted", f.list(rest).Total, len(s.archived))
			rest.Filter = archived("false")
			equal(t, s.name+": not archived, counted", f.list(rest).Total, len(s.want)-len(s.archived))
		}
		if page, err := f.List(t.Context(), "other", newest); err != nil || page.Total+len(page.Conversations) > 0 {
			t.Errorf("List of another account = %+v, %v; want nothing", page, err)
		}
	})
}

func (f *fixture) change(id string, c edit.Change) error {
	_, err := f.Edit(f.t.Context(), edit.Target{Account: account, ID: id}, edit.Step{Change: c})
	return err
}

func (f *fixture) remove(id string) error {
	_, err := f.Delete(f.t.Context(), edit.Target{Account: account, ID: id})
	return err
}

func TestListOfWhatIsNamed(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		all := row(3)
		put(t, f.rdb, shards, all)
		wanted := []string{all[2].ID, "7", "../x", all[0].ID}
		page := f.list(query.Query{
			Filter: query.Filter{{Field: query.ID, Op: query.In, Values: wanted}}, Limit: 1, Offset: 1, Count: true,
		})
		equal(t, "page", idsOf(page.Conversations), []string{all[2].ID})
		equal(t, "count", page.Total, 2)
	})
}

// The shards need not have their share of what comes first.
func TestListOfUnevenShards(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		all := row(200)
		slices.SortStableFunc(all, func(a, b conversation.Conversation) int {
			return cmp.Compare(lane.ShardOf(a.ID, shards), lane.ShardOf(b.ID, shards))
		})
		for i := range all {
			all[i].Start = dawn.Add(time.Duration(i) * time.Second)
			all[i].End = all[i].Start
		}
		put(t, f.rdb, shards, all)
		equal(t, "page", idsOf(f.list(query.Query{Offset: 5, Limit: 90}).Conversations), idsOf(all[5:95]))
		slices.Reverse(all)
		equal(t, "page from the end", idsOf(f.list(query.Query{Offset: 5, Limit: 90, Sort: newestFirst}).Conversations), idsOf(all[5:95]))
	})
}

// Who asks for more than may be looked at is told so. What the index answers
// by itself is not looked at.
func TestListTooBroad(t *testing.T) {
	t.Parallel()
	rdb := redistest.Real(t)
	all := row(2000)
	all[1999].Name = "last"
	put(t, rdb, shards, all)
	s := store.New(rdb, store.Options{Shards: shards, MaxScan: 100})
	byName := []query.Key{{Field: query.Name}}
	tests := []struct {
		name  string
		query query.Query
		broad bool
		found int
	}{
		{name: "a deep page", query: query.Query{Offset: 1990, Limit: 20, Count: true}, found: 10},
		{name: "a deep page from the other end", query: query.Query{Offset: 1985, Limit: 20, Sort: newestFirst}, found: 15},
		{name: "a deep page without the archived", query: query.Query{Offset: 1990, Limit: 5, Filter: archived("false"), Count: true}, found: 5},
		{name: "behind the end", query: query.Query{Offset: 1 << 62, Limit: 20}},
		{name: "a long page, which is what it looks at", query: query.Query{Limit: 101}, found: 101},
		{name: "a condition that holds far away", query: query.Query{Filter: named("last"), Limit: 1}, broad: true},
		{name: "a condition that holds near by", query: query.Query{Filter: named("last"), Limit: 1, Sort: newestFirst}, found: 1},
		{name: "a condition and an offset", query: query.Query{Filter: notNamed("last"), Offset: 101, Limit: 1}, broad: true},
		{name: "to count by a condition", query: query.Query{Filter: named("last"), Count: true}, broad: true},
		{name: "too many by id", query: query.Query{Filter: query.Filter{{Field: query.ID, Op: query.In, Values: idsOf(all[:101])}}, Limit: 1}, broad: true},
		{name: "another order", query: query.Query{Sort: byName, Limit: 1}, broad: true},
		{name: "another order in a window", query: query.Query{From: dawn.Add(1950 * time.Second), Sort: byName, Limit: 100}, found: 50},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page, err := s.List(t.Context(), account, tt.query)
			if errors.Is(err, query.ErrTooBroad) != tt.broad || err != nil && !tt.broad {
				t.Fatalf("List = %v, want too broad: %t", err, tt.broad)
			}
			equal(t, "conversations", len(page.Conversations), tt.found)
		})
	}
}

// A page by time costs what is on it, wherever it is.
func TestListReadsThePageOnly(t *testing.T) {
	t.Parallel()
	server := redistest.Server(t)
	all := row(5000)
	put(t, server.Client(), shards, all)
	for _, q := range []query.Query{
		{Offset: 4000, Limit: 20, Count: true},
		{Offset: 4000, Limit: 20, Sort: newestFirst},
		{Offset: 4000, Limit: 20, From: dawn, Filter: archived("false")},
	} {
		rdb, hook := server.Client(), &between{sent: map[string]int{}}
		rdb.AddHook(hook)
		page, err := store.New(rdb, store.Options{Shards: shards}).List(t.Context(), account, q)
		if err != nil {
			t.Fatalf("List: %v", err)
		}
		equal(t, "page", len(page.Conversations), 20)
		if read := hook.sent["hgetall"] + hook.sent["hmget"]; read > 150 || hook.sent[""] > 20 {
			t.Errorf("List(%+v) read %d hashes in %d round trips, want those of the page in a few", q, read, hook.sent[""])
		}
	}
}

func TestListOnACluster(t *testing.T) {
	t.Parallel()
	rdb, _ := redistest.Cluster(t)
	f := newFixture(t, rdb)
	all := row(3000)
	put(t, rdb, shards, all)
	page := f.list(query.Query{Offset: 2000, Limit: 30, Count: true})
	equal(t, "by time", idsOf(page.Conversations), idsOf(all[2000:2030]))
	equal(t, "count", page.Total, len(all))
	last := query.Query{From: all[2500].Start, Limit: 30, Sort: []query.Key{{Field: query.End}}, Count: true}
	page = f.list(last)
	equal(t, "in another order", idsOf(page.Conversations), idsOf(all[2500:2530]))
}

func TestListWithoutRedis(t *testing.T) {
	t.Parallel()
	server := redistest.Server(t)
	f := newFixture(t, server.Client())
	put(t, f.rdb, shards, row(3))
	server.Kill()
	for _, q := range []query.Query{{Limit: 1}, {Limit: 1, Sort: []query.Key{{Field: query.Name}}}, {Count: true}} {
		if page, err := f.List(t.Context(), account, q); !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("List(%+v) = %+v, %v; want jobs.ErrUnavailable", q, page, err)
		}
	}
}

func TestListHeedsItsContext(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		put(t, f.rdb, shards, row(3))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if page, err := f.List(ctx, account, query.Query{Limit: 1}); !errors.Is(err, context.Canceled) {
			t.Errorf("List = %+v, %v; want context.Canceled", page, err)
		}
	})
}
