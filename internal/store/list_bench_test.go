package store_test

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// BenchmarkList lists conversations of an account with 20,000 of them, or as
// many as TURNWISE_BENCH_CONVERSATIONS says, on a redis-server and on a
// cluster. It reports the median and the 99th percentile of the time that a
// list takes, and by how much the heap has grown since before the first one.
func BenchmarkList(b *testing.B) {
	conversations, err := strconv.Atoi(cmp.Or(os.Getenv("TURNWISE_BENCH_CONVERSATIONS"), "20000"))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("redis", func(b *testing.B) { benchLists(b, redistest.Real(b), conversations) })
	b.Run("cluster", func(b *testing.B) {
		rdb, _ := redistest.Cluster(b)
		benchLists(b, rdb, conversations)
	})
}

func benchLists(b *testing.B, rdb redis.UniversalClient, conversations int) {
	s := store.New(rdb, store.Options{})
	if err := s.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	fillYear(b, rdb, s.Shards(), conversations)
	agent := query.Filter{{Field: query.Metadata, Name: "agent", Op: query.Equal, Values: []string{"agent-7"}}}
	lastWeek := dawn.AddDate(0, 0, 358)
	queries := []struct {
		name  string
		query query.Query
	}{
		{"oldest", query.Query{Limit: 20}},
		{"newest", query.Query{Limit: 20, Sort: newestFirst}},
		{"newest, counted", query.Query{Limit: 20, Sort: newestFirst, Filter: archived("false"), Count: true}},
		{"deep", query.Query{Limit: 20, Offset: conversations * 3 / 4}},
		{"deep, from the newest", query.Query{Limit: 20, Offset: conversations * 3 / 4, Sort: newestFirst}},
		{"last week by metadata", query.Query{Limit: 20, From: lastWeek, Filter: agent}},
		{"last week by metadata, counted", query.Query{Limit: 20, From: lastWeek, Filter: agent, Count: true}},
		{"last week by name", query.Query{Limit: 20, From: lastWeek, Sort: []query.Key{{Field: query.Name}}}},
		{"all by name", query.Query{Limit: 20, Sort: []query.Key{{Field: query.Name}}}},
	}
	for _, q := range queries {
		b.Run(q.name, func(b *testing.B) { benchList(b, s, q.query) })
	}
}

func benchList(b *testing.B, s *store.Store, q query.Query) {
	m := measured{before: heap()}
	for b.Loop() {
		m.list(b, s, q)
	}
	m.report(b)
}

// measured is what lists of one kind have taken.
type measured struct {
	before  uint64 // bytes in the heap
	took    []time.Duration
	refused int
}

func (m *measured) list(b *testing.B, s *store.Store, q query.Query) {
	start := time.Now()
	page, err := s.List(b.Context(), account, q)
	for _, failed := range s.WithMembers(b.Context(), account, page.Conversations) {
		err = cmp.Or(err, failed)
	}
	m.took = append(m.took, time.Since(start))
	switch {
	case errors.Is(err, query.ErrTooBroad):
		m.refused++
	case err != nil || len(page.Conversations) != q.Limit:
		b.Fatalf("List = %d conversations, %v; want %d", len(page.Conversations), err, q.Limit)
	}
}

func (m *measured) report(b *testing.B) {
	slices.Sort(m.took)
	b.ReportMetric(m.took[len(m.took)/2].Seconds()*1000, "p50-ms")
	b.ReportMetric(m.took[len(m.took)*99/100].Seconds()*1000, "p99-ms")
	b.ReportMetric(float64(m.refused)/float64(len(m.took)), "refused/op")
	b.ReportMetric((float64(heap())-float64(m.before))/1024, "heap-KiB")
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// fillYear spreads conversations over a year, in portions that fit the memory.
func fillYear(b testing.TB, rdb redis.UniversalClient, shards, conversations int) {
	b.Helper()
	apart := 365 * 24 * time.Hour / time.Duration(conversations)
	part := make([]conversation.Conversation, 0, 1000)
	for i := range conversations {
		start := dawn.Add(time.Duration(i) * apart)
		part = append(part, conversation.Conversation{
			ID: fmt.Sprint(3_000_000_000_000_000 + i*7919%conversations), Name: fmt.Sprint("Call ", i*31%conversations),
			Start: start, End: start.Add(20 * time.Minute), Archived: i%50 == 0,
			Metadata: map[string]string{"agent": fmt.Sprint("agent-", i%10), "customer": fmt.Sprint(i)},
			Members: []conversation.Member{
				{ID: "3b3be4f8-4d31-8cb5-9d05-5ba4d7e3c1a1", Name: "Ann", UserID: "ann@example.com", Since: start.UnixMilli()},
				{ID: "9c1b9a35-58fd-8b06-8f4a-0f2f6f3f6a02", Name: "Bob", UserID: "bob@example.com", Since: start.UnixMilli(), Index: 1},
			},
		})
		if len(part) == cap(part) || i == conversations-1 {
			put(b, rdb, shards, part)
			part = part[:0]
		}
	}
}
