package store

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

func shardEvents(k shardKeys) []string {
	return []string{string(k), k.ready(lane.Deliver), k.bell(lane.Deliver)}
}

// ClaimEvent implements [webhook.Lanes].
func (s *Store) ClaimEvent(ctx context.Context, shard int) (*webhook.Claim, lane.Wake, error) {
	step, at := "claim an event of shard "+strconv.Itoa(shard), place{lane.Deliver, shard}
	id := s.unconfirmed.take(at, s.process)
	r, err := s.askEvents(ctx, shard, step, eventRequest{fresh: id})
	if err == nil && r.word() == "ask" {
		var lapsed reply
		r, err = s.claimDue(ctx, at, id, step, func(judged, attempts string) (reply, error) {
			cut, err := lapsed.cutShort()
			if err != nil {
				return nil, err
			}
			lapsed, err = s.run(ctx, claimEvent, step, shardEvents(keysOf(shard)),
				append(s.granting(s.opts.Lease), id, judged, attempts, cut, maxAttemptRecords, weighing(s.opts.Endpoints.Weights))...)
			return lapsed, err
		})
	}
	if err != nil {
		s.noteUnconfirmed(at, id, err)
		return nil, lane.Wake{}, err
	}
	return r.grantedEvent(step, shard)
}

// SettleEvents implements [webhook.Lanes].
func (s *Store) SettleEvents(ctx context.Context, c *webhook.Claim, run []webhook.Settlement, next bool) (*webhook.Claim, lane.Wake, error) {
	step := "settle event " + run[0].Attempt.EventID
	if run[0].Outcome == webhook.CutShort {
		wake, err := s.releaseCut(ctx, c, run)
		return nil, wake, err
	}
	request, err := s.settlement(c, run, next)
	if err != nil {
		return nil, lane.Wake{}, err
	}
	r, err := s.askEvents(ctx, c.Shard, step, request)
	if err != nil {
		s.noteUnconfirmed(place{lane.Deliver, c.Shard}, request.fresh, err)
		return nil, lane.Wake{}, err
	}
	if r.word() == "next" {
		return r.nextEvent(c), lane.Wake{Deliver: r.number(1) == 1}, nil
	}
	return r.grantedEvent(step, c.Shard)
}

// releaseCut gives a lane back, and records the attempt at its head that was cut short.
func (s *Store) releaseCut(ctx context.Context, c *webhook.Claim, run []webhook.Settlement) (lane.Wake, error) {
	record, err := encodeAttempts(c.Key, run)
	if err != nil {
		return lane.Wake{}, err
	}
	return s.release(ctx, c.Claim, record)
}

// cutShort returns the record of the attempt at an event of which the lease has run out,
// as claim_event tells of it; nothing if that is not what it tells.
func (r reply) cutShort() ([]byte, error) {
	if len(r) < 9 || r.word() != "lapsed" {
		return nil, nil
	}
	account, id := splitMember(r.text(1))
	e := webhook.Event{Account: account, JobID: id, ConversationID: r.text(6)}
	if decodeEvent(r.text(7), &e) != nil { // whoever claims it says so
		return nil, nil //nolint:nilerr // there is nothing to record
	}
	a := webhook.Attempt{
		EventID: e.ID(), Status: e.Status, Number: parseAttempts(r.text(4)).ended + 1, At: r.time(8), Outcome: webhook.CutShort,
		Error: "its dispatcher was not heard of any more, so the receiver may have got the event",
	}
	return encodeAttempts(id, []webhook.Settlement{{Outcome: webhook.CutShort, Attempt: a}})
}

// nextEvent reads the grant of the events that follow, in their lane, on those
// of a claim.
func (r reply) nextEvent(c *webhook.Claim) *webhook.Claim {
	next := *c
	next.ID, next.Attempt, next.Probe = r.text(2), 1, false
	next.Since, next.Due = r.time(3), r.time(3)
	var unreadable error
	if c.Event.URL == "" { // it is the job that cannot be read
		unreadable = c.Unreadable
	}
	r.readEvents(4, &next, unreadable)
	return &next
}

// readEvents reads the events that begin at a place of the reply into a claim
// and those that follow on it. None can be sent if their job is unreadable.
func (r reply) readEvents(n int, c *webhook.Claim, unreadable error) {
	c.Stored, c.Then = r.text(n), nil
	c.Unreadable = cmp.Or(unreadable, decodeEvent(c.Stored, &c.Event))
	if n+1 < len(r) {
		then := *c
		then.Attempt, then.Since, then.Due = 1, time.Time{}, time.Time{}
		r.readEvents(n+1, &then, unreadable)
		c.Then = &then
	}
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
	account, id := splitMember(r.text(2))
	c := &webhook.Claim{
		Claim: lane.Claim{
			Kind: lane.Deliver, Shard: shard, Account: account, Key: id,
			ID: r.text(3), Attempt: int(r.number(4)), Endpoint: r.text(9),
		},
		Since: r.time(5),
		Due:   r.time(6),
		Event: webhook.Event{Account: account, JobID: id, ConversationID: r.text(7)},
	}
	job := jobs.Job{ID: id}
	unreadable := decodeRetained(r.text(8), &job)
	c.Event.URL, c.Event.Trace, c.Keyed = job.WebhookURL, job.Trace, job.Keyed
	opened := r.time(10)
	c.Probe = !opened.IsZero()
	r.readEvents(11, c, unreadable)
	c.Since = triedSince(c, opened)
	return c, lane.Wake{Deliver: r.number(1) == 1}, nil
}

// triedSince returns since when an event counts as attempted. One that waited at an
// endpoint that is open has not been attempted, but is given up as if it had been.
func triedSince(c *webhook.Claim, opened time.Time) time.Time {
	if opened.IsZero() {
		return c.Since
	}
	if opened.Before(c.Event.OccurredAt) {
		opened = c.Event.OccurredAt
	}
	if c.Since.IsZero() || opened.Before(c.Since) {
		return opened
	}
	return c.Since
}

// An event in its lane is "<sequence> <status> <time>", and " r" if it is sent once
// more, see lib/endpoints.lua.

func decodeEvent(s string, e *webhook.Event) error {
	e.Replay = false
	f := strings.Fields(s)
	if len(f) == 4 && f[3] == "r" {
		f, e.Replay = f[:3], true
	}
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
