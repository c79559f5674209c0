package store

import (
	"context"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// Sweep looks at the first lane of a shard's ready index. It reports whether
// the caller is to ring because that lane is due, or because this process may
// hold a claim of which it has not heard; and after how long it is worth
// looking again: 0 if nothing stands in the index.
func (s *Store) Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error) {
	step := "sweep shard " + strconv.Itoa(shard)
	k := keysOf(shard)
	r, err := s.run(ctx, sweepLanes, step, []string{string(k), k.ready(kind), k.bell(kind)})
	if err != nil {
		return false, 0, err
	}
	doubtful := s.unconfirmed.any(place{kind, shard})
	switch r.word() {
	case "empty":
		return doubtful, 0, nil
	case "later":
		return doubtful, time.Duration(r.number(1)) * time.Millisecond, nil
	case "due":
		return doubtful || r.number(1) == 1, 0, nil
	}
	return false, 0, r.unexpected(step)
}
