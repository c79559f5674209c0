package store

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/query"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// maxTime is a start time, in ms, beyond all that a text can write: years
// have four digits.
const maxTime = 1 << 49

// An indexRange is part of the index of an account, over all shards.
type indexRange struct {
	keys     []string // the index in each shard
	without  []string // what of it is not counted, in each shard, if anything
	from, to int64    // the start times, in ms, inclusive
	desc     bool     // the direction
}

// An entry is a conversation as the index has it.
type entry struct {
	start int64
	id    string
}

// before orders entries as Redis does. Ids at one time come byte by byte.
func (e entry) before(f entry) int {
	return cmp.Or(cmp.Compare(e.start, f.start), strings.Compare(e.id, f.id))
}

// indexRange returns the range of all that the query selects. It is exact
// if there is nothing else in it, but what it goes without.
func (l *listing) indexRange(desc bool) (r indexRange, exact bool) {
	r = indexRange{from: -maxTime, to: maxTime, desc: desc}
	w := l.query.Window()
	if !w.From.IsZero() {
		r.from = ceilMillis(w.From)
	}
	if !w.To.IsZero() {
		r.to = floorMillis(w.To)
	}
	archived := ""
	exact = l.query.To.IsZero() // else it depends on ends
	for _, c := range l.query.Filter {
		switch {
		case c.Field == query.Archived && c.Op == query.Equal && (archived == "" || archived == c.Values[0]):
			archived = c.Values[0]
		case c.Field != query.Start || !r.narrow(c):
			exact = false
		}
	}
	for _, k := range l.keys {
		switch archived {
		case "true":
			r.keys = append(r.keys, k.archive(l.account))
		case "false":
			r.without = append(r.without, k.archive(l.account))
			fallthrough
		default:
			r.keys = append(r.keys, k.index(l.account))
		}
	}
	return r, exact && (archived == "" || archived == "true" || archived == "false")
}

// narrow takes off the ends that a condition on the start excludes, to the
// ms. It reports whether the condition holds for all that is left.
func (r *indexRange) narrow(c query.Condition) bool {
	from, to := int64(-maxTime), int64(maxTime)
	switch c.Op {
	case query.Less:
		to = ceilMillis(c.Times[0]) - 1
	case query.LessEqual:
		to = floorMillis(c.Times[0])
	case query.Equal:
		from, to = ceilMillis(c.Times[0]), floorMillis(c.Times[0])
	case query.GreaterEqual:
		from = ceilMillis(c.Times[0])
	case query.Greater:
		from = floorMillis(c.Times[0]) + 1
	default:
		return false
	}
	r.from, r.to = max(r.from, from), min(r.to, to)
	return true
}

// head returns the ids of the first conversations of the range, in order: at
// least n, unless these are all there are. It reads n of every shard, in one
// step each, and drops those that others of a shard may come before.
func (r indexRange) head(ctx context.Context, rdb redis.UniversalClient, n int) (ids []string, all bool, err error) {
	found, all, err := r.headEntries(ctx, rdb, n)
	return idsOf(found), all, err
}

func (r indexRange) headEntries(ctx context.Context, rdb redis.UniversalClient, n int) (found []entry, all bool, err error) {
	parts, err := r.read(ctx, rdb, n)
	if err != nil {
		return nil, false, err
	}
	all = true
	var merged []entry
	var last entry // of a shard that may have more
	for _, part := range parts {
		merged = append(merged, part...)
		if len(part) < n {
			continue
		}
		if end := part[len(part)-1]; all || r.order(end, last) < 0 {
			last = end
		}
		all = false
	}
	slices.SortFunc(merged, r.order)
	if !all {
		for n, e := range merged {
			if r.order(e, last) > 0 {
				return merged[:n], false, nil
			}
		}
	}
	return merged, all, nil
}

// next returns the first entries behind a place, about n of them, and whether these
// are all. Many that start at the same time may take another, longer reading.
func (r indexRange) next(ctx context.Context, rdb redis.UniversalClient, at position, n int) (found []entry, all bool, err error) {
	last := entry{at.Start, at.ID}
	if at.ID != "" && r.desc {
		r.to = min(r.to, at.Start)
	} else if at.ID != "" {
		r.from = max(r.from, at.Start)
	}
	share := float64(n) / float64(len(r.keys))
	for each := int(share + 4*math.Sqrt(share) + 3); ; each *= 4 {
		found, all, err = r.headEntries(ctx, rdb, each)
		if err != nil {
			return nil, false, err
		}
		if at.ID != "" {
			found = slices.DeleteFunc(found, func(e entry) bool { return r.order(e, last) <= 0 })
		}
		if all || len(found) > 0 {
			break
		}
	}
	if len(found) > n {
		return found[:n], false, nil
	}
	return found, all, nil
}

// order is the order of the range.
func (r indexRange) order(e, f entry) int {
	if r.desc {
		return f.before(e)
	}
	return e.before(f)
}

// read returns the first n entries of every shard.
func (r indexRange) read(ctx context.Context, rdb redis.UniversalClient, n int) ([][]entry, error) {
	by := &redis.ZRangeBy{Min: strconv.FormatInt(r.from, 10), Max: strconv.FormatInt(r.to, 10), Count: int64(n)}
	replies := make([]*redis.ZSliceCmd, len(r.keys))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := rdb.Pipeline()
		for i, key := range r.keys {
			if r.desc {
				replies[i] = pipe.ZRevRangeByScoreWithScores(ctx, key, by)
			} else {
				replies[i] = pipe.ZRangeByScoreWithScores(ctx, key, by)
			}
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("read the index of conversations", err)
	}
	parts := make([][]entry, len(replies))
	for i, reply := range replies {
		for _, z := range reply.Val() {
			id, _ := z.Member.(string)
			parts[i] = append(parts[i], entry{int64(z.Score), id})
		}
	}
	return parts, nil
}

// ceilMillis returns the first ms that is not before t.
func ceilMillis(t time.Time) int64 { return t.Add(time.Millisecond - 1).UnixMilli() }

// floorMillis returns the last ms that is not after t.
func floorMillis(t time.Time) int64 { return t.UnixMilli() }

// size returns how many conversations of the range are counted.
func (r indexRange) size(ctx context.Context, rdb redis.UniversalClient) (int, error) {
	sizes, err := r.counts(ctx, rdb, []int64{r.to - r.from + 1})
	if err != nil {
		return 0, err
	}
	return sizes[0], nil
}

// after returns what is left of the range if the first ms are taken off it.
func (r indexRange) after(ms int64) indexRange {
	if r.desc {
		r.to -= ms
	} else {
		r.from += ms
	}
	return r
}

// until returns the first ms of the range.
func (r indexRange) until(ms int64) indexRange {
	if r.desc {
		r.from = r.to - ms + 1
	} else {
		r.to = r.from + ms - 1
	}
	return r
}

// seek passes over the first offset conversations of the range, as far as their
// start times tell them from the next one. It returns what is left of the range
// and how many are still to be passed over.
//
// It looks for the time of the next one by counting what is before several
// times at once, and again between two of these. What it passes over is not
// read, so the cost does not depend on the offset.
func (r indexRange) seek(ctx context.Context, rdb redis.UniversalClient, offset int) (indexRange, int, error) {
	probes := int64(max(256/len(r.keys), 1)) // at once; the more shards, the more counting each costs
	// Not more than offset are in the first near ms, namely passed. In the
	// first far ms are more, unless there are no more.
	near, far, passed := int64(0), r.to-r.from+1, 0
	for far-near > 1 {
		step := max((far-near)/(probes+1), 1)
		var ms []int64
		for at := near + step; at < far && int64(len(ms)) < probes; at += step {
			ms = append(ms, at)
		}
		sizes, err := r.counts(ctx, rdb, ms)
		if err != nil {
			return r, 0, err
		}
		more, _ := slices.BinarySearch(sizes, offset+1)
		if more < len(ms) {
			far = ms[more]
		}
		if more > 0 {
			near, passed = ms[more-1], sizes[more-1]
		}
	}
	return r.after(near), offset - passed, nil
}

// counts returns how many conversations are counted in the first ms of the
// range, for each number of ms.
func (r indexRange) counts(ctx context.Context, rdb redis.UniversalClient, ms []int64) ([]int, error) {
	var sums []int
	var adding []func()
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := rdb.Pipeline()
		sums, adding = make([]int, len(ms)), nil
		for i, n := range ms {
			part := r.until(n)
			from, to := strconv.FormatInt(part.from, 10), strconv.FormatInt(part.to, 10)
			for _, key := range r.keys {
				reply := pipe.ZCount(ctx, key, from, to)
				adding = append(adding, func() { sums[i] += int(reply.Val()) })
			}
			for _, key := range r.without {
				reply := pipe.ZCount(ctx, key, from, to)
				adding = append(adding, func() { sums[i] -= int(reply.Val()) })
			}
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("count in the index of conversations", err)
	}
	for _, add := range adding {
		add()
	}
	return sums, nil
}
