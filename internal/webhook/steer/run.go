package steer

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	lookEvery = 3 * time.Second       // for resends, while none is known to be due earlier
	busyWait  = time.Second           // for an endpoint at which many lanes wait
	tick      = 20 * time.Millisecond // between portions, at high rates
	slowTick  = 100 * time.Millisecond
	few       = 5 // events of a portion, if its rate permits so many in a slow tick
)

// Run works the resends of all accounts, side by side with other processes that do,
// until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		}
		timer.Reset(s.work(ctx))
	}
}

// work works one portion of a resend that is due. It returns when to look again.
func (s *Service) work(ctx context.Context) time.Duration {
	idle := lookEvery + rand.N(lookEvery/4)
	r, next, err := s.DueResend(ctx)
	if err == nil && r == nil {
		if next.IsZero() {
			return idle
		}
		return min(max(time.Until(next), tick/10), idle)
	}
	if err == nil {
		err = s.advance(ctx, *r)
	}
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "resend not worked", slog.Any("err", err))
		return idle
	}
	return 0
}

// advance works one portion of a resend. It is small, since what is new waits behind it
// for the same slots: what the rate permits in a tick, or a few.
func (s *Service) advance(ctx context.Context, r webhook.Resend) error {
	n := min(max(r.Rate/int(time.Second/tick), few), max(r.Rate/int(time.Second/slowTick), 1))
	began := time.Now()
	sent, busy, err := s.round(ctx, &r, n)
	if err != nil {
		return err
	}
	wait := time.Duration(sent) * time.Second / time.Duration(r.Rate)
	if busy && sent == 0 {
		wait = busyWait
	}
	return s.AdvanceResend(ctx, r, sent, len(r.Dry) >= s.Shards(), began.Add(wait))
}

// round has n events at most of a resend sent again, from the shard on whose turn it is.
// Shards take turns, since one alone has too few slots. It reports whether an endpoint is
// busy.
func (s *Service) round(ctx context.Context, r *webhook.Resend, n int) (sent int64, busy bool, err error) {
	for range s.Shards() {
		here := *r
		r.Shard = (r.Shard + 1) % s.Shards()
		if slices.Contains(r.Dry, here.Shard) {
			continue
		}
		got, more, full, err := s.some(ctx, here, n-int(sent))
		if err != nil {
			return sent, busy, err
		}
		if !more {
			r.Dry = append(r.Dry, here.Shard) // what is given up anew is none of it
		}
		if sent, busy = sent+got, busy || full; int(sent) >= n {
			break
		}
	}
	return sent, busy, nil
}

// some has n events at most of a resend sent again, in the shard where it is. It
// reports whether others are left there, and whether an endpoint is busy.
func (s *Service) some(ctx context.Context, r webhook.Resend, n int) (sent int64, more, busy bool, err error) {
	endpoints := []string{r.Endpoint}
	if r.Endpoint == "" {
		if endpoints, err = s.EndpointsIn(ctx, r.Shard, r.Account); err != nil {
			return 0, false, false, err
		}
	}
	for _, id := range endpoints {
		if int(sent) >= n {
			return sent, true, busy, nil
		}
		got, left, full, wake, err := s.ResendSome(ctx, r, id, n-int(sent))
		if err != nil {
			return sent, false, false, err
		}
		s.bell.Ring(ctx, r.Shard, wake)
		sent, more, busy = sent+got, more || left, busy || full
	}
	return sent, more, busy, nil
}
