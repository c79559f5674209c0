package webhooks

import (
	"context"
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// What is delivered as fast as it goes.
const (
	ratePorts  = 16
	rateEvents = 60_000
)

// rate measures how fast events are delivered that were held until all were there, so
// that nothing else is done meanwhile, and what that costs the worker and Redis.
func (s *scene) rate(ctx context.Context) ([]Figure, error) {
	r, err := newReceiver(ctx, ratePorts, taken)
	if err != nil {
		return nil, err
	}
	defer r.close()
	t := &rated{scene: s, receiver: r}
	for _, step := range []func(context.Context) error{t.meet, t.hold, t.deliver} {
		if err := step(ctx); err != nil {
			return nil, err
		}
	}
	return t.figures(), nil
}

// rated is one run of rate, and what it has found out.
type rated struct {
	*scene

	receiver      *receiver
	events, wrong int
	took          time.Duration
	worker, redis time.Duration // of a processor
}

// meet has each endpoint known.
func (t *rated) meet(ctx context.Context) error {
	for _, hook := range t.receiver.urls {
		if err := t.post(ctx, hook); err != nil {
			return err
		}
	}
	err := t.receiver.wait(ctx, eventsEach*ratePorts)
	t.receiver.seen()
	return err
}

// hold has events wait at all endpoints, which are paused meanwhile.
func (t *rated) hold(ctx context.Context) error {
	if err := t.steer(ctx, "pause"); err != nil {
		return err
	}
	jobs := t.count(rateEvents / eventsEach)
	t.events = eventsEach * jobs
	if err := t.pile(ctx, jobs, func(n int) string { return t.receiver.urls[n%ratePorts] }); err != nil {
		return err
	}
	return t.Settle(ctx, settleMost)
}

// steer does something to all endpoints.
func (t *rated) steer(ctx context.Context, what string) error {
	all, err := t.endpoints(ctx)
	for _, e := range all {
		if err == nil {
			err = t.call(ctx, http.MethodPost, "/v1/webhooks/endpoints/"+e.ID+"/"+what, nil, nil)
		}
	}
	return err
}

// deliver has the events go, and waits until all have come.
func (t *rated) deliver(ctx context.Context) error {
	before, err := t.usage(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := t.steer(ctx, "resume"); err != nil {
		return err
	}
	if err := t.receiver.wait(ctx, t.events); err != nil {
		return err
	}
	t.took = time.Since(began)
	if err := process.Rest(ctx, time.Second); err != nil { // what came last is settled
		return err
	}
	after, err := t.usage(ctx)
	t.worker, t.redis = after[0]-before[0], after[1]-before[1]
	came, wrong := t.receiver.seen()
	t.wrong = wrong + abs(t.events-len(came))
	return err
}

// usage is how much processor time the worker has used, and its Redis.
func (t *rated) usage(ctx context.Context) (used [2]time.Duration, err error) {
	if used[0], err = t.Used(); err == nil {
		used[1], err = t.RedisUsed(ctx)
	}
	return used, err
}

func (t *rated) figures() []Figure {
	each := float64(t.events)
	return []Figure{
		count("events that waited for 16 receivers", t.events),
		Figure{Name: "delivered a second", Value: each / t.took.Seconds(), Unit: "/s"}.least(5000),
		Figure{Name: "of a processor for each, worker and Redis", Value: (t.worker + t.redis).Seconds() * 1000 / each, Unit: "ms"}.most(0.25),
		{Name: "of these the worker", Value: t.worker.Seconds() * 1000 / each, Unit: "ms"},
		count("lost, doubled or out of order", t.wrong).most(0),
	}
}
