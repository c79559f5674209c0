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
	for _, w := range stepsOfJobs() {
		b.Run(w.name, func(b *testing.B) {
			s := w.begin(b, store.New(redistest.Real(b), store.Options{Shards: 1}))
			for b.Loop() {
				s.once(b)
			}
			b.ReportMetric(s.micros(b), "redis-µs/job")
		})
	}
}

// BenchmarkJobIndex reports, for the same jobs, how much longer the scripts take because
// they keep the index that jobs are listed from: beside them scripts that do not run on
// another Redis, by turns.
func BenchmarkJobIndex(b *testing.B) {
	for _, w := range stepsOfJobs() {
		b.Run(w.name, func(b *testing.B) {
			with := w.begin(b, store.New(redistest.Real(b), store.Options{Shards: 1}))
			without := w.begin(b, store.New(redistest.Real(b), store.Options{Shards: 1}).WithoutJobIndex())
			for b.Loop() {
				with.once(b)
				without.once(b)
			}
			b.ReportMetric(with.micros(b), "redis-µs/job")
			b.ReportMetric(with.micros(b)-without.micros(b), "index-µs/job")
		})
	}
}

// A stepsOfJob is how jobs come that are done.
type stepsOfJob struct {
	name        string
	lanes, each int
	atOnce      bool // claimed as they are accepted
}

func stepsOfJobs() []stepsOfJob {
	return []stepsOfJob{
		{"one by one, at once", 1, 1, true},
		{"one by one, later", 1, 1, false},
		{"32 in 8 lanes", 8, 4, false},
	}
}

// stepping does jobs over and over.
type stepping struct {
	stepsOfJob

	store *store.Store
	talks []string
	count int
}

// begin makes the conversations, and begins to count.
func (w stepsOfJob) begin(b *testing.B, s *store.Store) *stepping {
	if err := s.Open(b.Context()); err != nil {
		b.Fatal(err)
	}
	begun := &stepping{stepsOfJob: w, store: s, talks: make([]string, w.lanes)}
	for n := range begun.talks {
		begun.talks[n] = conversation.NewID()
		acceptOne(b, s, begun.talks[n], jobs.Terms{Create: true})
	}
	drainShard(b, s)
	s.Redis().ConfigResetStat(b.Context())
	return begun
}

// once has each conversation get its jobs, and does them.
func (s *stepping) once(b *testing.B) {
	for range s.each {
		for _, talk := range s.talks {
			c := acceptOne(b, s.store, talk, jobs.Terms{Claim: s.atOnce})
			if s.count++; s.atOnce {
				commitAll(b, s.store, []*jobs.Claim{c}, jobs.Want{})
			}
		}
	}
	if !s.atOnce {
		drainShard(b, s.store)
	}
}

func (s *stepping) micros(b *testing.B) float64 {
	return scriptMicros(b, s.store.Redis()) / float64(s.count)
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
