package store_test

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/store"
)

// BenchmarkListsOfAccounts reports what a page of the lists of 32 accounts costs, which is
// the most that one of all accounts is of, beside what one of a single account does: how
// long it takes, and its commands and their time by Redis' own count. Each account has
// 2,000 jobs, or as many as TURNWISE_BENCH_JOBS says, and 20 lanes that wait.
func BenchmarkListsOfAccounts(b *testing.B) {
	rdb, s, count := benchJobs(b, "2000")
	var owners []string
	for n := range 32 {
		owner := fmt.Sprintf("owner%02d", n)
		owners = append(owners, owner)
		seedOf(b, rdb, owner, s.Shards(), count)
		for k := range 20 {
			talk := fmt.Sprint(2000000000000000 + k)
			job := jobs.Job{ID: jobs.NewID(lane.ShardOf(talk, s.Shards())), Account: owner, ConversationID: talk}
			if _, _, err := s.Accept(b.Context(), job, jobs.Terms{Create: true}); err != nil {
				b.Fatal(err)
			}
		}
	}
	lists := []struct {
		name string
		read func(ctx context.Context, of []string) error
	}{
		{"jobs", readJobs(s, jobs.Query{Limit: 50})},
		{"failed jobs", readJobs(s, jobs.Query{Limit: 50, Status: jobs.Failed})},
		{"jobs with a reason", readJobs(s, jobs.Query{Limit: 50, Status: jobs.Failed, Message: "no 7"})},
		{"counts", func(ctx context.Context, of []string) error {
			for _, owner := range of {
				if _, err := s.CountJobs(ctx, owner); err != nil {
					return err
				}
			}
			return nil
		}},
		{"lanes in trouble", readLanes(s, lane.Query{Limit: 50, Kind: lane.Append})},
		{"waiting lanes", readLanes(s, lane.Query{Limit: 50, Kind: lane.Append, State: lane.StateWaiting})},
	}
	for _, some := range [][]string{owners[:1], owners} {
		for _, list := range lists {
			b.Run(fmt.Sprintf("%s of %d", list.name, len(some)), func(b *testing.B) {
				rdb.ConfigResetStat(b.Context())
				report(b, func(ctx context.Context) error { return list.read(ctx, some) })
				calls, us := commandsOf(b, rdb)
				b.ReportMetric(calls/float64(b.N), "commands/page")
				b.ReportMetric(us/float64(b.N), "redis-µs/page")
			})
		}
	}
}

func readJobs(s *store.Store, q jobs.Query) func(context.Context, []string) error {
	return func(ctx context.Context, of []string) error { _, err := s.Jobs(ctx, of, q); return err }
}

func readLanes(s *store.Store, q lane.Query) func(context.Context, []string) error {
	return func(ctx context.Context, of []string) error { _, err := s.Lanes(ctx, of, q); return err }
}

var commandTime = regexp.MustCompile(`cmdstat_([a-z|]+):calls=(\d+),usec=(\d+)`)

// commandsOf returns how many commands there were since the statistics were reset, and how
// long they took, but for those that tell of it.
func commandsOf(b *testing.B, rdb redis.UniversalClient) (calls, us float64) {
	b.Helper()
	for _, m := range commandTime.FindAllStringSubmatch(rdb.Info(b.Context(), "commandstats").Val(), -1) {
		if m[1] == "info" || m[1] == "config|resetstat" {
			continue
		}
		n, _ := strconv.ParseFloat(m[2], 64)
		t, _ := strconv.ParseFloat(m[3], 64)
		calls, us = calls+n, us+t
	}
	return calls, us
}
