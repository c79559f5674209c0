package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation/query"
)

// farthest is a start time, in ms, beyond all that a text can write: years
// have four digits.
const farthest = 1 << 49

// A stretch is part of the index of an account, over all shards.
type stretch struct {
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

// stretch returns where everything is that the query selects. It is countable
// if there is nothing else in it, but what it goes without.
func (l *listing) stretch(desc bool) (st stretch, countable bool) {
	st = stretch{from: -farthest, to: farthest, desc: desc}
	w := l.query.Window()
	if !w.From.IsZero() {
		st.from = ceilMillis(w.From)
	}
	if !w.To.IsZero() {
		st.to = floorMillis(w.To)
	}
	archived := ""
	countable = l.query.To.IsZero() // else it depends on ends
	for _, c := range l.query.Filter {
		switch {
		case c.Field == query.Archived && c.Op == query.Equal && (archived == "" || archived == c.Values[0]):
			archived = c.Values[0]
		case c.Field != query.Start || !st.narrow(c):
			countable = false
		}
	}
	for _, k := range l.keys {
		switch archived {
		case "true":
			st.keys = append(st.keys, k.archive(l.account))
		case "false":
			st.without = append(st.without, k.archive(l.account))
			fallthrough
		default:
			st.keys = append(st.keys, k.index(l.account))
		}
	}
	return st, countable && (archived == "" || archived == "true" || archived == "false")
}

// narrow takes off the ends that a condition on the start excludes, to the
// ms. It reports whether the condition holds for all that is left.
func (st *stretch) narrow(c query.Condition) bool {
	from, to := int64(-farthest), int64(farthest)
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
	st.from, st.to = max(st.from, from), min(st.to, to)
	return true
}

// head returns the ids of the first conversations of the stretch, in order: at
// least n, unless these are all there are. It reads n of every shard, in one
// step each, and drops those that others of a shard may come before.
func (st stretch) head(ctx context.Context, rdb redis.UniversalClient, n int) (ids []string, all bool, err error) {
	parts, err := st.read(ctx, rdb, n)
	if err != nil {
		return nil, false, err
	}
	order := entry.before
	if st.desc {
		order = func(e, f entry) int { return f.before(e) }
	}
	all = true
	var merged []entry
	var last entry // of a shard that may have more
	for _, part := range parts {
		merged = append(merged, part...)
		if len(part) < n {
			continue
		}
		if end := part[len(part)-1]; all || order(end, last) < 0 {
			last = end
		}
		all = false
	}
	slices.SortFunc(merged, order)
	for _, e := range merged {
		if !all && order(e, last) > 0 {
			break
		}
		ids = append(ids, e.id)
	}
	return ids, all, nil
}

// read returns the first n entries of every shard.
func (st stretch) read(ctx context.Context, rdb redis.UniversalClient, n int) ([][]entry, error) {
	by := &redis.ZRangeBy{Min: strconv.FormatInt(st.from, 10), Max: strconv.FormatInt(st.to, 10), Count: int64(n)}
	replies := make([]*redis.ZSliceCmd, len(st.keys))
	err := repeat(ctx, func(ctx context.Context) error {
		pipe := rdb.Pipeline()
		for i, key := range st.keys {
			if st.desc {
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
