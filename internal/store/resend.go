package store

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A DeadRange names dead events of an endpoint in a shard.
type deadRange struct {
	shard             int
	account, endpoint string
	since, until      time.Time // either may be zero
}

func (d deadRange) bounds() (from, to string) {
	from, to = "-inf", "+inf"
	if !d.since.IsZero() {
		from = strconv.FormatInt(d.since.UnixMilli(), 10)
	}
	if !d.until.IsZero() {
		to = strconv.FormatInt(d.until.UnixMilli(), 10)
	}
	return from, to
}

// mostWaiting is with how many lanes that wait at an endpoint in a shard no more
// events are put there: it does not take them as fast.
const mostWaiting = 500

// ResendEvent has an event that was delivered or given up sent again. It is
// [webhook.ErrStillTried] if it waits, and [webhook.ErrUnrebuilt] if what is kept of
// its job does not say when it occurred.
func (s *Store) ResendEvent(ctx context.Context, d webhook.Delivery) (shard int, wake lane.Wake, err error) {
	_, shard, _ = jobs.ParseID(d.JobID)
	if d.OccurredAt.IsZero() {
		return shard, wake, webhook.ErrUnrebuilt
	}
	k, step := keysOf(shard), "resend event "+d.ID()
	event := strconv.FormatInt(d.Sequence, 10) + " " + d.Status + " " + millis(d.OccurredAt)
	args := []any{d.Account, d.Endpoint, d.JobID, event, "superseded"}
	for _, c := range webhook.Classes() {
		args = append(args, string(c))
	}
	r, err := s.run(ctx, resendEvent, step, []string{string(k), k.bell(lane.Deliver), k.dead(d.Account, d.Endpoint)}, args...)
	if err != nil {
		return shard, wake, err
	}
	switch r.word() {
	case "resent":
		return shard, lane.Wake{Deliver: r.number(1) == 1}, nil
	case "waiting":
		return shard, wake, webhook.ErrStillTried
	case "missing":
		return shard, wake, webhook.ErrNoDelivery
	}
	return shard, wake, r.unexpected(step)
}

// ResendSome has some dead events of a resend in a shard sent again, n at most. It
// returns how many, whether others are left, and whether nothing was done because
// many wait at the endpoint already.
func (s *Store) ResendSome(ctx context.Context, r webhook.Resend, endpoint string, n int) (sent int64, more, busy bool, wake lane.Wake, err error) {
	d := deadRange{r.Shard, r.Account, endpoint, r.Since, r.Until}
	got, err := s.move(ctx, d, "", n)
	if err != nil || got.word() == "busy" {
		return 0, true, err == nil, wake, err
	}
	return got.number(1), got.text(2) != "", false, lane.Wake{Deliver: got.number(3) == 1}, nil
}

// DropDead drops some dead events of an endpoint in a shard that were given up before
// a time, if that is not zero.
func (s *Store) DropDead(ctx context.Context, shard int, account, endpoint string, before time.Time, n int) (dropped int64, more bool, wake lane.Wake, err error) {
	got, err := s.move(ctx, deadRange{shard, account, endpoint, time.Time{}, before}, "drop", n)
	if err != nil {
		return 0, false, wake, err
	}
	return got.number(1), got.text(2) != "", lane.Wake{Deliver: got.number(3) == 1}, nil
}

func (s *Store) move(ctx context.Context, d deadRange, how string, n int) (reply, error) {
	k := keysOf(d.shard)
	from, to := d.bounds()
	return s.run(ctx, resendEvents, "resend events of endpoint "+d.endpoint,
		[]string{string(k), k.bell(lane.Deliver), k.dead(d.account, d.endpoint)},
		d.account, d.endpoint, how, from, to, n, mostWaiting, ms(s.opts.Retention))
}

// EndpointsIn returns the ids of the endpoints of an account that a shard knows.
func (s *Store) EndpointsIn(ctx context.Context, shard int, account string) ([]string, error) {
	seen, err := s.scanned(ctx, keysOf(shard).endpoints(account))
	if err != nil {
		return nil, fault("list the endpoints of shard "+strconv.Itoa(shard), err)
	}
	ids := make([]string, len(seen))
	for n, z := range seen {
		ids[n], _ = z.Member.(string)
	}
	return ids, nil
}

// CountDead counts the dead events that a resend has still before it.
func (s *Store) CountDead(ctx context.Context, r webhook.Resend) (left int64, err error) {
	for shard := range s.opts.Shards {
		if slices.Contains(r.Dry, shard) {
			continue
		}
		ids := []string{r.Endpoint}
		if r.Endpoint == "" {
			if ids, err = s.EndpointsIn(ctx, shard, r.Account); err != nil {
				return 0, err
			}
		}
		counts := make([]*redis.IntCmd, len(ids))
		pipe := s.rdb.Pipeline()
		for n, id := range ids {
			d := deadRange{shard, r.Account, id, r.Since, r.Until}
			from, to := d.bounds()
			counts[n] = pipe.ZCount(ctx, keysOf(shard).dead(r.Account, id), from, to)
		}
		if len(ids) == 0 {
			continue
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return 0, fault("count dead events", err)
		}
		for _, c := range counts {
			left += c.Val()
		}
	}
	return left, nil
}

// SendTest puts a test event for a URL into a lane of its own.
func (s *Store) SendTest(ctx context.Context, account, jobID, url string) (e webhook.Event, shard int, wake lane.Wake, err error) {
	_, shard, _ = jobs.ParseID(jobID)
	kept, err := encodeRetained(jobs.Job{ID: jobID, WebhookURL: url})
	if err != nil {
		return e, shard, wake, err
	}
	k, m := keysOf(shard), member(account, jobID)
	r, err := s.run(ctx, testEvent, "send a test event", []string{string(k), k.bell(lane.Deliver), k.job(m), k.events(m)},
		account, jobID, endpointID(jobs.Job{WebhookURL: url}), kept)
	if err != nil {
		return e, shard, wake, err
	}
	e = webhook.Event{Account: account, JobID: jobID, ConversationID: "0", URL: url, Status: "test", Sequence: 1, OccurredAt: r.time(1)}
	return e, shard, lane.Wake{Deliver: r.number(2) == 1}, nil
}
