package bench

import (
	"context"
	"time"
)

// A system rests for some seconds before it is idle: until then it looks for
// work more often.
const (
	idleAfter = 7 * time.Second
	idleFor   = 10 * time.Second
)

// idle measures what a system does that has nothing to do, workers and
// dispatchers: those of a worker without its watch over Redis, which asks for a
// handful of commands a second more.
func (b *bench) idle(ctx context.Context) (outcome, error) {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	share := min(1, 10*b.opts.Scale) // a run to try the bench out is not to rest for long
	rest := func(ctx context.Context, d time.Duration) error {
		select {
		case <-time.After(time.Duration(share * float64(d))):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	var did Sample
	var took time.Duration
	err = s.deliver(ctx, func(ctx context.Context) error {
		return s.work(ctx, func(ctx context.Context) error {
			if err := rest(ctx, idleAfter); err != nil {
				return err
			}
			began := time.Now()
			did, err = b.server.timed(ctx, 1, func() error { return rest(ctx, idleFor) })
			took = time.Since(began)
			return err
		})
	})
	if err != nil {
		return outcome{}, err
	}
	a := took.Seconds()
	return outcome{figures: []Figure{
		{Section: Idle, Name: "commands of Redis a second", Value: did.Commands / a},
		{Section: Idle, Name: "round trips a second", Value: did.RoundTrips / a},
		{Section: Idle, Name: "Redis", Value: did.RedisCPU / a / 1e4, Unit: "% of a core"},
		{Section: Idle, Name: "this process", Value: did.OwnCPU / a / 1e4, Unit: "% of a core"},
	}}, nil
}
