package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// Sweep looks at the first lane of a shard's ready index. It reports whether
// the caller is to ring because that lane is due, and after how long it is
// worth looking again: 0 if nothing stands in the index.
func (s *Store) Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error) {
	step := "sweep shard " + strconv.Itoa(shard)
	k := keysOf(shard)
	r, err := s.run(ctx, sweepLanes, step, []string{k.ready(kind), k.bell(kind)})
	if err != nil {
		return false, 0, err
	}
	switch r.word() {
	case "empty":
		return false, 0, nil
	case "later":
		return false, time.Duration(r.number(1)) * time.Millisecond, nil
	case "due":
		return r.number(1) == 1, 0, nil
	}
	return false, 0, r.unexpected(step)
}

// LaneStats returns how many lanes of a kind are not empty, and how long the
// one that is due longest has been so.
func (s *Store) LaneStats(ctx context.Context, kind lane.Kind) (pending int64, oldest time.Duration, err error) {
	now, err := s.rdb.Time(ctx).Result()
	if err != nil {
		return 0, 0, fault("ask Redis for the time", err)
	}
	pipe := s.rdb.Pipeline()
	sizes := make([]*redis.IntCmd, s.opts.Shards)
	heads := make([]*redis.ZSliceCmd, s.opts.Shards)
	for n := range s.opts.Shards {
		key := keysOf(n).ready(kind)
		sizes[n], heads[n] = pipe.ZCard(ctx, key), pipe.ZRangeWithScores(ctx, key, 0, 0)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, 0, fault("count the lanes", err)
	}
	for n := range sizes {
		pending += sizes[n].Val()
		if head := heads[n].Val(); len(head) > 0 {
			oldest = max(oldest, now.Sub(time.UnixMilli(int64(head[0].Score))))
		}
	}
	return pending, oldest, nil
}
