package store

import (
	"context"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Lanes returns a page of the lanes of accounts that a query selects, those first that
// have been so longest, or [jobs.ErrBadCursor].
func (s *Store) Lanes(ctx context.Context, accounts []string, q lane.Query) (page lane.Page, err error) {
	m := merge{to: math.MaxInt64, limit: q.Limit, cursor: q.Cursor}
	for _, account := range accounts {
		m.keys = append(m.keys, func(k shardKeys) string {
			switch {
			case q.Kind == lane.Deliver:
				return k.halted(account)
			case q.State == lane.StateWaiting:
				return k.lanes(lane.Append, account)
			default:
				return k.trouble(account)
			}
		})
	}
	found, cursor, err := s.page(ctx, m)
	if errors.Is(err, webhook.ErrBadCursor) {
		return page, jobs.ErrBadCursor
	}
	if err != nil {
		return page, err
	}
	page.Cursor = cursor
	for _, p := range found {
		account, id := splitMember(p.text)
		v, err := s.laneView(ctx, q.Kind, account, id, time.UnixMilli(p.score).UTC())
		if err != nil {
			return page, err
		}
		if v.ID != "" && (v.State == q.State || q.State == "" && v.State != lane.StateWaiting) {
			page.Lanes = append(page.Lanes, v)
		}
	}
	return page, nil
}

// Lane returns one lane of the account's, of a conversation or of a job's webhooks, or
// [jobs.ErrUnknownConversation] or [jobs.ErrNotFound].
func (s *Store) Lane(ctx context.Context, account, id string) (lane.View, error) {
	if job, shard, ok := jobs.ParseID(id); ok && shard < s.opts.Shards {
		if _, err := s.Job(ctx, account, job); err != nil {
			return lane.View{}, err
		}
		return s.laneView(ctx, lane.Deliver, account, job, time.Time{})
	}
	if !conversation.ValidID(id) {
		return lane.View{}, jobs.ErrUnknownConversation
	}
	v, err := s.laneView(ctx, lane.Append, account, id, time.Time{})
	if err == nil && v.ID == "" {
		err = jobs.ErrUnknownConversation
	}
	return v, err
}

// laneView returns how a lane stands; the zero value if it is gone.
func (s *Store) laneView(ctx context.Context, kind lane.Kind, account, id string, since time.Time) (lane.View, error) {
	if kind == lane.Deliver {
		return s.deliverView(ctx, account, id)
	}
	k, m := keysOf(lane.ShardOf(id, s.opts.Shards)), member(account, id)
	v := lane.View{Account: account, Kind: lane.Append, ID: id, State: lane.StateWaiting, Since: since}
	state, err := s.readState(ctx, k, m)
	if err != nil || state.created.IsZero() {
		return lane.View{}, err
	}
	v.Waiting = state.accepted - state.settled
	head, err := s.run(ctx, listJobs, "read the head of lane "+m, []string{k.queue(m)}, 0, 1, 1)
	if err != nil {
		return v, err
	}
	if len(head) > 2 {
		v.Head = head.text(2)
	}
	v.Attempts = parseAttempts(state.attempts).ended
	switch {
	case strings.HasPrefix(state.claim, "-held "):
		v.State = lane.StateHeld
	case v.Attempts > 0:
		v.State = lane.StateFailing
	}
	return v, s.addTrouble(ctx, k, account, m, &v)
}

// addTrouble fills in since when a lane is in trouble, why, and when it goes on.
func (s *Store) addTrouble(ctx context.Context, k shardKeys, account, m string, v *lane.View) error {
	var since, due *redis.FloatCmd
	var last *redis.StringCmd
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		last = pipe.LIndex(ctx, k.failures(member(account, v.Head)), -1)
		since = pipe.ZScore(ctx, k.trouble(account), m)
		due = pipe.ZScore(ctx, k.lanes(lane.Append, account), m)
		_, err := pipe.Exec(ctx)
		if errors.Is(err, redis.Nil) {
			err = nil
		}
		return err
	})
	if err != nil {
		return fault("read lane "+m, err)
	}
	_, v.Reason, _ = strings.Cut(last.Val(), " ")
	switch {
	case v.State == lane.StateWaiting:
		v.Reason = ""
	case since.Err() == nil:
		v.Since = time.UnixMilli(int64(since.Val())).UTC()
	}
	if v.State == lane.StateFailing && due.Err() == nil {
		v.NextAt = time.UnixMilli(int64(due.Val())).UTC()
	}
	return nil
}

// deliverView returns how the webhooks of a job stand.
func (s *Store) deliverView(ctx context.Context, account, id string) (lane.View, error) {
	all, err := s.deliveriesOf(ctx, account, id)
	if err != nil {
		if errors.Is(err, jobs.ErrNotFound) {
			err = nil // it wants none, or is gone
		}
		return lane.View{Kind: lane.Deliver}, err
	}
	v := lane.View{Account: account, Kind: lane.Deliver, ID: id, Head: id, State: lane.StateWaiting}
	for _, d := range all {
		v.Endpoint = d.Endpoint
		if d.Halted {
			v.State, v.Since = lane.StateHeld, d.EndedAt
		}
		if d.Halted && d.Last != nil {
			v.Reason, v.Since, v.Attempts = d.Last.Error, d.Last.At, d.Attempts
		}
		if d.Halted || d.State == webhook.StatePending || d.State == webhook.StateRetrying {
			v.Waiting++
		}
	}
	return v, nil
}

// SteerLane does to a lane of a conversation what somebody says. Its errors are
// [jobs.ErrUnknownConversation], [lane.ErrBusy] and [lane.ErrUntroubled].
func (s *Store) SteerLane(ctx context.Context, account, id string, what lane.Action) (shard int, wake lane.Wake, err error) {
	if !conversation.ValidID(id) {
		return 0, wake, jobs.ErrUnknownConversation
	}
	shard = lane.ShardOf(id, s.opts.Shards)
	k, m := keysOf(shard), member(account, id)
	r, err := s.run(ctx, steerLane, "steer lane "+m, append(shardJobs(k), k.queue(m)), m, string(what), ms(s.opts.Retention), newRequestID())
	if err != nil {
		return shard, wake, err
	}
	switch r.word() {
	case "steered":
		return shard, lane.Wake{Append: r.number(1) == 1, Deliver: r.number(2) == 1}, nil
	case "unknown":
		return shard, wake, jobs.ErrUnknownConversation
	case "busy":
		return shard, wake, lane.ErrBusy
	case "untroubled":
		return shard, wake, lane.ErrUntroubled
	}
	return shard, wake, r.unexpected("steer lane " + m)
}

// DropHalted drops the event that the webhooks of a job wait with for somebody, or
// returns [lane.ErrUntroubled].
func (s *Store) DropHalted(ctx context.Context, account, endpoint, jobID string) (shard int, wake lane.Wake, err error) {
	_, shard, _ = jobs.ParseID(jobID)
	k := keysOf(shard)
	r, err := s.run(ctx, goOnEvent, "drop an event of job "+jobID, []string{string(k), k.bell(lane.Deliver)}, account, endpoint, jobID, ms(s.opts.Retention))
	if err != nil {
		return shard, wake, err
	}
	if r.word() == "untroubled" {
		return shard, wake, lane.ErrUntroubled
	}
	return shard, lane.Wake{Deliver: r.number(1) == 1}, nil
}
