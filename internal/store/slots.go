package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
)

// slotUnsettled is how long a job may take from its slot to its acceptance.
const slotUnsettled = 10 * time.Second

// TakeSlot implements [jobs.Slots]. Nobody gives a slot back when a job ends,
// so nothing leaks when a process dies: who finds all slots taken looks which
// of their jobs are unfinished, and frees the others.
func (s *Store) TakeSlot(ctx context.Context, account, jobID string, limit int) error {
	for range 2 {
		r, err := s.run(ctx, takeSlot, "take a slot", []string{slotsKey(account)}, jobID, limit)
		if err != nil {
			return err
		}
		if r.word() == "taken" {
			return nil
		}
		freed, err := s.freeFinal(ctx, account, r.time(1), r.list(2))
		if err != nil {
			return err
		}
		if !freed {
			break
		}
	}
	return &jobs.ConcurrencyError{Limit: limit}
}

// FreeSlot implements [jobs.Slots].
func (s *Store) FreeSlot(ctx context.Context, account, jobID string) error {
	if err := s.rdb.ZRem(ctx, slotsKey(account), jobID).Err(); err != nil {
		return fault("free a slot", err)
	}
	return nil
}

// freeFinal frees the slots of jobs that are final or were never accepted.
func (s *Store) freeFinal(ctx context.Context, account string, now time.Time, held reply) (freed bool, err error) {
	pipe := s.rdb.Pipeline()
	status := make([]*redis.StringCmd, 0, len(held)/2)
	for n := 0; n+1 < len(held); n += 2 {
		_, shard, _ := jobs.ParseID(held.text(n))
		status = append(status, pipe.HGet(ctx, keysOf(shard).job(member(account, held.text(n))), "status"))
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return false, fault("look up the jobs that hold slots", err)
	}
	var free []any
	for n, cmd := range status {
		missing := errors.Is(cmd.Err(), redis.Nil) && now.Sub(held.time(2*n+1)) > slotUnsettled
		if missing || jobs.Status(cmd.Val()).Final() {
			free = append(free, held.text(2*n))
		}
	}
	if len(free) == 0 {
		return false, nil
	}
	if err := s.rdb.ZRem(ctx, slotsKey(account), free...).Err(); err != nil {
		return false, fault("free slots", err)
	}
	return true, nil
}
