package webhooks

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// What is sent again, how fast, and beside what.
const (
	resendEvents = 100_000
	resendRate   = 500 // events a second, the most that may be asked for
	liveEvery    = 50 * time.Millisecond
	liveFor      = 30 * time.Second
	looksEvery   = 250 * time.Millisecond
	straggling   = 5 * time.Second // until what stood in the lanes has come
)

// resend measures live traffic, half of it to the receiver whose dead events are sent
// again and half to another one, alone and beside that; cancels in the middle; and has
// the rest sent.
func (s *scene) resend(ctx context.Context) ([]Figure, error) {
	var back atomic.Bool
	r, err := newReceiver(ctx, 2, func(arrival) (status, seconds int) {
		if back.Load() {
			return http.StatusNoContent, 0
		}
		return http.StatusGone, 0
	})
	if err != nil {
		return nil, err
	}
	defer r.close()
	t := &resent{scene: s, receiver: r, back: &back}
	for _, step := range []func(context.Context) error{t.bury, t.live, t.cancelled, t.rest} {
		if err := step(ctx); err != nil {
			return t.figures(), err
		}
	}
	return t.figures(), nil
}

// resent is one run of resend, and what it has found out.
type resent struct {
	*scene

	receiver *receiver
	back     *atomic.Bool
	endpoint endpoint

	alone, beside []arrival
	lost          int
	dead          int
	early, later  []arrival // replays before the cancelling, and of the rest
	straggled     int       // that came after what stood in the lanes was sent
	before, peak  float64   // MB of the worker
	took          time.Duration
}

// A task is what the API tells of a resend.
type task struct {
	ID, State  string
	Sent, Left int
}

// bury makes events that are given up at once.
func (t *resent) bury(ctx context.Context) error {
	jobs := t.count(resendEvents/eventsEach + 1)
	if err := t.pile(ctx, jobs, to(t.receiver.urls[0])); err != nil {
		return err
	}
	var err error
	for since := time.Now(); t.dead < eventsEach*jobs && time.Since(since) < patience; {
		if err := process.Rest(ctx, looksEvery); err != nil {
			return err
		}
		if t.endpoint, err = t.scene.endpoint(ctx); err != nil {
			return err
		}
		if t.endpoint.Dead > t.dead {
			t.dead, since = t.endpoint.Dead, time.Now()
		}
	}
	t.receiver.seen()
	t.back.Store(true)
	return err
}

// post has live traffic come, and returns it without what is sent again.
func (t *resent) post(ctx context.Context) (live, replays []arrival, err error) {
	posts, err := t.stream(ctx, liveEvery, t.lasting(liveFor), func(n int) string { return t.receiver.urls[n%2] })
	if err != nil {
		return nil, nil, err
	}
	if err := t.settled(ctx); err != nil {
		return nil, nil, err
	}
	came, wrong := t.receiver.seen()
	for _, a := range came {
		if a.replay {
			replays = append(replays, a)
		} else {
			live = append(live, a)
		}
	}
	t.lost += wrong + abs(eventsEach*posts-len(live))
	return live, replays, nil
}

func (t *resent) live(ctx context.Context) (err error) {
	if _, _, err = t.post(ctx); err == nil { // both receivers are known to be fast then
		t.alone, _, err = t.post(ctx)
	}
	if err != nil {
		return err
	}
	if err := t.Watch(ctx); err != nil {
		return err
	}
	t.before, err = t.PeakMB()
	return err
}

// begin begins a resend of all that is dead.
func (t *resent) begin(ctx context.Context) (r task, err error) {
	err = t.call(ctx, http.MethodPost, "/v1/webhooks/resends", map[string]any{"endpointId": t.endpoint.ID, "rate": resendRate}, &r)
	return r, err
}

// settled waits until what stands in the lanes has come.
func (t *resent) settled(ctx context.Context) error {
	return process.Rest(ctx, max(t.lasting(straggling), 300*time.Millisecond))
}

// follow looks at a resend until it is as wanted.
func (t *resent) follow(ctx context.Context, r task, until func(task) bool) (task, error) {
	last, since := r.Sent, time.Now()
	for !until(r) {
		if err := process.Rest(ctx, looksEvery); err != nil {
			return r, err
		}
		if err := t.call(ctx, http.MethodGet, "/v1/webhooks/resends/"+r.ID, nil, &r); err != nil {
			return r, err
		}
		if r.Sent != last {
			last, since = r.Sent, time.Now()
		}
		if time.Since(since) > patience {
			return r, fmt.Errorf("the resend stands still: %d sent, %d left", r.Sent, r.Left)
		}
	}
	return r, nil
}

// cancelled has live traffic beside a resend, and cancels that.
func (t *resent) cancelled(ctx context.Context) error {
	r, err := t.begin(ctx)
	if err != nil {
		return err
	}
	if r, err = t.follow(ctx, r, func(r task) bool { return r.Sent > 0 }); err != nil {
		return err
	}
	if t.beside, t.early, err = t.post(ctx); err != nil {
		return err
	}
	if err := t.call(ctx, http.MethodDelete, "/v1/webhooks/resends/"+r.ID, nil, &r); err != nil {
		return err
	}
	if r.State != "cancelled" {
		return fmt.Errorf("the resend is %s after its end was asked for, want it cancelled", r.State)
	}
	if err := t.settled(ctx); err != nil {
		return err
	}
	last, wrong := t.receiver.seen()
	t.early, t.lost = append(t.early, last...), t.lost+wrong
	if err := t.settled(ctx); err != nil {
		return err
	}
	late, _ := t.receiver.seen()
	t.early, t.straggled = append(t.early, late...), len(late)
	return nil
}

// rest has the rest sent.
func (t *resent) rest(ctx context.Context) error {
	began := time.Now()
	r, err := t.begin(ctx)
	if err != nil {
		return err
	}
	if r, err = t.follow(ctx, r, func(r task) bool { return r.State != "running" }); err != nil {
		return err
	}
	t.took = time.Since(began)
	if err := t.receiver.wait(ctx, r.Sent); err != nil {
		return err
	}
	var wrong int
	t.later, wrong = t.receiver.seen()
	t.lost += wrong
	t.peak, err = t.PeakMB()
	return err
}

func (t *resent) figures() []Figure {
	alone, beside := delays(t.alone, ""), delays(t.beside, "")
	most := max(busiest(t.early), busiest(t.later))
	return []Figure{
		count("dead events", t.dead),
		millis("live traffic alone, p50", alone, 0.5), millis("live traffic alone, p99", alone, 0.99),
		millis("beside the resend, p50", beside, 0.5), millis("beside the resend, p99", beside, 0.99),
		ratio("beside ÷ alone, p50", beside, alone, 0.5), ratio("beside ÷ alone, p99", beside, alone, 0.99).most(1.5),
		count("sent again by one that was cancelled", len(t.early)),
		count("that came 5 s after that, or later", t.straggled).most(0),
		count("sent again by a second resend", len(t.later)),
		{Name: "which took", Value: t.took.Seconds(), Unit: "s"},
		count("in the busiest second, 500 being asked for", most).most(1.1 * resendRate),
		count("dead, and not sent again", abs(t.dead-len(t.early)-len(t.later))).most(0),
		count("lost, doubled or out of order", t.lost).most(0),
		{Name: "memory of the worker before", Value: t.before, Unit: "MB"},
		Figure{Name: "by which it grew at most", Value: max(t.peak-t.before, 0), Unit: "MB"}.most(32),
	}
}
