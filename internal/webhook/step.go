package webhook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// The steps of a drain go through even while ctx ends: a claim whose reply is
// not waited for blocks its lane until the lease is over. They are bounded by
// the lease instead, after which they would be in vain.
func (d *Dispatcher) step(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), d.lease)
}

func (d *Dispatcher) claim(ctx context.Context, shard int) (*Claim, error) {
	for {
		c, wake, err := d.lanes.ClaimEvent(context.WithoutCancel(ctx), shard)
		mended, ok := errors.AsType[*lane.MendedError](err)
		if err != nil && !ok {
			return nil, fmt.Errorf("claim an event of shard %d: %w", shard, err)
		}
		d.ring(ctx, shard, wake)
		if !ok {
			d.meter.Claimed(lane.Deliver, c != nil)
			return c, nil
		}
		d.meter.LaneMended(lane.Deliver)
		d.log.LogAttrs(ctx, slog.LevelError, "lane mended", slog.String("lane", mended.Lane), slog.Int("shard", shard), slog.Any("err", err))
	}
}

// settle has written down what becomes of the events of c that were attempted.
// With next, it returns a claim of the event that is due next, if any.
func (d *Dispatcher) settle(ctx context.Context, c *Claim, run []Settlement, next bool) (*Claim, error) {
	ctx, cancel := d.step(ctx)
	defer cancel()
	d.meter.AccountAsked(c.Account)
	following, wake, err := d.lanes.SettleEvents(ctx, c, run, next)
	if err != nil {
		return nil, fmt.Errorf("settle event %s: %w", run[0].Attempt.EventID, err)
	}
	if next {
		d.meter.Claimed(lane.Deliver, following != nil)
	}
	d.ring(ctx, c.Shard, wake)
	d.holdElsewhere(ctx, c, run[len(run)-1])
	d.tellProbe(ctx, c, run[len(run)-1])
	return following, nil
}

// holdElsewhere tells the other shards that an endpoint asked to be left alone. One
// that does not hear of it is told by the receiver.
func (d *Dispatcher) holdElsewhere(ctx context.Context, c *Claim, s Settlement) {
	if s.Hold <= 0 || !d.holds.begin(c.Account+":"+c.Endpoint, time.Now().Add(s.Hold), slackOfHold) {
		return
	}
	e, err := EndpointOf(c.Event.URL)
	if err == nil {
		err = d.lanes.HoldEndpoint(ctx, c.Account, e, c.Shard, s.Hold)
	}
	if err != nil {
		d.log.LogAttrs(ctx, slog.LevelInfo, "endpoint not held in all shards", slog.String("account", c.Account), slog.Any("err", err))
	}
}

// tellAgain is how far apart a shard tells that probes of an endpoint fail: until it does
// again, the others make none.
const tellAgain = time.Minute

// tellProbe tells the other shards how a probe ended: once for those that end together,
// and now and then while the probes of one shard fail. A shard that does not hear of it
// makes its own.
func (d *Dispatcher) tellProbe(ctx context.Context, c *Claim, s Settlement) {
	if !c.Probe || s.Health == "" {
		return
	}
	answered := s.Health == Fast || s.Health == Slow
	told, apart := "answered "+c.Account+":"+c.Endpoint, slackOfHold
	if !answered {
		told, apart = fmt.Sprint("failed ", c.Shard, " ", c.Account, ":", c.Endpoint), tellAgain
	}
	if !d.probes.begin(told, time.Now(), apart) {
		return
	}
	e, err := EndpointOf(c.Event.URL)
	if err == nil {
		var ring []int
		ring, err = d.lanes.TellProbe(ctx, c.Account, e, c.Shard, answered, tellAgain+d.sender.timeout+slackOfHold)
		for _, shard := range ring {
			d.ring(ctx, shard, lane.Wake{Deliver: true})
		}
	}
	if err != nil {
		d.log.LogAttrs(ctx, slog.LevelInfo, "probe not told to all shards", slog.String("account", c.Account), slog.Any("err", err))
	}
}

func (d *Dispatcher) giveBack(ctx context.Context, c *Claim) error {
	ctx, cancel := d.step(ctx)
	defer cancel()
	wake, err := d.lanes.Release(ctx, c.Claim)
	if err != nil {
		return fmt.Errorf("release event %s: %w", c.Event.ID(), err)
	}
	d.ring(ctx, c.Shard, wake)
	return nil
}

func (d *Dispatcher) ring(ctx context.Context, shard int, w lane.Wake) {
	if w.Append || w.Deliver {
		d.bell.Ring(ctx, shard, w)
	}
}

// record logs and counts an attempt.
func (d *Dispatcher) record(ctx context.Context, c *Claim, r Result, s Settlement) {
	took := time.Duration(r.Attempt.Total * float64(time.Millisecond))
	d.meter.WebhookAttempted(s.Attempt)
	level := slog.LevelInfo
	if s.Outcome == Delivered {
		d.meter.WebhookDelivered(max(time.Since(c.Event.OccurredAt), 0))
		level = slog.LevelDebug
	}
	if !d.log.Enabled(ctx, level) {
		return
	}
	d.log.LogAttrs(ctx, level, "webhook attempted",
		slog.String("account", c.Event.Account),
		slog.String("job", c.Event.JobID),
		slog.String("event", c.Event.ID()),
		slog.String("status", c.Event.Status),
		slog.Int("attempt", c.Attempt),
		slog.String("outcome", string(s.Outcome)),
		slog.Int("code", r.Attempt.Code),
		slog.Duration("took", took),
		slog.Duration("next_delay", s.Delay),
		slog.String("address", r.Address),
		slog.String("err", r.Attempt.Error),
	)
}
