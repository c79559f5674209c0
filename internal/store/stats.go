package store

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// LaneStats counts the lanes of a kind, server by server at the same time: of
// a Cluster, one that does not answer before the deadline of ctx hides no
// other. It returns an error only if none answered.
func (s *Store) LaneStats(ctx context.Context, kind lane.Kind) (lane.Stats, error) {
	var (
		mu     sync.Mutex
		all    = lane.Stats{Endpoints: map[lane.EndpointState]int64{}}
		failed error
		asked  sync.WaitGroup
	)
	for _, shards := range s.byServer(ctx) {
		asked.Go(func() {
			found, err := s.laneStats(ctx, kind, shards)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				all.Silent += len(shards)
				failed = err
				return
			}
			all.Pending += found.Pending
			all.Oldest = max(all.Oldest, found.Oldest)
			for state, n := range found.Endpoints {
				all.Endpoints[state] += n
			}
		})
	}
	asked.Wait()
	if all.Silent < s.opts.Shards {
		failed = nil
	}
	return all, failed
}

// laneStats counts the lanes of shards on one server.
func (s *Store) laneStats(ctx context.Context, kind lane.Kind, shards []int) (found lane.Stats, err error) {
	accounts, clocks, err := s.accountsAt(ctx, kind, shards)
	if err != nil {
		return found, fault("list the accounts that have lanes", err)
	}
	wall, err := s.wallOf(ctx, shards[0])
	if err != nil {
		return found, fault("ask Redis for its time", err)
	}
	queues := queuesOf(kind, accounts)
	if kind == lane.Deliver {
		clock := func(shard int) time.Time { return clockOf(wall, clocks[shard]) }
		if queues, err = s.endpointsAt(ctx, accounts, clock); err != nil {
			return found, fault("list the endpoints that have lanes", err)
		}
		if found.Endpoints, err = s.endpointStats(ctx, shards, clock); err != nil {
			return found, err
		}
	}
	for some := range slices.Chunk(queues, 500) {
		sizes, heads := make([]*redis.IntCmd, len(some)), make([]*redis.ZSliceCmd, len(some))
		err = retry.Do(ctx, func(ctx context.Context) (err error) {
			pipe := s.rdb.Pipeline()
			for i, q := range some {
				sizes[i], heads[i] = pipe.ZCard(ctx, q.key), pipe.ZRangeWithScores(ctx, q.key, 0, 0)
			}
			_, err = pipe.Exec(ctx)
			return err
		})
		if err != nil {
			return found, fault("count the lanes", err)
		}
		for i, q := range some {
			found.Pending += sizes[i].Val()
			if head := heads[i].Val(); len(head) > 0 && q.asked {
				found.Oldest = max(found.Oldest, clockOf(wall, clocks[q.shard]).Sub(time.UnixMilli(int64(head[0].Score))))
			}
		}
	}
	return found, nil
}

// An accountAt is an account that has lanes in a shard.
type accountAt struct {
	shard   int
	account string
}

// A queueAt is a set of lanes in a shard.
type queueAt struct {
	shard int
	key   string
	asked bool // lanes of it may be claimed
}

// queuesOf returns the append lanes of accounts.
func queuesOf(kind lane.Kind, accounts []accountAt) []queueAt {
	queues := make([]queueAt, len(accounts))
	for n, a := range accounts {
		queues[n] = queueAt{a.shard, keysOf(a.shard).lanes(kind, a.account), true}
	}
	return queues
}

// endpointsAt returns the deliver lanes of accounts, endpoint by endpoint: those that
// wait and those under a lease. What waits at an endpoint that is not to be asked now
// is late for a reason.
func (s *Store) endpointsAt(ctx context.Context, accounts []accountAt, clock func(shard int) time.Time) ([]queueAt, error) {
	var queues []queueAt
	for some := range slices.Chunk(accounts, 500) {
		indexes := make([]*redis.ZSliceCmd, len(some))
		err := retry.Do(ctx, func(ctx context.Context) (err error) {
			pipe := s.rdb.Pipeline()
			for i, a := range some {
				indexes[i] = pipe.ZRangeWithScores(ctx, keysOf(a.shard).lanes(lane.Deliver, a.account), 0, scanPortion-1)
			}
			_, err = pipe.Exec(ctx)
			return err
		})
		if err != nil {
			return nil, err
		}
		for i, a := range some {
			found := indexes[i].Val()
			if len(found) == scanPortion { // there may be more
				if found, err = s.scanned(ctx, keysOf(a.shard).lanes(lane.Deliver, a.account)); err != nil {
					return nil, err
				}
			}
			for _, z := range found {
				id, _ := z.Member.(string)
				k, asked := keysOf(a.shard), !time.UnixMilli(int64(z.Score)).After(clock(a.shard))
				queues = append(queues, queueAt{a.shard, k.waiting(a.account, id), asked}, queueAt{a.shard, k.flight(a.account, id), asked})
			}
		}
	}
	return queues, nil
}

// accountsAt returns the accounts that have lanes in shards, and what is kept of
// the clock of each shard.
func (s *Store) accountsAt(ctx context.Context, kind lane.Kind, shards []int) (accounts []accountAt, clocks map[int]string, err error) {
	names, kept := make([]*redis.StringSliceCmd, len(shards)), make([]*redis.StringCmd, len(shards))
	err = retry.Do(ctx, func(ctx context.Context) (err error) {
		pipe := s.rdb.Pipeline()
		for i, n := range shards {
			names[i], kept[i] = pipe.ZRange(ctx, keysOf(n).ready(kind), 0, -1), pipe.Get(ctx, keysOf(n).clock())
		}
		if _, err = pipe.Exec(ctx); errors.Is(err, redis.Nil) { // a clock that never had to be kept
			return nil
		}
		return err
	})
	clocks = make(map[int]string, len(shards))
	for i, n := range shards {
		clocks[n] = kept[i].Val()
		for _, account := range names[i].Val() {
			accounts = append(accounts, accountAt{n, account})
		}
	}
	return accounts, clocks, err
}

// wallOf asks the server of a shard for its time. The client of a Cluster asks
// any one, which may be the one that does not answer.
func (s *Store) wallOf(ctx context.Context, shard int) (time.Time, error) {
	if cluster, ok := s.rdb.(*redis.ClusterClient); ok {
		master, err := cluster.MasterForKey(ctx, keysOf(shard).probe())
		if err != nil {
			return time.Time{}, err
		}
		return master.Time(ctx).Result()
	}
	return s.rdb.Time(ctx).Result()
}

// clockOf returns the time by the clock of a shard, of which something is kept
// as lib/lane.lua describes it.
func clockOf(wall time.Time, kept string) time.Time {
	seen, ahead, _ := strings.Cut(kept, " ")
	ms, _ := strconv.ParseInt(ahead, 10, 64)
	now := wall.Add(time.Duration(ms) * time.Millisecond)
	if latest := instant(seen); now.Before(latest) {
		return latest
	}
	return now
}
