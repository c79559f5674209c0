package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// maxAttemptRecords is how many records of delivery attempts a job keeps.
const maxAttemptRecords = 100

func shardEvents(k shardKeys) []string {
	return []string{string(k), k.ready(lane.Deliver), k.bell(lane.Deliver)}
}

// ClaimEvent implements [webhook.Lanes].
func (s *Store) ClaimEvent(ctx context.Context, shard int) (*webhook.Claim, lane.Wake, error) {
	step, at := "claim an event of shard "+strconv.Itoa(shard), place{lane.Deliver, shard}
	id := s.unconfirmed.take(at, s.process)
	r, err := s.claimDue(ctx, at, id, step, func(judged, attempts string) (reply, error) {
		return s.run(ctx, claimEvent, step, shardEvents(keysOf(shard)), id, ms(s.opts.Lease), judged, attempts)
	})
	if err != nil {
		s.noteUnconfirmed(at, id, err)
		return nil, lane.Wake{}, err
	}
	return r.grantedEvent(step, shard)
}

// SettleEvent implements [webhook.Lanes].
func (s *Store) SettleEvent(ctx context.Context, c *webhook.Claim, t webhook.Settlement, next bool) (*webhook.Claim, lane.Wake, error) {
	step := "settle event " + t.Attempt.EventID
	delay := ""
	if t.Outcome == webhook.Retry {
		delay = strconv.FormatInt(ms(t.Delay), 10)
		t.Attempt.NextAt = time.Now().Add(t.Delay).UTC()
	}
	record, err := json.Marshal(t.Attempt)
	if err != nil {
		return nil, lane.Wake{}, fmt.Errorf("encode an attempt at event %s: %w", t.Attempt.EventID, err)
	}
	k, m, fresh := keysOf(c.Shard), member(c.Account, c.Key), newClaimID(s.process)
	r, err := s.run(ctx, settleEvent, step,
		append(shardEvents(k), k.state(lane.Deliver, m), k.events(m), k.attempts(m), k.job(m)),
		m, c.ID, fresh, ms(s.opts.Lease), c.Stored, delay,
		record, maxAttemptRecords, s.retention(jobs.Job{Keyed: c.Keyed}), boolArg(next))
	if err != nil {
		if next {
			s.noteUnconfirmed(place{lane.Deliver, c.Shard}, fresh, err)
		}
		return nil, lane.Wake{}, err
	}
	return r.grantedEvent(step, c.Shard)
}

// grantedEvent reads a grant of an event, as lib/events.lua describes it.
func (r reply) grantedEvent(step string, shard int) (*webhook.Claim, lane.Wake, error) {
	switch r.word() {
	case "stale":
		return nil, lane.Wake{}, lane.ErrStale
	case "idle":
		return nil, lane.Wake{Deliver: r.number(1) == 1}, nil
	case "mended":
		return nil, lane.Wake{Deliver: r.number(2) == 1}, &lane.MendedError{Lane: r.text(1)}
	case "granted":
	default:
		return nil, lane.Wake{}, r.unexpected(step)
	}
	account, id := splitMember(r.text(1))
	c := &webhook.Claim{
		Claim: lane.Claim{
			Kind: lane.Deliver, Shard: shard, Account: account, Key: id,
			ID: r.text(2), Attempt: int(r.number(3)),
		},
		Since:  r.time(4),
		Due:    r.time(5),
		Event:  webhook.Event{Account: account, JobID: id, ConversationID: r.text(6)},
		Stored: r.text(8),
	}
	job := jobs.Job{ID: id}
	c.Unreadable = cmp.Or(decodeRetained(r.text(7), &job), decodeEvent(c.Stored, &c.Event))
	c.Event.URL, c.Keyed = job.WebhookURL, job.Keyed
	return c, lane.Wake{Deliver: r.number(9) == 1}, nil
}

// An event in its lane is "<sequence> <status> <time>", see lib/lane.lua.

func decodeEvent(s string, e *webhook.Event) error {
	f := strings.Fields(s)
	if len(f) != 3 {
		return fmt.Errorf("event %q has %d fields, want 3", s, len(f))
	}
	n, err := strconv.ParseInt(f[0], 10, 64)
	if err != nil {
		return fmt.Errorf("event %q: %w", s, err)
	}
	e.Sequence, e.Status, e.OccurredAt = n, f[1], instant(f[2])
	return nil
}
