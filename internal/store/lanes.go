package store

import (
	"context"
	"strconv"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// Renew implements [jobs.Lanes] and [webhook.Lanes].
func (s *Store) Renew(ctx context.Context, c lane.Claim) error {
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	step := "renew the claim of lane " + m
	r, err := s.run(ctx, renewLane, step, []string{string(k), k.ready(c.Kind), k.state(c.Kind, m)}, m, c.ID, ms(s.opts.Lease))
	if err != nil {
		return err
	}
	return r.fenced(step, "renewed")
}

// Release implements [jobs.Lanes] and [webhook.Lanes].
func (s *Store) Release(ctx context.Context, c lane.Claim) (lane.Wake, error) {
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	step := "release lane " + m
	r, err := s.run(ctx, releaseLane, step,
		[]string{string(k), k.ready(c.Kind), k.state(c.Kind, m), k.bell(c.Kind), k.claims(c.Kind)}, m, c.ID)
	if err != nil {
		return lane.Wake{}, err
	}
	if err := r.fenced(step, "released"); err != nil {
		return lane.Wake{}, err
	}
	ring := r.number(1) == 1
	return lane.Wake{Append: ring && c.Kind == lane.Append, Deliver: ring && c.Kind == lane.Deliver}, nil
}

// fenced returns nil for the word of a step that was made and [lane.ErrStale]
// for one that was refused.
func (r reply) fenced(step, made string) error {
	switch r.word() {
	case made:
		return nil
	case "stale":
		return lane.ErrStale
	}
	return r.unexpected(step)
}

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
