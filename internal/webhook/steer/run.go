package steer

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/turnwise/turnwise/internal/webhook"
)

const (
	lookEvery = 3 * time.Second // for resends, while none is known to be due earlier
	busyWait  = time.Second     // for an endpoint at which many lanes wait
	tick      = 100 * time.Millisecond
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

// advance works one portion of a resend: what its rate permits in a tick, in one shard.
func (s *Service) advance(ctx context.Context, r webhook.Resend) error {
	n := min(max(r.Rate/int(time.Second/tick), 1), portion)
	began := time.Now()
	sent, more, busy, err := s.some(ctx, r, n)
	if err != nil {
		return err
	}
	wait := time.Duration(sent) * time.Second / time.Duration(r.Rate)
	if busy && sent == 0 {
		wait = busyWait
	}
	if !more {
		r.Shard++
	}
	return s.AdvanceResend(ctx, r, sent, r.Shard >= s.Shards(), began.Add(wait))
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
