package store

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// What is kept of deliveries is what it takes to make them, so a list costs nothing
// until somebody asks for it: those of a job are found at the job, those of a
// conversation by the jobs that want webhooks, each of which names the one before it,
// and those of an endpoint among the lanes that wait there and the events that were
// given up there. What was delivered has no index by endpoint.

// Deliveries returns a page of the deliveries that a query selects, and the cursor of
// the next one, empty after the last. An unknown job is [jobs.ErrNotFound], an unknown
// conversation [jobs.ErrUnknownConversation].
func (s *Store) Deliveries(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error) {
	switch {
	case q.JobID != "":
		page, err = s.deliveriesOf(ctx, account, q.JobID)
		return page, "", err
	case q.ConversationID != "":
		return s.deliveriesIn(ctx, account, q)
	case q.State == webhook.StateDead:
		return s.deadAt(ctx, account, q)
	default:
		return s.waitingAt(ctx, account, q)
	}
}

// Delivery returns the delivery of an event with its attempts, by its id or by its job
// and its sequence alone, as in "<job>_2"; else [webhook.ErrNoDelivery].
func (s *Store) Delivery(ctx context.Context, account, id string) (webhook.Delivery, error) {
	job, rest, _ := strings.Cut(id, "_")
	sequence, _, _ := strings.Cut(rest, "_")
	if _, shard, ok := jobs.ParseID(job); !ok || shard >= s.opts.Shards {
		return webhook.Delivery{}, webhook.ErrNoDelivery
	}
	r, err := s.readDeliveries(ctx, account, job)
	if err != nil {
		return webhook.Delivery{}, err
	}
	for _, d := range r.deliveries() {
		if strconv.FormatInt(d.Sequence, 10) == sequence && (rest == sequence || id == d.ID() || id == d.Recorded) {
			for _, a := range r.attempts {
				if sequenceOf(a.EventID) == d.Sequence {
					d.AttemptsN = append(d.AttemptsN, a)
				}
			}
			return d, nil
		}
	}
	return webhook.Delivery{}, webhook.ErrNoDelivery
}

// deliveriesOf returns all deliveries of a job, by their sequence.
func (s *Store) deliveriesOf(ctx context.Context, account, jobID string) ([]webhook.Delivery, error) {
	id, shard, ok := jobs.ParseID(jobID)
	if !ok || shard >= s.opts.Shards {
		return nil, jobs.ErrNotFound
	}
	r, err := s.readDeliveries(ctx, account, id)
	if err != nil {
		return nil, err
	}
	if r.job.ID == "" {
		return nil, jobs.ErrNotFound
	}
	return r.deliveries(), nil
}

// jobsOfPage is of how many jobs a page of a conversation has the deliveries.
const jobsOfPage = 25

// deliveriesIn returns the deliveries of some jobs of a conversation: of those that
// are not finished, and then of the others from the last one back. The cursor is the
// job to go on with.
func (s *Store) deliveriesIn(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error) {
	if !conversation.ValidID(q.ConversationID) {
		return nil, "", jobs.ErrUnknownConversation
	}
	k, m := keysOf(lane.ShardOf(q.ConversationID, s.opts.Shards)), member(account, q.ConversationID)
	if known, err := s.exists(ctx, account, q.ConversationID); err != nil || !known {
		if err == nil {
			err = jobs.ErrUnknownConversation
		}
		return nil, "", err
	}
	var ids []string
	at := q.Cursor
	if at == "" {
		state, err := s.readState(ctx, k, m)
		if err != nil {
			return nil, "", err
		}
		unfinished, err := s.run(ctx, listJobs, "list the jobs of a lane", []string{k.queue(m)}, 0, jobsOfPage, portion)
		if err != nil {
			return nil, "", err
		}
		for n := len(unfinished) - 1; n > 1; n-- {
			ids = append(ids, unfinished.text(n))
		}
		at = state.last
	}
	for range jobsOfPage {
		for _, id := range ids {
			page, err = s.addDeliveries(ctx, account, q.ConversationID, id, page)
			if err != nil {
				return nil, "", err
			}
		}
		if at == "" {
			return page, "", nil
		}
		ids = []string{at}
		if _, shard, ok := jobs.ParseID(at); !ok || keysOf(shard) != k {
			return nil, "", webhook.ErrBadCursor
		}
		if at, err = s.jobBefore(ctx, k, member(account, at)); err != nil {
			return nil, "", err
		}
	}
	return page, ids[0], nil
}

// addDeliveries adds those of a job of a conversation, if it wants webhooks.
func (s *Store) addDeliveries(ctx context.Context, account, conversationID, jobID string, page []webhook.Delivery) ([]webhook.Delivery, error) {
	r, err := s.readDeliveries(ctx, account, jobID)
	if err != nil || r.job.ID == "" || r.job.ConversationID != conversationID {
		return page, err
	}
	return append(page, r.deliveries()...), nil
}

// jobBefore returns the job before one of those that want webhooks; empty if there is
// none, or if that one has expired.
func (s *Store) jobBefore(ctx context.Context, k shardKeys, m string) (string, error) {
	kept, err := retry.Value(ctx, func(ctx context.Context) ([]any, error) { return s.rdb.HMGet(ctx, k.job(m), "after").Result() })
	if err != nil {
		return "", fault("read job "+m, err)
	}
	before, _ := kept[0].(string)
	return before, nil
}

// A jobDeliveries is what is read of a job to tell how its events stand.
type jobDeliveries struct {
	job      jobs.Job
	endpoint string
	events   []string // in its lane
	lane     []any    // attempts, refused, halted, claim, began
	due      time.Time
	attempts []webhook.Attempt
}

// readDeliveries reads a job of the account's; the zero value if there is none.
func (s *Store) readDeliveries(ctx context.Context, account, id string) (r jobDeliveries, err error) {
	_, shard, _ := jobs.ParseID(id)
	k, m := keysOf(shard), member(account, id)
	var hook *redis.StringCmd
	var events *redis.StringSliceCmd
	var state *redis.SliceCmd
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		hook = pipe.HGet(ctx, k.job(m), "hook")
		events = pipe.LRange(ctx, k.events(m), 0, 99)
		state = pipe.HMGet(ctx, k.state(lane.Deliver, m), "attempts", "refused", "halted", "claim", "began")
		if _, err := pipe.Exec(ctx); err != nil && hook.Err() != redis.Nil { //nolint:errorlint // a job without webhooks
			return err
		}
		return nil
	})
	if err != nil {
		return r, fault("read the events of job "+id, err)
	}
	if r.endpoint = hook.Val(); r.endpoint == "" {
		return jobDeliveries{}, nil
	}
	if r.job, err = s.readJob(ctx, k, account, id); errors.Is(err, jobs.ErrNotFound) {
		return jobDeliveries{}, nil // it has expired meanwhile
	}
	if err != nil {
		return r, err
	}
	r.events, r.lane = events.Val(), state.Val()
	due, err := retry.Value(ctx, func(ctx context.Context) (float64, error) {
		return s.rdb.ZScore(ctx, k.waiting(account, r.endpoint), m).Result()
	})
	if err != nil && !errors.Is(err, redis.Nil) {
		return r, fault("read when job "+id+" is due", err)
	}
	if err == nil {
		r.due = time.UnixMilli(int64(due)).UTC()
	}
	if r.attempts, err = s.attemptsAt(ctx, k.attempts(m), id); err != nil {
		return r, err
	}
	r.attempts = append(r.attempts, r.inFlight()...)
	return r, nil
}

// deliveries puts together how the events of the job stand, by their sequence.
func (r *jobDeliveries) deliveries() []webhook.Delivery {
	known := map[int64]*webhook.Delivery{}
	for n := range r.attempts {
		a := &r.attempts[n]
		d := r.delivery(known, sequenceOf(a.EventID))
		d.Status, d.Recorded, d.Last = a.Status, a.EventID, a
		d.Attempts++
		switch a.Outcome {
		case webhook.Delivered:
			d.State, d.EndedAt = webhook.StateDelivered, a.At
		case webhook.Dead:
			d.State, d.EndedAt = webhook.StateDead, a.At
		case webhook.Retry:
			d.State, d.EndedAt = webhook.StateRetrying, time.Time{}
		case webhook.InFlight, webhook.CutShort: // its lane says how it stands
		}
		r.date(d)
	}
	for n, text := range r.events {
		var e webhook.Event
		if decodeEvent(text, &e) != nil {
			continue
		}
		d := r.delivery(known, e.Sequence)
		d.Status, d.OccurredAt, d.Replay = e.Status, e.OccurredAt, e.Replay
		d.State, d.EndedAt = webhook.StatePending, time.Time{}
		if n > 0 || len(r.lane) < 3 {
			continue
		}
		d.NextAt = r.due
		if tried, _ := r.lane[0].(string); r.lane[1] != nil || tried != "" && !strings.HasPrefix(tried, "0") {
			d.State = webhook.StateRetrying
		}
		if r.lane[2] != nil {
			d.State, d.Halted, d.NextAt = webhook.StateDead, true, time.Time{}
		}
	}
	var all []webhook.Delivery
	for n := int64(1); len(known) > 0 && n < 1000; n++ {
		if d := known[n]; d != nil {
			all = append(all, *d)
			delete(known, n)
		}
	}
	return all
}

// delivery returns the one of a sequence, made if it is not known yet.
func (r *jobDeliveries) delivery(known map[int64]*webhook.Delivery, sequence int64) *webhook.Delivery {
	d := known[sequence]
	if d == nil {
		d = &webhook.Delivery{Endpoint: r.endpoint, Event: webhook.Event{
			Account: r.job.Account, JobID: r.job.ID, ConversationID: r.job.ConversationID, URL: r.job.WebhookURL, Sequence: sequence,
		}}
		known[sequence] = d
	}
	return d
}

// date finds out when an event of which only attempts are kept occurred: at a time of
// its job with which it has the id that it had.
func (r *jobDeliveries) date(d *webhook.Delivery) {
	for _, at := range []time.Time{r.job.AcceptedAt, r.job.StartedAt, r.job.FinishedAt} {
		e := d.Event
		e.OccurredAt = at
		if e.ID() == d.Recorded {
			d.OccurredAt = at
			return
		}
	}
}

// sequenceOf returns the sequence in the id of an event.
func sequenceOf(eventID string) int64 {
	_, rest, _ := strings.Cut(eventID, "_")
	text, _, _ := strings.Cut(rest, "_")
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
