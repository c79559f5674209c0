package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/edit"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// between calls a function before a client sends its nth pipeline.
type between struct {
	n    int
	do   func()
	sent map[string]int // commands, by name; their pipelines as ""
}

func (h *between) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (h *between) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (h *between) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if h.sent[""]++; h.sent[""] == h.n {
			h.do()
		}
		for _, c := range cmds {
			h.sent[c.Name()]++
		}
		return next(ctx, cmds)
	}
}

// A list that is changed at any moment while it is read has each conversation
// that was there all the time, once.
func TestListWhileItChanges(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		query query.Query
	}{
		{name: "by time", query: query.Query{Limit: 600}},
		{name: "by time, with a condition", query: query.Query{Limit: 60, Filter: named("wanted")}},
		{name: "by time, from the end", query: query.Query{Limit: 60, Filter: named("wanted"), Sort: newestFirst}},
		{name: "in another order", query: query.Query{Limit: 600, Sort: []query.Key{{Field: query.End}}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Server(t)
			last := 0
			for n := 1; n <= last+1; n++ {
				last = changeWhileListing(t, server, tt.query, n)
			}
			if last < 2 {
				t.Errorf("the list took %d round trips, want more to come between", last)
			}
		})
	}
}

// changeWhileListing moves some conversations to the other end, and deletes
// others, before the nth round trip of a list. It returns how many there were.
func changeWhileListing(t *testing.T, server *redistest.Process, q query.Query, n int) (sent int) {
	t.Helper()
	other := newFixture(t, server.Client())
	if err := other.rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	all := row(600)
	for i := range all {
		if i%10 == 0 {
			all[i].Name = "wanted"
		}
	}
	put(t, other.rdb, shards, all)
	deleted := []string{all[0].ID, all[300].ID, all[590].ID}
	hook := &between{n: n, sent: map[string]int{}, do: func() {
		for _, id := range deleted {
			if err := other.remove(id); err != nil {
				t.Error(err)
			}
		}
		for i, to := range map[int]int{20: 700, 200: 400, 400: 1, 580: -1} {
			at := dawn.Add(time.Duration(to) * time.Second)
			if err := other.change(all[i].ID, edit.Change{Start: &at, End: &at}); err != nil {
				t.Error(err)
			}
		}
	}}
	rdb := server.Client()
	rdb.AddHook(hook)
	page, err := store.New(rdb, store.Options{Shards: shards}).List(t.Context(), account, q)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	if !slices.IsSortedFunc(page.Conversations, q.Compare) {
		t.Errorf("changed before round trip %d: the page is not in order", n)
	}
	times := map[string]int{}
	for _, c := range page.Conversations {
		times[c.ID]++
	}
	for _, c := range all {
		least := 1
		if slices.Contains(deleted, c.ID) {
			least = 0
		}
		if got := times[c.ID]; q.Match(c) && (got < least || got > 1) {
			t.Errorf("changed before round trip %d: conversation %s is there %d times", n, c.ID, got)
		}
	}
	return hook.sent[""]
}

// What is deleted between the index and the page leaves no gap that a caller
// would take for the end.
func TestListFillsGaps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		query query.Query
		read  int // the round trip that reads the page
	}{
		{name: "by time", query: query.Query{Offset: 10, Limit: 20}, read: 2},
		{name: "by time, with a condition", query: query.Query{Offset: 10, Limit: 20, Filter: named("x")}, read: 3},
		{name: "in another order", query: query.Query{Offset: 10, Limit: 20, Sort: []query.Key{{Field: query.End}}}, read: 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Server(t)
			other := newFixture(t, server.Client())
			all := row(100)
			for i := range all {
				all[i].Name = "x"
			}
			put(t, other.rdb, shards, all)
			rdb := server.Client()
			rdb.AddHook(&between{n: tt.read, sent: map[string]int{}, do: func() {
				for _, c := range all[15:25] {
					if err := other.remove(c.ID); err != nil {
						t.Error(err)
					}
				}
			}})
			page, err := store.New(rdb, store.Options{Shards: shards}).List(t.Context(), account, tt.query)
			if err != nil {
				t.Fatalf("List: %v", err)
			}
			equal(t, "page", idsOf(page.Conversations), idsOf(slices.Concat(all[10:15], all[25:40])))
		})
	}
}

// Pages, one after the other, have each conversation once, while appends to
// all of them are committed.
func TestListPagesWhileAppending(t *testing.T) {
	t.Parallel()
	f := newFixture(t, redistest.Real(t))
	all := row(50)
	for _, c := range all {
		if err := f.append(c.ID, c.Start, true); err != nil {
			t.Fatal(err)
		}
	}
	var appending sync.WaitGroup
	defer appending.Wait()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	appending.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			c := all[n%len(all)]
			if err := f.append(c.ID, c.Start.Add(time.Duration(n)*time.Millisecond), false); err != nil {
				t.Error(err)
				return
			}
		}
	})
	for _, filter := range []query.Filter{nil, notNamed("x")} {
		for range 5 {
			var got []string
			for page := []string{""}; len(page) > 0; got = append(got, page...) {
				page = idsOf(f.list(query.Query{Filter: filter, Offset: len(got), Limit: 7}).Conversations)
			}
			equal(t, "pages", got, idsOf(all))
		}
	}
}
