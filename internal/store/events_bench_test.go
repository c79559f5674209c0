package store_test

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
	"github.com/turnwise/turnwise/internal/webhook"
)

// BenchmarkDeliveries claims and settles the three events of each of many jobs,
// by so many callers at once in so many shards, and reports what that costs
// Redis: processor time and calls of scripts.
func BenchmarkDeliveries(b *testing.B) {
	for _, c := range []struct{ shards, callers int }{{1, 1}, {1, 4}, {1, 16}, {1, 64}, {16, 64}} {
		b.Run(fmt.Sprintf("shards=%d/callers=%d", c.shards, c.callers), func(b *testing.B) {
			const each = 3000
			var cpu, calls, n float64
			for b.Loop() {
				b.StopTimer()
				rdb := redistest.Real(b)
				s := store.New(rdb, store.Options{Shards: c.shards, Endpoints: store.EndpointOptions{InFlight: 64 * c.shards, Wary: 64 * c.shards}})
				if err := s.Open(b.Context()); err != nil {
					b.Fatal(err)
				}
				fill(b, s, c.shards, each)
				rdb.ConfigResetStat(b.Context())
				before := cpuOf(b, rdb)
				b.StartTimer()
				deliverAll(b, s, c.shards, c.callers, 3*each)
				b.StopTimer()
				cpu += cpuOf(b, rdb) - before
				calls += scriptCalls(b, rdb)
				n += 3 * each
				b.StartTimer()
			}
			b.ReportMetric(cpu*1e6/n, "redis-µs/delivery")
			b.ReportMetric(calls/n, "calls/delivery")
		})
	}
}

// fill has jobs done whose events are all to be told yet.
func fill(b *testing.B, s *store.Store, shards, n int) {
	b.Helper()
	var all sync.WaitGroup
	for p := range 16 {
		all.Go(func() {
			for i := p; i < n; i += 16 {
				shard := i % shards
				job := jobs.Job{
					ID: jobs.NewID(shard), Account: account, ConversationID: fmt.Sprintf("%016d", i), WebhookURL: hook,
					Utterances: []analysis.Utterance{{From: conversation.Speaker{Name: "Ann", UserID: "ann@example.com"}, Text: strings.Repeat("word ", 40)}},
				}
				if _, _, err := s.Accept(b.Context(), job, jobs.Terms{Create: true}); err != nil {
					b.Error(err)
					return
				}
				c, _, err := s.ClaimOne(b.Context(), shard, 1)
				if err == nil && c != nil {
					_, _, err = s.CommitOne(b.Context(), c, []jobs.Effect{effect(c.Jobs[0])}, store.Next{})
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}

func deliverAll(b *testing.B, s *store.Store, shards, callers int, want int64) {
	b.Helper()
	var told atomic.Int64
	var all sync.WaitGroup
	for p := range callers {
		all.Go(func() {
			c, _, err := s.ClaimEvent(b.Context(), p%shards)
			for c != nil && err == nil {
				var run []webhook.Settlement
				for e := c; e != nil; e = e.Then {
					told.Add(1)
					record := webhook.Attempt{EventID: e.Event.ID(), Status: e.Event.Status, Number: e.Attempt, At: time.Now(), Outcome: webhook.Delivered, Code: 200, FirstByte: 0.123, Total: 0.234}
					run = append(run, webhook.Settlement{Outcome: webhook.Delivered, Attempt: record, Health: webhook.Fast})
				}
				c, _, err = s.SettleEvents(b.Context(), c, run, true)
			}
			if err != nil {
				b.Error(err)
			}
		})
	}
	all.Wait()
	if told.Load() != want {
		b.Errorf("%d events told, want %d", told.Load(), want)
	}
}

// cpuOf returns the processor time that Redis has used, in seconds.
func cpuOf(b *testing.B, rdb redis.UniversalClient) (sum float64) {
	b.Helper()
	for line := range strings.Lines(rdb.Info(b.Context(), "cpu").Val()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name == "used_cpu_sys" || name == "used_cpu_user" {
			f, _ := strconv.ParseFloat(value, 64)
			sum += f
		}
	}
	return sum
}

func scriptCalls(b *testing.B, rdb redis.UniversalClient) float64 {
	b.Helper()
	for line := range strings.Lines(rdb.Info(b.Context(), "commandstats").Val()) {
		if rest, ok := strings.CutPrefix(line, "cmdstat_fcall:calls="); ok {
			n, _, _ := strings.Cut(rest, ",")
			f, _ := strconv.ParseFloat(n, 64)
			return f
		}
	}
	return 0
}
