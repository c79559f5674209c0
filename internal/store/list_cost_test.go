package store_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// TestListCost has an account with many conversations: a page by any order and any
// filter takes Redis 5 ms at most, and no command of it takes longer. With
// TURNWISE_TEST_LONG they are 100,000.
func TestListCost(t *testing.T) {
	rdb := redistest.Real(t)
	conversations := 8_000
	if os.Getenv("TURNWISE_TEST_LONG") != "" {
		conversations = 100_000
	}
	s := store.New(rdb, store.Options{})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	fillYear(t, rdb, s.Shards(), conversations)
	nothing := query.Filter{{Field: query.Metadata, Name: "agent", Op: query.Equal, Values: []string{"nobody"}}}
	for _, tt := range []struct {
		name  string
		query query.Query
	}{
		{"oldest", query.Query{}},
		{"newest", query.Query{Sort: newestFirst}},
		{"newest of what is not archived", query.Query{Sort: newestFirst, Filter: archived("false")}},
		{"by name", query.Query{Sort: []query.Key{{Field: query.Name}}}},
		{"by end, the last first", query.Query{Sort: []query.Key{{Field: query.End, Desc: true}}}},
		{"by metadata", query.Query{Sort: []query.Key{{Field: query.Metadata, Name: "agent"}}}},
		{"a filter that matches nothing", query.Query{Filter: nothing}},
		{"a filter that matches nothing, by name", query.Query{Filter: nothing, Sort: []query.Key{{Field: query.Name}}}},
		{"a filter of one name", query.Query{Filter: named("Call 77")}},
	} {
		t.Run(tt.name, func(t *testing.T) { checkCost(t, s, rdb, tt.query) })
	}
}

// checkCost reads up to two hundred parts of a list.
func checkCost(t *testing.T, s *store.Store, rdb redis.UniversalClient, q query.Query) {
	t.Helper()
	q.Parts, q.Limit = true, 20
	limit := stepLimit()
	rdb.ConfigSet(t.Context(), "slowlog-log-slower-than", strconv.FormatInt(limit.Microseconds(), 10))
	rdb.Do(t.Context(), "SLOWLOG", "RESET")
	before := busy(t, rdb)
	calls, found := 0, 0
	for more := true; more && calls < 200; calls++ {
		page, err := s.List(t.Context(), account, q)
		if err != nil {
			t.Fatal(err)
		}
		found += len(page.Conversations)
		q.Cursor, more = page.Cursor, page.More
	}
	took := (busy(t, rdb) - before) / time.Duration(calls)
	t.Logf("%d calls, %d conversations, %v of Redis a call", calls, found, took)
	if took > limit {
		t.Errorf("a call takes %v of Redis, want %v at most", took, limit)
	}
	slow := rdb.SlowLogGet(t.Context(), 100).Val()
	if len(slow) > calls/10 { // those of a machine that is busy with others are few
		t.Errorf("%d commands took more than %v, the last one %v: %.100v", len(slow), limit, slow[0].Duration, slow[0].Args)
	}
}

// busy returns how long the thread of Redis that executes commands was at work.
func busy(t *testing.T, rdb redis.UniversalClient) time.Duration {
	t.Helper()
	var sum time.Duration
	for line := range strings.Lines(rdb.Info(t.Context(), "cpu").Val()) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), ":"); strings.HasSuffix(name, "_main_thread") {
			seconds, _ := strconv.ParseFloat(value, 64)
			sum += time.Duration(seconds * float64(time.Second))
		}
	}
	return sum
}
