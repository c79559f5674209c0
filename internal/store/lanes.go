package store

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
)

// Renew implements [jobs.Lanes] and [webhook.Lanes].
func (s *Store) Renew(ctx context.Context, c lane.Claim) error {
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	step := "renew the claim of lane " + m
	var r reply
	var err error
	if c.Kind == lane.Append {
		r, err = s.run(ctx, renewLane, step, []string{string(k), k.ready(c.Kind), k.state(c.Kind, m)}, m, c.ID, ms(s.opts.Lease))
	} else {
		r, err = s.run(ctx, renewEvent, step, []string{string(k), k.state(c.Kind, m)}, m, c.ID, ms(s.opts.Lease), c.Endpoint)
	}
	if err != nil {
		return err
	}
	return r.fenced(step, "renewed")
}

// Release implements [jobs.Lanes] and [webhook.Lanes].
func (s *Store) Release(ctx context.Context, c lane.Claim) (lane.Wake, error) {
	return s.release(ctx, c, nil)
}

// release also keeps the record of an attempt that was cut short, if there was one.
func (s *Store) release(ctx context.Context, c lane.Claim, cut []byte) (lane.Wake, error) {
	k, m := keysOf(c.Shard), member(c.Account, c.Key)
	step := "release lane " + m
	var r reply
	var err error
	if c.Kind == lane.Append {
		r, err = s.run(ctx, releaseLane, step,
			[]string{string(k), k.ready(c.Kind), k.state(c.Kind, m), k.bell(c.Kind), k.claims(c.Kind)}, m, c.ID)
	} else {
		r, err = s.run(ctx, releaseEvent, step,
			[]string{string(k), k.state(c.Kind, m), k.bell(c.Kind), k.claims(c.Kind)}, m, c.ID, c.Endpoint, cut, maxAttemptRecords)
	}
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

// dueAgain is after how long a sweep is worth while that found a lane due: the
// ring for it may get lost.
const dueAgain = 250 * time.Millisecond

// Sweep looks at the first lane of a shard's ready index. It reports whether
// the caller is to ring because that lane is due, or because this process may
// hold a claim of which it has not heard; and after how long it is worth
// looking again: 0 if nothing stands in the index.
//
// It costs one command if there is nothing in the index, or still the lane of
// which the last sweep said when it is due, and that travels together with those of
// other shards.
func (s *Store) Sweep(ctx context.Context, kind lane.Kind, shard int) (ring bool, again time.Duration, err error) {
	step, k, at := "sweep shard "+strconv.Itoa(shard), keysOf(shard), place{kind, shard}
	head, err := retry.Value(ctx, func(ctx context.Context) ([]redis.Z, error) {
		return s.looks.Range(ctx, k.ready(kind), 1)
	})
	if err != nil {
		return false, 0, fault(step, err)
	}
	doubtful := s.unconfirmed.any(at)
	if len(head) == 0 {
		return doubtful, 0, nil
	}
	if wait := s.nextDue.wait(at, head[0].Score); wait > 0 {
		return doubtful, wait, nil
	}
	r, err := s.run(ctx, sweepLanes, step, []string{string(k), k.ready(kind), k.bell(kind)})
	if err != nil {
		return false, 0, err
	}
	switch r.word() {
	case "empty":
		return doubtful, 0, nil
	case "later":
		wait := time.Duration(r.number(1)) * time.Millisecond
		s.nextDue.put(at, head[0].Score, wait)
		return doubtful, wait, nil
	case "due":
		return doubtful || r.number(1) == 1, dueAgain, nil
	}
	return false, 0, r.unexpected(step)
}

// nextDue is what sweeps found out about the first lanes of ready indexes that
// are not due yet. The clock of a shard may be slower than that of this process,
// so a lane is looked at again when its time has come by the latter.
type nextDue struct {
	mu    sync.Mutex
	lanes map[place]dueLane
}

type dueLane struct {
	score float64 // in the index
	at    time.Time
}

// wait returns how long it takes until the lane with the score is due, or 0 if
// that is not known.
func (n *nextDue) wait(at place, score float64) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	if l, ok := n.lanes[at]; ok && l.score == score {
		return max(time.Until(l.at), 0)
	}
	return 0
}

func (n *nextDue) put(at place, score float64, wait time.Duration) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.lanes == nil {
		n.lanes = map[place]dueLane{}
	}
	n.lanes[at] = dueLane{score, time.Now().Add(wait)}
}
