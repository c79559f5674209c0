package store

import (
	"context"
	"errors"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
)

// acceptTimeout is how long a job may take from its slot to its acceptance.
const acceptTimeout = 10 * time.Second

// maxCounted is how many slots are looked at to count the unfinished jobs, and how many
// at least before an account is refused one.
const maxCounted = 100

// TakeSlot implements [jobs.Slots]. Nobody gives a slot back when a job ends,
// so nothing leaks when a process dies: who finds all slots taken looks which
// of their jobs are unfinished, and frees the others.
//
// Of an account that holds more than a hundred slots the oldest hundred are looked at
// each time, as their jobs have most likely ended, and the others as [Store.freeFurther]
// does. So no more jobs are ever unfinished than the limit says, but a slot that came
// free among many may be found later.
//
// Jobs that were accepted without a limit have no slots. So before a process
// takes the first one of an account, it gives slots to the unfinished jobs that
// there are.
func (s *Store) TakeSlot(ctx context.Context, account, jobID string, limit int) error {
	for range 2 {
		s.slotEarlier(ctx, account, limit)
		r, err := s.run(ctx, takeSlot, "take a slot", []string{slotsKey(account)}, jobID, limit, maxCounted)
		if err != nil {
			return err
		}
		if r.word() == "taken" {
			return nil
		}
		now, oldest := r.time(1), slotsOf(r.list(2))
		freed, err := s.freeUnused(ctx, account, now, oldest)
		if err == nil && freed == 0 && len(oldest) == maxCounted {
			freed, err = s.freeOneFurther(ctx, account, now)
		}
		if err != nil {
			return err
		}
		if freed == 0 {
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

// Unfinished returns how many unfinished jobs an account with a limit has right
// now, and frees the slots of the others. That costs a look at each slot, so it
// is not known of accounts that hold more than a hundred, nor while a shard that
// does not answer keeps earlier jobs from being counted.
func (s *Store) Unfinished(ctx context.Context, account string) (n int, known bool, err error) {
	s.slotEarlier(ctx, account, maxCounted+1)
	if !s.countedUpTo(account).all {
		return 0, false, nil
	}
	pipe := s.rdb.Pipeline()
	now := pipe.Time(ctx)
	taken := pipe.ZRangeWithScores(ctx, slotsKey(account), 0, maxCounted)
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, false, fault("count the slots", err)
	}
	if len(taken.Val()) > maxCounted {
		return 0, false, nil
	}
	held := slotsIn(taken.Val())
	freed, err := s.freeUnused(ctx, account, now.Val(), held)
	return len(held) - freed, err == nil, err
}

// slot is one that a job holds.
type slot struct {
	job   string
	taken time.Time
}

func slotsOf(r reply) []slot {
	held := make([]slot, 0, len(r)/2)
	for n := 0; n+1 < len(r); n += 2 {
		held = append(held, slot{job: r.text(n), taken: r.time(n + 1)})
	}
	return held
}

func slotsIn(set []redis.Z) []slot {
	held := make([]slot, len(set))
	for n, z := range set {
		id, _ := z.Member.(string)
		held[n] = slot{job: id, taken: time.UnixMilli(int64(z.Score))}
	}
	return held
}

// freeUnused frees those of the slots whose jobs are final or were never
// accepted, and returns how many they are.
func (s *Store) freeUnused(ctx context.Context, account string, now time.Time, held []slot) (freed int, err error) {
	if len(held) == 0 {
		return 0, nil
	}
	pipe := s.rdb.Pipeline()
	status := make([]*redis.StringCmd, len(held))
	for n, h := range held {
		_, shard, _ := jobs.ParseID(h.job)
		status[n] = pipe.HGet(ctx, keysOf(shard).job(member(account, h.job)), "state")
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return 0, fault("look up the jobs that hold slots", err)
	}
	var unused []any
	for n, cmd := range status {
		missing := errors.Is(cmd.Err(), redis.Nil) && now.Sub(held[n].taken) > acceptTimeout
		if missing || parseJobState(cmd.Val()).status.Final() {
			unused = append(unused, held[n].job)
		}
	}
	if len(unused) == 0 {
		return 0, nil
	}
	if err := s.rdb.ZRem(ctx, slotsKey(account), unused...).Err(); err != nil {
		return 0, fault("free slots", err)
	}
	return len(unused), nil
}
