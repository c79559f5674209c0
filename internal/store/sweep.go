package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// Sweep looks at the first lane of a shard's ready index. It reports whether
// the caller is to ring because that lane is due, or because this process may
// hold a claim of which it has not heard; and after how long it is worth
// looking again: 0 if nothing stands in the index.
func (s *Store) Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error) {
	step := "sweep shard " + strconv.Itoa(shard)
	k := keysOf(shard)
	r, err := s.run(ctx, sweepLanes, step, []string{string(k), k.ready(kind), k.bell(kind)})
	if err != nil {
		return false, 0, err
	}
	doubtful := s.unheard.any(place{kind, shard})
	switch r.word() {
	case "empty":
		return doubtful, 0, nil
	case "later":
		return doubtful, time.Duration(r.number(1)) * time.Millisecond, nil
	case "due":
		return doubtful || r.number(1) == 1, 0, nil
	}
	return false, 0, r.unexpected(step)
}

// LaneStats returns how many lanes of a kind are not empty, and how long the
// one that is due longest has been so.
func (s *Store) LaneStats(ctx context.Context, kind lane.Kind) (pending int64, oldest time.Duration, err error) {
	sizes := make([]*redis.IntCmd, s.opts.Shards)
	heads := make([]*redis.ZSliceCmd, s.opts.Shards)
	clocks := make([]*redis.StringCmd, s.opts.Shards)
	var now *redis.TimeCmd
	err = repeat(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		now = pipe.Time(ctx)
		for n := range s.opts.Shards {
			k := keysOf(n)
			sizes[n], heads[n] = pipe.ZCard(ctx, k.ready(kind)), pipe.ZRangeWithScores(ctx, k.ready(kind), 0, 0)
			clocks[n] = pipe.Get(ctx, k.clock())
		}
		_, err := pipe.Exec(ctx)
		if errors.Is(err, redis.Nil) { // a clock that never had to be kept
			return nil
		}
		return err
	})
	if err != nil {
		return 0, 0, fault("count the lanes", err)
	}
	for n := range sizes {
		pending += sizes[n].Val()
		if head := heads[n].Val(); len(head) > 0 {
			oldest = max(oldest, clockOf(now.Val(), clocks[n].Val()).Sub(time.UnixMilli(int64(head[0].Score))))
		}
	}
	return pending, oldest, nil
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
