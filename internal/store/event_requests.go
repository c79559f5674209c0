package store

import (
	"cmp"
	"context"
	"strconv"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/batch"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// An eventRequest is one request of settle_events.
type eventRequest struct {
	lane, claim string // whose attempts are to be ended; empty if there is none
	fresh       string // id of the claim to make; empty if none
	count       int    // events that were attempted
	last        string // of them, as it was granted
	delay       string // until it is attempted again; empty if it is done
	record      []byte // of the attempts
	kept        int64  // how long the job is from the end on, in ms

	endpoint, origin string
	health           webhook.Health
	hold             string // how long it asks to be left alone, in ms; empty if it does not
	gap              string // "<policy> <why>" if the last event is given up
}

// settlement returns the request that ends the attempts at events of a claim.
func (s *Store) settlement(c *webhook.Claim, run []webhook.Settlement, next bool) (eventRequest, error) {
	record, err := encodeAttempts(c.Key, run)
	if err != nil {
		return eventRequest{}, err
	}
	if n := len(run) - 1; run[n].Outcome == webhook.CutShort {
		run = run[:n]
	}
	r := eventRequest{
		record: record,
		lane:   member(c.Account, c.Key), claim: c.ID, count: len(run), kept: s.retention(jobs.Job{Keyed: c.Keyed}), endpoint: c.Endpoint,
	}
	if e, err := webhook.EndpointOf(c.Event.URL); err == nil {
		r.origin = e.Origin
	}
	if next {
		r.fresh = newClaimID(s.process)
	}
	attempted := c
	for range len(run) - 1 {
		attempted = attempted.Then
	}
	r.last = attempted.Stored
	last := run[len(run)-1]
	r.health = last.Health
	switch last.Outcome {
	case webhook.Delivered, webhook.InFlight, webhook.CutShort: // the latter two are no ends
	case webhook.Retry:
		r.delay = strconv.FormatInt(ms(last.Delay), 10)
	case webhook.Dead:
		r.gap = string(cmp.Or(last.Gap, webhook.Continue)) + " " + string(cmp.Or(last.Class, webhook.ClassUnreadable))
	}
	if last.Hold > 0 {
		r.hold = strconv.FormatInt(ms(last.Hold), 10)
	}
	return r, nil
}

// settleAll has the requests of a shard answered by one call of settle_events.
func (s *Store) settleAll(ctx context.Context, shard int, requests []eventRequest) ([]reply, error) {
	args := make([]any, 0, 13+13*len(requests))
	args = append(args, s.granting(s.opts.Lease)...)
	args = append(args, s.judging()...)
	args = append(args, maxAttemptRecords, weighing(s.opts.Endpoints.Weights))
	for _, r := range requests {
		args = append(args, r.lane, r.claim, r.fresh, r.count, r.last, r.delay, r.record, r.kept,
			r.endpoint, r.origin, string(r.health), r.hold, r.gap)
	}
	return s.answers(ctx, settleEvents, shardEvents(keysOf(shard)), args, len(requests))
}

// groupEvents returns the group in which the requests of a shard travel.
func (s *Store) groupEvents() *batch.Group[int, eventRequest, reply] {
	return batch.NewGroup(s.settleAll, batch.Options[eventRequest, reply]{Most: 16, OnTime: 1, UnderWay: 8, Alone: toBeAlone})
}

// askEvents makes a request of settle_events together with others of its shard,
// until there is an answer.
func (s *Store) askEvents(ctx context.Context, shard int, step string, request eventRequest) (reply, error) {
	r, err := retry.Value(ctx, func(ctx context.Context) (reply, error) { return s.events.Do(ctx, shard, request) })
	if err != nil {
		return nil, fault(step, err)
	}
	return r, nil
}
