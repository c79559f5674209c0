package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// The index of jobs is a sorted set and a stream per account and shard that the steps
// keep which change the status of a job, see lua/lib/listed.lua. The other way would
// have been a stream of changes that somebody folds when there is time. It was not
// taken, because the sorted set has to be written all the same, so that Redis would work
// more and not less for a job; because a list would be behind, most of all when it is
// needed most; and because nobody has to run for it. What it costs is in
// docs/performance.md.

// statusScore is what the score of a job has for each status before it, beside the time
// in ms.
const statusScore = 10_000_000_000_000

// scoreOf returns the score of a job that is in a status since that time.
func scoreOf(s jobs.Status, ms int64) int64 {
	return int64(1+slices.Index(jobs.Statuses(), s))*statusScore + min(max(ms, 0), statusScore-1)
}

// A jobRange is a part of the indexes of accounts, over shards and statuses.
type jobRange struct {
	accounts []string
	shards   []int
	statuses []jobs.Status
	from, to int64 // ms, inclusive
	kept     int64 // since when final jobs are listed
	oldest   bool
}

// jobRange returns what a query selects, as far as the index knows it.
func (s *Store) jobRange(accounts []string, q jobs.Query) jobRange {
	r := jobRange{accounts: accounts, statuses: jobs.Statuses(), to: statusScore - 1, oldest: q.Oldest}
	r.kept = time.Now().Add(-s.opts.Retention).UnixMilli()
	switch {
	case q.Status != "":
		r.statuses = []jobs.Status{q.Status}
	case q.Message != "":
		r.statuses = []jobs.Status{jobs.Failed}
	}
	if !q.From.IsZero() {
		r.from = ceilMillis(q.From)
	}
	if !q.To.IsZero() {
		r.to = floorMillis(q.To)
	}
	if q.ConversationID != "" {
		r.shards = []int{lane.ShardOf(q.ConversationID, s.opts.Shards)}
		return r
	}
	for shard := range s.opts.Shards {
		r.shards = append(r.shards, shard)
	}
	return r
}

// span returns from when to when, in ms and inclusive, a status is listed, from after on
// if it is not nil. It may be empty.
func (r jobRange) span(status jobs.Status, after *jobEntry) (from, to int64) {
	from, to = r.from, r.to
	if status.Final() {
		from = max(from, r.kept)
	}
	if after != nil && r.oldest {
		from = max(from, after.since)
	}
	if after != nil && !r.oldest {
		to = min(to, after.since)
	}
	return from, to
}

// A jobStream is the index of one status of an account in one shard, of which the first
// ones are read.
type jobStream struct {
	account string
	shard   int
	status  jobs.Status
	size    int // that were asked for
	read    []jobEntry
	all     bool // there are no others
}

// streams returns the parts of the indexes that the range is of.
func (r jobRange) streams() (all []*jobStream) {
	for _, account := range r.accounts {
		for _, shard := range r.shards {
			for _, status := range r.statuses {
				all = append(all, &jobStream{account: account, shard: shard, status: status})
			}
		}
	}
	return all
}

// next returns the first jobs of the range behind a place, in its order, so many at
// most, and whether there may be others.
//
// Of the many parts of the index, each is asked for few first, and those of which more
// are needed once again: what a page costs does not grow with the number of shards
// times its length.
func (s *Store) next(ctx context.Context, r jobRange, after *jobEntry, count int) (found []jobEntry, more bool, err error) {
	streams := r.streams()
	short := streams
	for size := max(2*count/len(streams), 4); len(short) > 0; size *= 4 {
		for _, st := range short {
			st.size = size
		}
		if err := s.readStreams(ctx, r, after, short); err != nil {
			return nil, false, err
		}
		found, short, more = r.merge(streams, after, count)
	}
	return found, more, nil
}

// readStreams reads the first ones of parts of the index.
func (s *Store) readStreams(ctx context.Context, r jobRange, after *jobEntry, streams []*jobStream) error {
	reads := make([]func() []jobEntry, len(streams))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, st := range streams {
			from, to := r.span(st.status, after)
			if st.status == jobs.Completed {
				reads[n] = st.readCompleted(ctx, pipe, from, to, r.oldest)
			} else {
				reads[n] = st.readOthers(ctx, pipe, from, to, r.oldest)
			}
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return fault("list jobs", err)
	}
	for n, st := range streams {
		st.read = reads[n]()
		st.all = len(st.read) < st.size
	}
	return nil
}

// readCompleted asks for jobs that were completed in a span, and returns what reads the
// answer.
func (st *jobStream) readCompleted(ctx context.Context, pipe redis.Pipeliner, from, to int64, oldest bool) func() []jobEntry {
	var read *redis.XMessageSliceCmd
	key := keysOf(st.shard).done(st.account)
	if low, high := strconv.FormatInt(from, 10), strconv.FormatInt(to, 10); oldest {
		read = pipe.XRangeN(ctx, key, low, high, int64(st.size))
	} else {
		read = pipe.XRevRangeN(ctx, key, high, low, int64(st.size))
	}
	return func() []jobEntry {
		entries := make([]jobEntry, len(read.Val()))
		for n, m := range read.Val() {
			at, _, _ := strings.Cut(m.ID, "-")
			since, _ := strconv.ParseInt(at, 10, 64)
			packed, _ := m.Values[""].(string)
			entries[n] = jobEntry{jobs.Completed, since, unpackEntry(packed), st.account}
		}
		return entries
	}
}

// readOthers asks for jobs of another status likewise.
func (st *jobStream) readOthers(ctx context.Context, pipe redis.Pipeliner, from, to int64, oldest bool) func() []jobEntry {
	first, last := scoreOf(st.status, from), scoreOf(st.status, to)
	if !oldest {
		first, last = last, first
	}
	read := pipe.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: keysOf(st.shard).jobs(st.account), Start: first, Stop: last, ByScore: true, Rev: !oldest, Count: int64(st.size)})
	return func() []jobEntry {
		entries := make([]jobEntry, len(read.Val()))
		for n, z := range read.Val() {
			text, _ := z.Member.(string)
			entries[n] = jobEntry{st.status, int64(z.Score) % statusScore, text, st.account}
		}
		return entries
	}
}

// merge puts the first of what was read in order, so many at most. It returns the
// streams that have to be read further before that is sure, because what is behind may
// be of the same moment; and whether there are others behind.
func (r jobRange) merge(streams []*jobStream, after *jobEntry, count int) (found []jobEntry, short []*jobStream, more bool) {
	order, times := jobEntry.compare, func(x, o jobEntry) int { return cmp.Compare(x.since, o.since) }
	if !r.oldest {
		order = func(x, o jobEntry) int { return o.compare(x) }
		times = func(x, o jobEntry) int { return cmp.Compare(o.since, x.since) }
	}
	for _, st := range streams {
		for _, x := range st.read {
			if after == nil || order(x, *after) > 0 {
				found = append(found, x)
			}
		}
		more = more || !st.all
	}
	slices.SortFunc(found, order)
	for _, st := range streams {
		if st.all {
			continue
		}
		if len(found) < count || times(st.read[len(st.read)-1], found[count-1]) <= 0 {
			short = append(short, st)
		}
	}
	if len(found) > count {
		found, more = found[:count], true
	}
	return found, short, more
}
