package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"github.com/turnwise/turnwise/internal/lane"
)

const (
	countLanes  = 1000                   // about how many lanes one step looks at for those of an account
	countShards = 64                     // in how many shards at once
	countWithin = 500 * time.Millisecond // which must be enough, or it is tried again
	countAgain  = time.Second            // after a time
)

// A tally is how far a process has got with the unfinished jobs of an account.
type tally struct {
	all   bool        // they have slots, each of them
	left  []indexPage // where those stand that may have none, from the first one on; all of them if nil
	again time.Time   // not before is it tried again
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
	c := s.countedUpTo(account)
	if c.all || time.Now().Before(c.again) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, countWithin)
	defer cancel()
	left, err := s.slotAll(ctx, account, limit, c.left)
	switch {
	case err != nil:
		s.counted.Store(account, tally{left: left, again: time.Now().Add(countAgain)})
	case len(left) == 0:
		s.counted.Store(account, tally{all: true})
	default:
		s.counted.Store(account, tally{left: left})
	}
}

// countedUpTo returns how far this process has got.
func (s *Store) countedUpTo(account string) tally {
	known, _ := s.counted.Load(account)
	c, _ := known.(tally)
	return c
}

// slotAll does so from some places on, all of them if there are none. It returns those that
// are left when all slots are taken, or it fails; none when all jobs have slots.
func (s *Store) slotAll(ctx context.Context, account string, limit int, places []indexPage) (left []indexPage, err error) {
	if places == nil {
		for shard := range s.opts.Shards {
			places = append(places, indexPage{shard: shard})
		}
	}
	room, err := s.room(ctx, account, limit)
	if err != nil || room == 0 {
		return places, err
	}
	for len(places) > 0 {
		some := places[:min(len(places), countShards)]
		jobs, more, err := s.jobsAt(ctx, account, some, limit)
		if err != nil {
			return places, err
		}
		// A lane may have more of them than were read, unless a slot is left now.
		if room, err = s.slot(ctx, account, jobs, limit); err != nil || room == 0 {
			return places, err
		}
		places = append(more, places[len(some):]...)
	}
	return nil, nil
}

// room returns how many slots are left.
func (s *Store) room(ctx context.Context, account string, limit int) (int, error) {
	n, err := s.rdb.ZCard(ctx, slotsKey(account)).Result()
	return max(limit-int(n), 0), err
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

// slot gives slots to those of the jobs that have none, as far as there are any, and
// returns how many are left.
func (s *Store) slot(ctx context.Context, account string, jobs []string, limit int) (room int, err error) {
	if room, err = s.room(ctx, account, limit); err != nil {
		return 0, err
	}
	for some := range slices.Chunk(jobs, scanPortion) {
		without, err := s.withoutSlot(ctx, account, some)
		if err != nil {
			return 0, err
		}
		if len(without) == 0 {
			continue
		}
		if room == 0 {
			return 0, nil
		}
		// They were accepted long ago, so their time does not matter: see
		// acceptTimeout.
		if err := s.rdb.ZAddNX(ctx, slotsKey(account), without[:min(room, len(without))]...).Err(); err != nil {
			return 0, err
		}
		if room, err = s.room(ctx, account, limit); err != nil {
			return 0, err
		}
	}
	return room, err
}

// withoutSlot returns those of the jobs that have no slot.
func (s *Store) withoutSlot(ctx context.Context, account string, jobs []string) (without []redis.Z, err error) {
	pipe := s.rdb.Pipeline()
	scores := make([]*redis.FloatCmd, len(jobs))
	for n, job := range jobs {
		scores[n] = pipe.ZScore(ctx, slotsKey(account), job)
	}
	if _, err := pipe.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
		return nil, err
	}
	for n, score := range scores {
		if errors.Is(score.Err(), redis.Nil) {
			without = append(without, redis.Z{Member: jobs[n]})
		}
	}
	return without, nil
}
