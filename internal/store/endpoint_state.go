package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/retry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// PauseEndpoint has an endpoint of an account be left alone in all shards, or asked
// again: at once, if it was open or held. The lanes at it wait as long. It returns
// in which shards the deliver lanes are to be rung for.
func (s *Store) PauseEndpoint(ctx context.Context, account string, e webhook.Endpoint, pause bool) (ring []int, err error) {
	action := "resume"
	if pause {
		action = "pause"
	}
	for shard := range s.opts.Shards {
		r, err := s.steer(ctx, shard, account, e, action, endpointRetention)
		if err != nil {
			return ring, err
		}
		if r.number(1) == 1 {
			ring = append(ring, shard)
		}
	}
	return ring, nil
}

// HoldEndpoint has an endpoint of an account be left alone for a while in the shards
// other than the one that knows it already, for a receiver asks once for all.
func (s *Store) HoldEndpoint(ctx context.Context, account string, e webhook.Endpoint, known int, hold time.Duration) error {
	for shard := range s.opts.Shards {
		if shard == known {
			continue
		}
		if _, err := s.steer(ctx, shard, account, e, "hold", hold); err != nil {
			return err
		}
	}
	return nil
}

// TellProbe tells the shards other than the one that has made it how a probe of an
// endpoint ended: none of them makes its own while those of the one fail, and each does at
// once after one that was answered. It returns in which the deliver lanes are to be rung
// for. A shard that hears of no further probe that failed for the longest pause between
// them and later makes its own.
func (s *Store) TellProbe(ctx context.Context, account string, e webhook.Endpoint, made int, answered bool, later time.Duration) (ring []int, err error) {
	how := "failed"
	if answered {
		how = "answered"
	}
	for shard := range s.opts.Shards {
		if shard == made {
			continue
		}
		args := append(append(s.granting(s.opts.Lease), s.judging()...), account, e.ID, how, ms(later))
		r, err := s.run(ctx, hearProbe, "tell shard "+strconv.Itoa(shard)+" of a probe of endpoint "+e.ID, shardEvents(keysOf(shard)), args...)
		if err != nil {
			return ring, err
		}
		if r.number(1) == 1 {
			ring = append(ring, shard)
		}
	}
	return ring, nil
}

func (s *Store) steer(ctx context.Context, shard int, account string, e webhook.Endpoint, action string, d time.Duration) (reply, error) {
	k := keysOf(shard)
	return s.run(ctx, steerEndpoint, action+" endpoint "+e.ID+" in shard "+strconv.Itoa(shard),
		[]string{string(k), k.bell(lane.Deliver), k.endpoints(account)}, account, e.ID, e.Origin, action, ms(d))
}

// Endpoints returns the endpoints of an account that were used of late, by origin. An
// endpoint has a state in each shard: it is told open if it is so in one of them.
func (s *Store) Endpoints(ctx context.Context, account string) ([]webhook.EndpointState, error) {
	all := map[string]*webhook.EndpointState{}
	for shard := range s.opts.Shards {
		seen, err := s.scanned(ctx, keysOf(shard).endpoints(account))
		if err != nil {
			return nil, fault("list the endpoints of shard "+strconv.Itoa(shard), err)
		}
		for some := range slices.Chunk(seen, 200) {
			if err := s.readEndpoints(ctx, shard, account, some, all); err != nil {
				return nil, err
			}
		}
	}
	states := slices.Collect(maps.Values(all))
	list := make([]webhook.EndpointState, len(states))
	for n, e := range states {
		list[n] = *e
	}
	slices.SortFunc(list, func(a, b webhook.EndpointState) int { return strings.Compare(a.Origin+a.ID, b.Origin+b.ID) })
	return list, nil
}

// endpointReads are what is asked of an endpoint of a shard.
type endpointReads struct {
	state                 *redis.MapStringStringCmd
	waiting, flight, dead *redis.IntCmd
	oldest                *redis.ZSliceCmd
}

// readEndpoints adds what a shard knows of endpoints.
func (s *Store) readEndpoints(ctx context.Context, shard int, account string, seen []redis.Z, all map[string]*webhook.EndpointState) error {
	k, reads := keysOf(shard), make([]endpointReads, len(seen))
	err := retry.Do(ctx, func(ctx context.Context) (err error) {
		pipe := s.rdb.Pipeline()
		for n, z := range seen {
			id := fmt.Sprint(z.Member)
			reads[n] = endpointReads{
				pipe.HGetAll(ctx, k.endpoint(account, id)), pipe.ZCard(ctx, k.waiting(account, id)), pipe.ZCard(ctx, k.flight(account, id)),
				pipe.ZCard(ctx, k.dead(account, id)), pipe.ZRangeWithScores(ctx, k.waiting(account, id), 0, 0),
			}
		}
		_, err = pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return fault("read the endpoints of shard "+strconv.Itoa(shard), err)
	}
	for n, z := range seen {
		id := fmt.Sprint(z.Member)
		if all[id] == nil {
			all[id] = &webhook.EndpointState{Endpoint: webhook.Endpoint{ID: id}, Breaker: webhook.Closed, Rate: s.opts.Endpoints.Rate}
		}
		reads[n].addTo(all[id], time.UnixMilli(int64(z.Score)).UTC())
	}
	return nil
}

// addTo adds what a shard knows of an endpoint.
func (r endpointReads) addTo(e *webhook.EndpointState, seen time.Time) {
	kept, now := r.state.Val(), time.Now()
	if kept["origin"] != "" {
		e.Origin = kept["origin"]
	}
	e.Waiting += r.waiting.Val()
	e.InFlight += r.flight.Val()
	e.Dead += r.dead.Val()
	e.LastSeen = later(e.LastSeen, seen)
	e.PausedSince = earlier(e.PausedSince, instant(kept["paused"]))
	if held := instant(kept["held"]); held.After(now) {
		e.HeldUntil = later(e.HeldUntil, held)
	}
	if probe := instant(kept["open"]); !probe.IsZero() {
		e.OpenedAt = earlier(e.OpenedAt, instant(kept["opened"]))
		e.NextProbe = earlier(e.NextProbe, probe)
		if probe.After(now) {
			e.Breaker = webhook.Open
		} else if e.Breaker == webhook.Closed {
			e.Breaker = webhook.HalfOpen
		}
	}
	if head := r.oldest.Val(); len(head) > 0 {
		if due := time.UnixMilli(int64(head[0].Score)).UTC(); due.Before(now) {
			e.Oldest = earlier(e.Oldest, due)
		}
	}
}

// later and earlier return one of two times, of which those that are zero do not count.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// endpointStats counts the endpoints of shards on one server that are not simply asked.
func (s *Store) endpointStats(ctx context.Context, shards []int, clock func(shard int) time.Time) (map[lane.EndpointState]int64, error) {
	type counts struct{ open, all, held, paused *redis.IntCmd }
	asked := make([]counts, len(shards))
	err := retry.Do(ctx, func(ctx context.Context) (err error) {
		pipe := s.rdb.Pipeline()
		for n, shard := range shards {
			k, from := keysOf(shard), "("+strconv.FormatInt(clock(shard).UnixMilli(), 10)
			asked[n] = counts{
				pipe.ZCount(ctx, k.open(), from, "+inf"), pipe.ZCard(ctx, k.open()), pipe.ZCount(ctx, k.held(), from, "+inf"), pipe.ZCard(ctx, k.paused()),
			}
		}
		_, err = pipe.Exec(ctx)
		return err
	})
	if err != nil {
		return nil, fault("count the endpoints", err)
	}
	found := map[lane.EndpointState]int64{}
	for _, c := range asked {
		found[lane.Open] += c.open.Val()
		found[lane.HalfOpen] += c.all.Val() - c.open.Val()
		found[lane.Held] += c.held.Val()
		found[lane.Paused] += c.paused.Val()
	}
	return found, nil
}
