package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// sameMoment is how many entries of a shard may have the time of the last one of a
// page, at most, for the next page to have them all.
const sameMoment = 64

// A placed entry of a sorted set of some shard.
type placed struct {
	shard int
	score int64
	text  string
}

func (p placed) compare(o placed) int {
	return cmp.Or(cmp.Compare(p.score, o.score), strings.Compare(p.text, o.text))
}

// cursor returns where a list goes on that ends with p.
func (p placed) cursor() string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(p.score, 10) + " " + p.text))
}

func parsePlaced(cursor string) (p placed, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	score, text, ok := strings.Cut(string(raw), " ")
	if p.score, _ = strconv.ParseInt(score, 10, 64); err != nil || !ok || p.score <= 0 {
		return p, webhook.ErrBadCursor
	}
	p.text = text
	return p, nil
}

// A merge is sorted sets that each shard has a part of, read page by page, by score
// and then by text.
type merge struct {
	keys     []func(shardKeys) string
	from, to int64 // scores, in ms
	limit    int
	cursor   string
}

// page reads one page, and returns the cursor of the next one.
func (s *Store) page(ctx context.Context, m merge) (page []placed, cursor string, err error) {
	var after placed
	if m.cursor != "" {
		if after, err = parsePlaced(m.cursor); err != nil {
			return nil, "", err
		}
		m.from = max(m.from, after.score)
	}
	by := &redis.ZRangeBy{Min: strconv.FormatInt(m.from, 10), Max: strconv.FormatInt(m.to, 10), Count: int64(m.limit + 1 + sameMoment)}
	parts := make([]*redis.ZSliceCmd, len(m.keys)*s.opts.Shards)
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n := range parts {
			parts[n] = pipe.ZRangeByScoreWithScores(ctx, m.keys[n/s.opts.Shards](keysOf(n%s.opts.Shards)), by)
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, "", fault("list deliveries", err)
	}
	for n, part := range parts {
		for _, z := range part.Val() {
			text, _ := z.Member.(string)
			if p := (placed{n % s.opts.Shards, int64(z.Score), text}); m.cursor == "" || p.compare(after) > 0 {
				page = append(page, p)
			}
		}
	}
	slices.SortFunc(page, placed.compare)
	if len(page) > m.limit {
		page = page[:m.limit]
		cursor = page[m.limit-1].cursor()
	}
	return page, cursor, nil
}

// deadAt returns events of an endpoint that were given up, those given up first
// first.
func (s *Store) deadAt(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error) {
	m := merge{
		keys: []func(shardKeys) string{func(k shardKeys) string { return k.dead(account, q.Endpoint) }},
		to:   math.MaxInt64, limit: q.Limit, cursor: q.Cursor,
	}
	if !q.From.IsZero() {
		m.from = q.From.UnixMilli()
	}
	if !q.To.IsZero() {
		m.to = q.To.UnixMilli()
	}
	dead, cursor, err := s.page(ctx, m)
	if err != nil {
		return nil, "", err
	}
	for _, p := range dead {
		f := strings.Fields(p.text)
		var e webhook.Event
		if len(f) != 5 || decodeEvent(strings.Join(f[1:4], " "), &e) != nil {
			continue
		}
		e.Account, e.JobID = account, f[0]
		page = append(page, webhook.Delivery{
			Event: e, Endpoint: q.Endpoint, State: webhook.StateDead, EndedAt: time.UnixMilli(p.score).UTC(), Why: f[4],
		})
	}
	return page, cursor, s.addJobs(ctx, account, page)
}

// waitingAt returns the events of the lanes that wait at an endpoint, those that are
// due first first.
func (s *Store) waitingAt(ctx context.Context, account string, q webhook.DeliveryQuery) (page []webhook.Delivery, cursor string, err error) {
	lanes, cursor, err := s.page(ctx, merge{
		keys: []func(shardKeys) string{func(k shardKeys) string { return k.waiting(account, q.Endpoint) }},
		to:   math.MaxInt64, limit: q.Limit, cursor: q.Cursor,
	})
	if err != nil {
		return nil, "", err
	}
	events := make([]*redis.StringSliceCmd, len(lanes))
	states := make([]*redis.SliceCmd, len(lanes))
	err = retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, p := range lanes {
			k := keysOf(p.shard)
			events[n] = pipe.LRange(ctx, k.events(p.text), 0, 7)
			states[n] = pipe.HMGet(ctx, k.state(lane.Deliver, p.text), "attempts", "refused", "halted")
		}
		if len(lanes) == 0 {
			return nil
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, "", fault("read what waits at endpoint "+q.Endpoint, err)
	}
	for n, p := range lanes {
		_, id := splitMember(p.text)
		r := jobDeliveries{
			job: jobs.Job{ID: id, Account: account}, endpoint: q.Endpoint,
			events: events[n].Val(), lane: states[n].Val(), due: time.UnixMilli(p.score).UTC(),
		}
		for _, d := range r.deliveries() {
			if q.State == "" || d.State == q.State {
				page = append(page, d)
			}
		}
	}
	return page, cursor, s.addJobs(ctx, account, page)
}

// addJobs fills in what the jobs of deliveries say of them.
func (s *Store) addJobs(ctx context.Context, account string, page []webhook.Delivery) error {
	if len(page) == 0 {
		return nil
	}
	kept := make([]*redis.SliceCmd, len(page))
	err := retry.Do(ctx, func(ctx context.Context) error {
		pipe := s.rdb.Pipeline()
		for n, d := range page {
			_, shard, _ := jobs.ParseID(d.JobID)
			kept[n] = pipe.HMGet(ctx, keysOf(shard).job(member(account, d.JobID)), "state", "body")
		}
		_, err := pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return fault("read the jobs of deliveries", err)
	}
	for n := range page {
		values := kept[n].Val()
		job := jobs.Job{ID: page[n].JobID}
		if body, ok := values[1].(string); ok {
			first, _, _ := strings.Cut(body, "\n")
			_ = decodeRetained(first, &job) // of one that cannot be read the rest is told
		}
		state, _ := values[0].(string)
		page[n].ConversationID = parseJobState(state).conversation
		page[n].URL = job.WebhookURL
	}
	return nil
}
