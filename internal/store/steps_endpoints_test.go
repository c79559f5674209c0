package store_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// many adds so many members to a sorted set, all with that score.
func (f *fixture) many(key string, count int, score float64) {
	f.t.Helper()
	members := make([]redis.Z, count)
	for n := range members {
		members[n] = redis.Z{Score: score, Member: fmt.Sprintf("another %032d", n)}
	}
	for some := range slices.Chunk(members, 1000) {
		if err := f.rdb.ZAdd(f.t.Context(), key, some...).Err(); err != nil {
			f.t.Fatal(err)
		}
	}
}

// endpointInUse has a job with a webhook wait, and returns the id of its endpoint.
func (f *fixture) endpointInUse() string {
	f.t.Helper()
	f.jobsOfSize(2)
	ids, err := f.rdb.ZRange(f.t.Context(), fmt.Sprintf("tw:{%d}:ready:deliver:%s", shard, account), 0, -1).Result()
	if err != nil || len(ids) != 1 {
		f.t.Fatalf("endpoints %v, %v; want one", ids, err)
	}
	return ids[0]
}

func shardKey(name string) string { return fmt.Sprintf("tw:{%d}:%s", shard, name) }

func burialOverOldOnes(f *fixture) func() {
	id := f.endpointInUse()
	f.many(shardKey("dead:"+account+":"+id), 10_000, 1) // no more are kept
	c := f.claimEvent()
	return func() {
		f.settle(c, webhook.Settlement{Outcome: webhook.Dead, Attempt: webhook.Attempt{Code: 410}}, false)
	}
}

func failureOverOldEndpoints(f *fixture) func() {
	f.endpointInUse()
	f.many(shardKey("endpoints:"+account), 200_000, 1)
	f.many(shardKey("held"), 200_000, 1)
	c := f.claimEvent()
	return func() {
		f.settle(c, webhook.Settlement{Outcome: webhook.Retry, Delay: time.Hour, Hold: time.Hour, Attempt: webhook.Attempt{Code: 503}}, false)
	}
}

func listOfManyEndpoints(f *fixture) func() {
	f.many(shardKey("endpoints:"+account), 100_000, float64(time.Now().UnixMilli()))
	return func() {
		ids, err := f.EndpointsIn(f.t.Context(), shard, account)
		if err != nil || len(ids) != 100_000 {
			f.t.Errorf("%d endpoints, %v; want 100,000", len(ids), err)
		}
		all, err := f.Endpoints(f.t.Context(), account)
		if err != nil || len(all) != 100_000 {
			f.t.Errorf("%d states of endpoints, %v; want 100,000", len(all), err)
		}
	}
}

func statsOfManyEndpoints(f *fixture) func() {
	f.endpointInUse()
	f.many(shardKey("ready:deliver:"+account), 100_000, float64(time.Now().UnixMilli()))
	return func() {
		if s, err := f.LaneStats(f.t.Context(), lane.Deliver); err != nil || s.Pending != 1 {
			f.t.Errorf("%+v, %v; want one lane that waits", s, err)
		}
	}
}

func pageOfCrowds(f *fixture) func() {
	f.crowded(2000)
	return func() {
		page, err := f.List(f.t.Context(), account, query.Query{Limit: 20})
		if err != nil || len(page.Conversations) != 1 {
			f.t.Errorf("%d conversations, %v; want one", len(page.Conversations), err)
		}
		for c, err := range f.WithMembers(f.t.Context(), account, page.Conversations) {
			if err != nil || len(c.Members) != 2000 {
				f.t.Errorf("%d members, %v; want 2,000", len(c.Members), err)
			}
		}
	}
}

func readAtPlaces(f *fixture) func() {
	f.jobsOfSize(2, 2)
	c := f.claim(32)
	f.commitEffects(c, bring(c.Jobs[0], 100, 100, 64<<10))
	return func() {
		at := make([]int, 100)
		for n := range at {
			at[n] = n
		}
		for _, err := range f.MessagesAt(f.t.Context(), account, talk, slices.Values(at)) {
			if err != nil {
				f.t.Fatal(err)
			}
		}
		for _, err := range f.InsightsAt(f.t.Context(), account, talk, slices.Values(at)) {
			if err != nil {
				f.t.Fatal(err)
			}
		}
	}
}
