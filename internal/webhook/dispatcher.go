package webhook

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// runTime is how long the events of one claim may take until the last of them
// is begun. If this process dies, all of them come again.
const runTime = 50 * time.Millisecond

// DispatcherOptions adjusts a [Dispatcher]. The zero value is fit for
// production.
type DispatcherOptions struct {
	Lease      time.Duration // of a claim, renewed while an attempt lasts; 5s if zero
	Backoff    lane.Backoff  // 5s, growing to 6h, if zero
	MaxElapsed time.Duration // from the first attempt of an event to its last; 72h if zero
	Grace      time.Duration // that an attempt under way has at a shutdown; 10s if zero
	MaxEvents  int           // of one Drain; 64 if zero
	MaxTime    time.Duration // of one Drain, before the last attempt; 250ms if zero
	Log        *slog.Logger  // may be nil
	Meter      Meter         // may be nil
	Tracer     Tracer        // may be nil

	// Gaps says what becomes of the events of an account behind one that is given
	// up; Continue if nil.
	Gaps func(account string) GapPolicy
}

// A Tracer follows the attempts at events that belong to a trace.
type Tracer interface {
	// Attempt is told that an attempt begins. It returns the event with what its
	// receiver is to be told of the trace, and a function to be called with how
	// it ended.
	Attempt(ctx context.Context, e Event, number int) (Event, func(Result))
}

// noTracer follows nothing, and hands on what it is given.
type noTracer struct{}

func (noTracer) Attempt(_ context.Context, e Event, _ int) (Event, func(Result)) {
	return e, func(Result) {}
}

// A Dispatcher works the deliver lanes: it claims what is due, makes one
// attempt at each event, and records what becomes of it.
type Dispatcher struct {
	lanes  Lanes
	sender *Sender
	bell   lane.Doorbell
	policy Policy
	log    *slog.Logger
	meter  Meter
	tracer Tracer
	gaps   func(account string) GapPolicy
	holds  holds
	probes holds // that were told, by how they ended

	lease, grace, maxTime time.Duration
	maxEvents             int
}

// NewDispatcher returns a Dispatcher that sends the events of lanes by sender
// and rings bell for what that makes due.
func NewDispatcher(lanes Lanes, sender *Sender, bell lane.Doorbell, opts DispatcherOptions) *Dispatcher {
	d := &Dispatcher{
		lanes:  lanes,
		sender: sender,
		bell:   bell,
		policy: Policy{
			Backoff:    cmp.Or(opts.Backoff, lane.Backoff{Initial: 5 * time.Second, Max: 6 * time.Hour}),
			MaxElapsed: cmp.Or(opts.MaxElapsed, 72*time.Hour),
		},
		log:       cmp.Or(opts.Log, slog.New(slog.DiscardHandler)),
		meter:     opts.Meter,
		tracer:    opts.Tracer,
		gaps:      opts.Gaps,
		lease:     cmp.Or(opts.Lease, 5*time.Second),
		grace:     cmp.Or(opts.Grace, 10*time.Second),
		maxTime:   cmp.Or(opts.MaxTime, 250*time.Millisecond),
		maxEvents: cmp.Or(opts.MaxEvents, 64),
	}
	if d.meter == nil {
		d.meter = noMeter{}
	}
	if d.tracer == nil {
		d.tracer = noTracer{}
	}
	if d.gaps == nil {
		d.gaps = func(string) GapPolicy { return Continue }
	}
	return d
}

// Drain delivers what is due in a shard, one event after the other, until
// nothing is, or until it has had its share: then more is true and the shard
// is to be visited again, after others. So it is when a claim was lost.
//
// When ctx ends, the attempt under way may finish within the grace and is
// recorded; one that does not is recorded as cut short, given back uncounted, and
// its receiver may see the event twice. Then more is false, since it is another process that
// goes on.
func (d *Dispatcher) Drain(ctx context.Context, shard int) (more bool, err error) {
	if ctx.Err() != nil {
		return false, nil //nolint:nilerr // to stop is no failure
	}
	more, err = d.drain(ctx, shard)
	if errors.Is(err, lane.ErrStale) {
		d.meter.StaleRefused(lane.Deliver)
		more, err = true, nil
	}
	return more && ctx.Err() == nil, err
}

func (d *Dispatcher) drain(ctx context.Context, shard int) (more bool, err error) {
	work, cancel := lane.Grace(ctx, d.grace)
	defer cancel()
	began := time.Now()
	c, err := d.claim(ctx, shard)
	for n := 0; c != nil; {
		if ctx.Err() != nil {
			return false, d.giveBack(ctx, c)
		}
		run, lost := d.deliver(work, ctx, c)
		if errors.Is(lost, lane.ErrStale) {
			return false, lost
		}
		n += len(run)
		spent := n >= d.maxEvents || time.Since(began) >= d.maxTime
		next := !spent && lost == nil && ctx.Err() == nil
		if c, err = d.settle(ctx, c, run, next); err != nil || spent {
			return spent && err == nil, err
		}
	}
	return false, err
}

// deliver sends the event of c, and those that follow on it while each is
// delivered: not once it has taken long, since the outcome of all is written
// down at the end only, nor once stop has ended. It returns an error, the
// reason, if an attempt was broken off, which is the last of the run then.
func (d *Dispatcher) deliver(ctx, stop context.Context, c *Claim) (run []Settlement, lost error) {
	held, release := lane.Hold(ctx, d.log, d.lease, func(ctx context.Context) error { return d.lanes.Renew(ctx, c.Claim) })
	defer release()
	began := time.Now()
	for e := c; e != nil; e = e.Then {
		if len(run) > 0 && (time.Since(began) > runTime || stop.Err() != nil) {
			break
		}
		r, lost := d.send(held, e)
		if lost != nil {
			r.Attempt.Outcome = CutShort
			return append(run, Settlement{Outcome: CutShort, Attempt: r.Attempt}), lost
		}
		s := d.policy.Settle(r, e.Attempt, e.Since, time.Now())
		s.Gap = d.gap(e, s)
		d.record(ctx, e, r, s)
		if run = append(run, s); s.Outcome != Delivered {
			break
		}
	}
	return run, nil
}

// gap returns what becomes of the events behind one that is given up. One that
// cannot be read holds up nobody, since there is nothing that could be sent again.
func (d *Dispatcher) gap(c *Claim, s Settlement) GapPolicy {
	switch {
	case s.Outcome != Dead:
		return ""
	case c.Unreadable != nil:
		return Continue
	}
	return d.gaps(c.Account)
}

// send makes the attempt that c is for. It returns an error, the reason, if the
// attempt was broken off, with ctx, before the receiver had answered; a receiver
// that has answered is heard, be the claim lost or not.
func (d *Dispatcher) send(ctx context.Context, c *Claim) (r Result, lost error) {
	if c.Unreadable != nil {
		d.log.LogAttrs(ctx, slog.LevelError, "event unreadable", slog.String("job", c.Key), slog.Any("err", c.Unreadable))
		a := Attempt{EventID: c.Event.ID(), Number: c.Attempt, At: time.Now(), Outcome: Dead, Error: "what is stored of the event cannot be read"}
		return Result{Outcome: Dead, Class: ClassUnreadable, Attempt: a}, nil //nolint:nilerr // the attempt was not broken off
	}
	if !c.Due.IsZero() {
		d.meter.WebhookLag(max(time.Since(c.Due), 0))
	}
	event, done := d.tracer.Attempt(ctx, c.Event, c.Attempt)
	heard := lane.Linger(ctx)
	r = d.sender.Send(ctx, event, c.Attempt)
	heard()
	done(r)
	if r.Outcome == Retry && r.Attempt.Code == 0 {
		return r, context.Cause(ctx)
	}
	return r, nil
}
