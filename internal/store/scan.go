package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/retry"
)

// scanPortion is about how many members one step reads of a sorted set that has no bound.
const scanPortion = 500

// scanned returns the members of a sorted set by their scores, read portion by portion: all
// that were there all the time, and of those that came or went meanwhile some.
func (s *Store) scanned(ctx context.Context, key string) ([]redis.Z, error) {
	found := map[string]float64{}
	for cursor, more := uint64(0), true; more; more = cursor != 0 {
		type portion struct {
			members []string // and scores by turns
			next    uint64
		}
		p, err := retry.Value(ctx, func(ctx context.Context) (p portion, err error) {
			p.members, p.next, err = s.rdb.ZScan(ctx, key, cursor, "", scanPortion).Result()
			return p, err
		})
		if err != nil {
			return nil, err
		}
		for n := 0; n+1 < len(p.members); n += 2 {
			if found[p.members[n]], err = strconv.ParseFloat(p.members[n+1], 64); err != nil {
				return nil, fmt.Errorf("read a score of %s: %w", key, err)
			}
		}
		cursor = p.next
	}
	all := make([]redis.Z, 0, len(found))
	for member, score := range found {
		all = append(all, redis.Z{Score: score, Member: member})
	}
	slices.SortFunc(all, func(a, b redis.Z) int {
		return cmp.Or(cmp.Compare(a.Score, b.Score), cmp.Compare(a.Member.(string), b.Member.(string))) //nolint:errcheck,forcetypeassert // as it was put in above
	})
	return all, nil
}
