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
const trimPortion = 1000

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
			if err := s.trimCompleted(ctx, keysOf(shard).done(account)); err != nil {
				return err
			}
			if err := s.trimFailed(ctx, keysOf(shard).jobs(account)); err != nil {
				return err
			}
		}
	}
	return nil
}

// expiry returns until when jobs have ended that are no longer listed, in ms.
func (s *Store) expiry() int64 { return time.Now().Add(-s.opts.Retention).UnixMilli() }

// trimCompleted takes the entries out of a stream that are too old, portion by portion,
// but for less than a hundred, which stay until Redis can take all out that it keeps
// together.
func (s *Store) trimCompleted(ctx context.Context, index string) error {
	for {
		gone, err := retry.Value(ctx, func(ctx context.Context) (int64, error) {
			return s.rdb.XTrimMinIDApprox(ctx, index, strconv.FormatInt(s.expiry(), 10), trimPortion).Result()
		})
		if err != nil {
			return fault("trim an index of completed jobs", err)
		}
		if gone == 0 {
			return nil
		}
	}
}

// trimFailed takes out of an index what has failed too long ago, likewise.
func (s *Store) trimFailed(ctx context.Context, index string) error {
	from, to := scoreOf(jobs.Failed, 0), scoreOf(jobs.Failed, s.expiry()-1)
	by := &redis.ZRangeBy{Min: strconv.FormatInt(from, 10), Max: strconv.FormatInt(to, 10), Count: trimPortion}
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
