package store

import (
	"context"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"
)

// size returns how many conversations of the stretch are counted.
func (st stretch) size(ctx context.Context, rdb redis.UniversalClient) (int, error) {
	sizes, err := st.counts(ctx, rdb, []int64{st.to - st.from + 1})
	if err != nil {
		return 0, err
	}
	return sizes[0], nil
}

// after returns what is left of the stretch if the first ms are taken off it.
func (st stretch) after(ms int64) stretch {
	if st.desc {
		st.to -= ms
	} else {
		st.from += ms
	}
	return st
}

// until returns the first ms of the stretch.
func (st stretch) until(ms int64) stretch {
	if st.desc {
		st.from = st.to - ms + 1
	} else {
		st.to = st.from + ms - 1
	}
	return st
}

// seek passes over the first offset conversations of the stretch, as far as their
// start times tell them from the next one. It returns what is left of the stretch
// and how many are still to be passed over.
//
// It looks for the time of the next one by counting what is before several
// times at once, and again between two of these. What it passes over is not
// read, so the cost does not depend on the offset.
func (st stretch) seek(ctx context.Context, rdb redis.UniversalClient, offset int) (stretch, int, error) {
	probes := int64(max(256/len(st.keys), 1)) // at once; the more shards, the more counting each costs
	// Not more than offset are in the first near ms, namely passed. In the
	// first far ms are more, unless there are no more.
	near, far, passed := int64(0), st.to-st.from+1, 0
	for far-near > 1 {
		step := max((far-near)/(probes+1), 1)
		var ms []int64
		for at := near + step; at < far && int64(len(ms)) < probes; at += step {
			ms = append(ms, at)
		}
		sizes, err := st.counts(ctx, rdb, ms)
		if err != nil {
			return st, 0, err
		}
		more, _ := slices.BinarySearch(sizes, offset+1)
		if more < len(ms) {
			far = ms[more]
		}
		if more > 0 {
			near, passed = ms[more-1], sizes[more-1]
		}
	}
	return st.after(near), offset - passed, nil
}

// counts returns how many conversations are counted in the first ms of the
// stretch, for each number of ms.
func (st stretch) counts(ctx context.Context, rdb redis.UniversalClient, ms []int64) ([]int, error) {
	var sums []int
	var adding []func()
	err := repeat(ctx, func(ctx context.Context) error {
		pipe := rdb.Pipeline()
		sums, adding = make([]int, len(ms)), nil
		for i, n := range ms {
			part := st.until(n)
			from, to := strconv.FormatInt(part.from, 10), strconv.FormatInt(part.to, 10)
			for _, key := range st.keys {
				reply := pipe.ZCount(ctx, key, from, to)
				adding = append(adding, func() { sums[i] += int(reply.Val()) })
			}
			for _, key := range st.without {
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
