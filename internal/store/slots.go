package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// acceptTimeout is how long a job may take from its slot to its acceptance.
const acceptTimeout = 10 * time.Second

// maxCounted is how many slots are looked at to count the unfinished jobs.
const maxCounted = 100

// TakeSlot implements [jobs.Slots]. Nobody gives a slot back when a job ends,
// so nothing leaks when a process dies: who finds all slots taken looks which
// of their jobs are unfinished, and frees the others.
//
// Jobs that were accepted without a limit have no slots. So before a process
// takes the first one of an account, it gives slots to the unfinished jobs that
// there are.
func (s *Store) TakeSlot(ctx context.Context, account, jobID string, limit int) error {
	for range 2 {
		s.slotEarlier(ctx, account, limit)
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

// Unfinished returns how many unfinished jobs an account with a limit has right
// now, and frees the slots of the others. That costs a look at each slot, so it
// is not known of accounts that hold more than a hundred, nor while a shard that
// does not answer keeps earlier jobs from being counted.
func (s *Store) Unfinished(ctx context.Context, account string) (n int, known bool, err error) {
	s.slotEarlier(ctx, account, maxCounted+1)
	if c, _ := s.counted.Load(account); c != (tally{all: true}) {
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
	held := make([]slot, len(taken.Val()))
	for n, z := range taken.Val() {
		id, _ := z.Member.(string)
		held[n] = slot{job: id, taken: time.UnixMilli(int64(z.Score))}
	}
	if len(held) == 0 {
		return 0, true, nil
	}
	freed, err := s.freeUnused(ctx, account, now.Val(), held)
	return len(held) - freed, err == nil, err
}

// freeFinal frees the slots of jobs that are final or were never accepted.
func (s *Store) freeFinal(ctx context.Context, account string, now time.Time, held reply) (freed bool, err error) {
	slots := make([]slot, 0, len(held)/2)
	for n := 0; n+1 < len(held); n += 2 {
		slots = append(slots, slot{job: held.text(n), taken: held.time(n + 1)})
	}
	n, err := s.freeUnused(ctx, account, now, slots)
	return n > 0, err
}

// slot is one that a job holds.
type slot struct {
	job   string
	taken time.Time
}

// freeUnused frees those of the slots whose jobs are final or were never
// accepted, and returns how many they are.
func (s *Store) freeUnused(ctx context.Context, account string, now time.Time, held []slot) (freed int, err error) {
	pipe := s.rdb.Pipeline()
	status := make([]*redis.StringCmd, len(held))
	for n, h := range held {
		_, shard, _ := jobs.ParseID(h.job)
		status[n] = pipe.HGet(ctx, keysOf(shard).job(member(account, h.job)), "status")
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return 0, fault("look up the jobs that hold slots", err)
	}
	var unused []any
	for n, cmd := range status {
		missing := errors.Is(cmd.Err(), redis.Nil) && now.Sub(held[n].taken) > acceptTimeout
		if missing || jobs.Status(cmd.Val()).Final() {
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

const (
	countLanes  = 1000                   // about how many lanes one step looks at for those of an account
	countShards = 64                     // in how many shards at once
	countWithin = 500 * time.Millisecond // which must be enough, or it is tried again
	countAgain  = time.Second            // after a time
)

// A tally is how far a process has got with the unfinished jobs of an account.
type tally struct {
	all   bool      // they have slots, each of them
	again time.Time // not before is it tried again
}

// slotEarlier gives slots to unfinished jobs of the account that have none, as
// many as there are slots left. Once that were all of them, which is so after
// one look at the ready indexes unless the account is over its limit, it costs
// nothing more.
//
// Each lane that is not empty stands in the ready index of its shard, so no
// job is overlooked, and a job that has a slot already keeps that one. Hence
// any number of processes may do this at once. A shard that does not answer
// holds nobody up: its jobs are counted when it does.
func (s *Store) slotEarlier(ctx context.Context, account string, limit int) {
	known, met := s.counted.Load(account)
	if c, _ := known.(tally); met && (c.all || time.Now().Before(c.again)) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, countWithin)
	defer cancel()
	full, err := s.slotAll(ctx, account, limit)
	switch {
	case err != nil:
		s.counted.Store(account, tally{again: time.Now().Add(countAgain)})
	case !full:
		s.counted.Store(account, tally{all: true})
	}
}

// slotAll does so, and reports whether it ended because all slots are taken.
func (s *Store) slotAll(ctx context.Context, account string, limit int) (full bool, err error) {
	if n, err := s.rdb.ZCard(ctx, slotsKey(account)).Result(); err != nil || n >= int64(limit) {
		return true, err
	}
	held, err := s.rdb.ZRange(ctx, slotsKey(account), 0, int64(limit)).Result()
	if err != nil {
		return false, err
	}
	known := make(map[string]bool, len(held))
	for _, job := range held {
		known[job] = true
	}
	places := make([]indexPage, s.opts.Shards)
	for shard := range places {
		places[shard].shard = shard
	}
	for len(places) > 0 && len(known) < limit {
		some := places[:min(len(places), countShards)]
		jobs, more, err := s.jobsAt(ctx, account, some, limit-len(known))
		if err != nil {
			return false, err
		}
		if err := s.slot(ctx, account, jobs, limit, known); err != nil {
			return false, err
		}
		places = append(more, places[len(some):]...)
	}
	return len(known) >= limit, nil
}

// An indexPage is a place among the account's lanes in a shard, from where to read on.
type indexPage struct {
	shard  int
	cursor uint64
}

// jobsAt returns the account's jobs in the lanes that stand at places, at most
// so many of each lane, and where to read on.
func (s *Store) jobsAt(ctx context.Context, account string, places []indexPage, most int) (jobs []string, more []indexPage, err error) {
	pipe := s.rdb.Pipeline()
	pages := make([]*redis.ScanCmd, len(places))
	for n, p := range places {
		pages[n] = pipe.ZScan(ctx, keysOf(p.shard).lanes(lane.Append, account), p.cursor, "", countLanes)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, nil, err
	}
	var lanes []string
	for n, p := range places {
		page, next := pages[n].Val()
		for i := 0; i < len(page); i += 2 { // each lane with its score behind it
			lanes = append(lanes, keysOf(p.shard).queue(page[i]))
		}
		if next != 0 {
			more = append(more, indexPage{p.shard, next})
		}
	}
	found := make([][]string, len(lanes))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(countLanes)
	for n, queue := range lanes {
		g.Go(func() (err error) {
			found[n], err = s.jobsIn(ctx, queue, most)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	return append(jobs, slices.Concat(found...)...), more, nil
}

// jobsIn returns the first jobs of a lane, at most so many, which it reads in
// portions: their bodies stand there too.
func (s *Store) jobsIn(ctx context.Context, queue string, most int) (jobs []string, err error) {
	for more := true; more && len(jobs) < most; {
		r, err := s.run(ctx, listJobs, "list the jobs of a lane", []string{queue}, len(jobs), most-len(jobs), portion)
		if err != nil {
			return nil, err
		}
		for n := 2; n < len(r); n++ {
			jobs = append(jobs, r.text(n))
		}
		more = r.text(1) != ""
	}
	return jobs, nil
}

// slot gives slots to those of the jobs that are not known to have one, as far
// as there are any.
func (s *Store) slot(ctx context.Context, account string, jobs []string, limit int, known map[string]bool) error {
	var without []redis.Z
	for _, job := range jobs {
		if len(known) < limit && !known[job] {
			known[job] = true
			without = append(without, redis.Z{Member: job})
		}
	}
	if len(without) == 0 {
		return nil
	}
	// They were accepted long ago, so their time does not matter: see
	// acceptTimeout.
	return s.rdb.ZAddNX(ctx, slotsKey(account), without...).Err()
}
