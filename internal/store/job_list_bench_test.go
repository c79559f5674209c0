package store_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// BenchmarkJobSteps reports how long the scripts take, in µs of Redis by its own count
// for each job: one by one, which are claimed as they are accepted, or by a worker; and
// 32 in eight lanes, which are claimed and committed together.
func BenchmarkJobSteps(b *testing.B) {
	b.Run("one by one, at once", func(b *testing.B) { benchSteps(b, 1, 1, true) })
	b.Run("one by one, later", func(b *testing.B) { benchSteps(b, 1, 1, false) })
	b.Run("32 in 8 lanes", func(b *testing.B) { benchSteps(b, 8, 4, false) })
}

func benchSteps(b *testing.B, lanes, each int, atOnce bool) {
	rdb := redistest.Real(b)
	s := store.New(rdb, store.Options{Shards: 1})
	if err := s.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	talks := make([]string, lanes)
	for n := range talks {
		talks[n] = conversation.NewID()
		acceptOne(b, s, talks[n], jobs.Terms{Create: true})
	}
	drainShard(b, s)
	count := 0
	rdb.ConfigResetStat(b.Context())
	for b.Loop() {
		for range each {
			for _, talk := range talks {
				c := acceptOne(b, s, talk, jobs.Terms{Claim: atOnce})
				if count++; atOnce {
					commitAll(b, s, []*jobs.Claim{c}, jobs.Want{})
				}
			}
		}
		if !atOnce {
			drainShard(b, s)
		}
	}
	b.ReportMetric(scriptMicros(b, rdb)/float64(count), "redis-µs/job")
}

// acceptOne accepts a job.
func acceptOne(b *testing.B, s *store.Store, talk string, terms jobs.Terms) *jobs.Claim {
	b.Helper()
	job := jobs.Job{
		ID: jobs.NewID(0), Account: account, ConversationID: talk,
		Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann"}, Text: "Hello, and so on for a while."}},
	}
	c, _, err := s.Accept(b.Context(), job, terms)
	if err != nil {
		b.Fatal(err)
	}
	return c
}

func commitAll(b *testing.B, s *store.Store, claims []*jobs.Claim, want jobs.Want) []*jobs.Claim {
	b.Helper()
	var done []jobs.Done
	for _, c := range claims {
		d := jobs.Done{Claim: c, Stay: true}
		for _, w := range c.Jobs {
			d.Effects = append(d.Effects, effect(w))
		}
		done = append(done, d)
	}
	committed, err := s.Commit(b.Context(), 0, done, want)
	if err != nil {
		b.Fatal(err)
	}
	for _, o := range committed.Outcomes {
		if o.Err != nil {
			b.Fatal(o.Err)
		}
	}
	return committed.Claims
}

// drainShard does all jobs that wait.
func drainShard(b *testing.B, s *store.Store) {
	b.Helper()
	want := jobs.Want{Lanes: 8, Jobs: 32}
	claims, _, err := s.Claim(b.Context(), 0, want)
	if err != nil {
		b.Fatal(err)
	}
	for len(claims) > 0 {
		claims = commitAll(b, s, claims, want)
	}
}

var scriptTime = regexp.MustCompile(`cmdstat_(?:fcall|eval(?:sha)?):calls=\d+,usec=(\d+)`)

// scriptMicros returns how long the scripts took since the statistics were reset.
func scriptMicros(b *testing.B, rdb redis.UniversalClient) (us float64) {
	b.Helper()
	for _, m := range scriptTime.FindAllStringSubmatch(rdb.Info(b.Context(), "commandstats").Val(), -1) {
		n, _ := strconv.ParseFloat(m[1], 64)
		us += n
	}
	return us
}

// benchJobs returns an empty store, and how many jobs it is to have: as many as
// TURNWISE_BENCH_JOBS says, or so many.
func benchJobs(b *testing.B, otherwise string) (redis.UniversalClient, *store.Store, int) {
	b.Helper()
	count, err := strconv.Atoi(cmp.Or(os.Getenv("TURNWISE_BENCH_JOBS"), otherwise))
	if err != nil {
		b.Fatal(err)
	}
	rdb := redistest.Real(b)
	s := store.New(rdb, store.Options{})
	if err := s.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	return rdb, s, count
}

// BenchmarkJobList reports the median and the 99th percentile of a page of 50 among
// 20,000 jobs, or as many as TURNWISE_BENCH_JOBS says.
func BenchmarkJobList(b *testing.B) {
	rdb, s, count := benchJobs(b, "20000")
	all := seed(b, rdb, s.Shards(), count)
	middle, err := s.Jobs(b.Context(), []string{account}, jobs.Query{Limit: 1, To: time.UnixMilli(all[count/2].since)})
	if err != nil {
		b.Fatal(err)
	}
	for _, q := range []struct {
		name  string
		query jobs.Query
	}{
		{"all, newest", jobs.Query{Limit: 50}},
		{"completed, newest", jobs.Query{Limit: 50, Status: jobs.Completed}},
		{"completed, from the middle", jobs.Query{Limit: 50, Status: jobs.Completed, Cursor: middle.Cursor}},
		{"failed, oldest", jobs.Query{Limit: 50, Status: jobs.Failed, Oldest: true}},
		{"scheduled, newest", jobs.Query{Limit: 50, Status: jobs.Scheduled}},
		{"of a conversation", jobs.Query{Limit: 50, ConversationID: all[0].conversation}},
		{"failed with a text", jobs.Query{Limit: 50, Message: "no 7"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			report(b, func(ctx context.Context) error { _, err := s.Jobs(ctx, []string{account}, q.query); return err })
		})
	}
	b.Run("counts", func(b *testing.B) {
		report(b, func(ctx context.Context) error { _, err := s.CountJobs(ctx, account); return err })
	})
	index := fmt.Sprintf("tw:{%d}:done:%s", lane.ShardOf(all[0].conversation, s.Shards()), account)
	size, n := rdb.MemoryUsage(b.Context(), index, 0).Val(), rdb.XLen(b.Context(), index).Val()
	b.Logf("%d completed jobs take %d bytes each of the index", n, size/max(n, 1))
}

// report measures calls.
func report(b *testing.B, call func(context.Context) error) {
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		if err := call(b.Context()); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
