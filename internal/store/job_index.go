package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// The index of jobs is a sorted set per account and shard that the steps keep which
// change the status of a job, see lua/lib/listed.lua. The other way would have been a
// stream of changes that somebody folds when there is time. It was not taken, because
// the sorted set has to be written all the same, so that Redis would work more and not
// less for a job; because a list would be behind, most of all when it is needed most;
// and because nobody has to run for it. What it costs is in docs/performance.md.

// statusScore is what the score of a job has for each status before it, beside the time
// in ms.
const statusScore = 10_000_000_000_000

// scoreOf returns the score of a job that is in a status since that time.
func scoreOf(s jobs.Status, ms int64) int64 {
	return int64(1+slices.Index(jobs.Statuses(), s))*statusScore + min(max(ms, 0), statusScore-1)
}

// A jobEntry is a job as the index has it.
type jobEntry struct {
	status jobs.Status
	since  int64  // ms
	text   string // "<job> <conversation>"
}

func (x jobEntry) compare(o jobEntry) int {
	return cmp.Or(cmp.Compare(x.since, o.since), strings.Compare(x.text, o.text))
}

// job returns the job's id and that of its conversation.
func (x jobEntry) job() (id, conversationID string) {
	id, conversationID, _ = strings.Cut(x.text, " ")
	return id, conversationID
}

// cursor returns where a list goes on that ends with x.
func (x jobEntry) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(x.since, 10) + " " + x.text))
}

func parseIndexed(cursor string) (x jobEntry, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	since, text, ok := strings.Cut(string(raw), " ")
	if err != nil || !ok || len(text) > 100 {
		return x, jobs.ErrBadCursor
	}
	if x.since, err = strconv.ParseInt(since, 10, 64); err != nil || x.since < 0 || x.since >= statusScore {
		return x, jobs.ErrBadCursor
	}
	x.text = text
	return x, nil
}

// A jobRange is a part of the index of an account, over shards and statuses.
type jobRange struct {
	account  string
	shards   []int
	statuses []jobs.Status
	from, to int64 // ms, inclusive
	kept     int64 // since when final jobs are listed
	oldest   bool
}

// jobRange returns what a query selects, as far as the index knows it.
func (s *Store) jobRange(account string, q jobs.Query) jobRange {
	r := jobRange{account: account, statuses: jobs.Statuses(), to: statusScore - 1, oldest: q.Oldest}
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

// bounds returns the scores of a status, from after on if it is not nil.
func (r jobRange) bounds(status jobs.Status, after *jobEntry) (from, to string) {
	low, high := r.from, r.to
	if status.Final() {
		low = max(low, r.kept)
	}
	if after != nil && r.oldest {
		low = max(low, after.since)
	}
	if after != nil && !r.oldest {
		high = min(high, after.since)
	}
	if low > high {
		return "1", "0"
	}
	return strconv.FormatInt(scoreOf(status, low), 10), strconv.FormatInt(scoreOf(status, high), 10)
}

// A jobStream is the index of one status in one shard, of which the first ones are read.
type jobStream struct {
	shard  int
	status jobs.Status
	size   int // that were asked for
	read   *redis.ZSliceCmd
	all    bool // there are no others
}

// next returns the first jobs of the range behind a place, in its order, so many at
// most, and whether there may be others.
//
// Of the many parts of the index, each is asked for few first, and those of which more
// are needed once again: what a page costs does not grow with the number of shards
// times its length.
func (s *Store) next(ctx context.Context, r jobRange, after *jobEntry, count int) (found []jobEntry, more bool, err error) {
	var streams []*jobStream
	for _, shard := range r.shards {
		for _, status := range r.statuses {
			streams = append(streams, &jobStream{shard: shard, status: status})
		}
	}
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
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for _, st := range streams {
			from, to := r.bounds(st.status, after)
			if !r.oldest {
				from, to = to, from
			}
			by := redis.ZRangeArgs{Key: keysOf(st.shard).jobs(r.account), Start: from, Stop: to, ByScore: true, Rev: !r.oldest, Count: int64(st.size)}
			st.read = pipe.ZRangeArgsWithScores(ctx, by)
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return fault("list jobs", err)
	}
	for _, st := range streams {
		st.all = len(st.read.Val()) < st.size
	}
	return nil
}

// merge puts the first of what was read in order, so many at most. It returns the
// streams that have to be read further before that is sure, and whether there are
// others behind.
func (r jobRange) merge(streams []*jobStream, after *jobEntry, count int) (found []jobEntry, short []*jobStream, more bool) {
	order := jobEntry.compare
	if !r.oldest {
		order = func(x, o jobEntry) int { return o.compare(x) }
	}
	for _, st := range streams {
		for _, z := range st.read.Val() {
			if x := st.entry(z); after == nil || order(x, *after) > 0 {
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
		read := st.read.Val()
		if len(found) < count || order(st.entry(read[len(read)-1]), found[count-1]) < 0 {
			short = append(short, st)
		}
	}
	if len(found) > count {
		found, more = found[:count], true
	}
	return found, short, more
}

// entry returns a job of the stream as it was read.
func (st *jobStream) entry(z redis.Z) jobEntry {
	text, _ := z.Member.(string)
	return jobEntry{st.status, int64(z.Score) % statusScore, text}
}
