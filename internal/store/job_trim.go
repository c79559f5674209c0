package store

import (
	"context"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// trimKey is present while the indexes need no look, because a process has just had one.
const trimKey = "tw:trimmed"

// trimPortion is how many entries of an index one command takes out.
const trimPortion = 500

// TrimJobs takes the jobs of accounts out of their indexes that ended longer ago than
// jobs are kept, unless a process has done so since every. Lists and counts pass over
// them before.
func (s *Store) TrimJobs(ctx context.Context, accounts []string, every time.Duration) error {
	mine, err := s.rdb.SetNX(ctx, trimKey, s.process, every).Result()
	if err != nil || !mine {
		if err != nil {
			err = fault("begin to trim the indexes of jobs", err)
		}
		return err
	}
	for _, account := range accounts {
		for shard := range s.opts.Shards {
			for _, status := range jobs.Statuses() {
				if !status.Final() {
					continue
				}
				if err := s.trim(ctx, keysOf(shard).jobs(account), status); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// trim takes out of an index what is no longer listed in a status, portion by portion.
func (s *Store) trim(ctx context.Context, index string, status jobs.Status) error {
	end := scoreOf(status, time.Now().Add(-s.opts.Retention).UnixMilli()-1)
	by := &redis.ZRangeBy{Min: strconv.FormatInt(scoreOf(status, 0), 10), Max: strconv.FormatInt(end, 10), Count: trimPortion}
	for {
		gone, err := retry.Value(ctx, func(ctx context.Context) ([]string, error) {
			gone, err := s.rdb.ZRangeByScore(ctx, index, by).Result()
			if err == nil && len(gone) > 0 {
				err = s.rdb.ZRem(ctx, index, gone).Err()
			}
			return gone, err
		})
		if err != nil {
			return fault("trim an index of jobs", err)
		}
		if len(gone) < trimPortion {
			return nil
		}
	}
}
