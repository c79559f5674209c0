package batch

import (
	"context"
	"slices"
	"sync"
	"time"
)

// lateAfter is how long a call is under way until it is late: it no longer
// keeps others from being sent.
const lateAfter = 50 * time.Millisecond

// Options says how the calls of a [Group] travel.
type Options[Q, A any] struct {
	Most     int // requests in one call
	OnTime   int // calls under way for one key before further requests wait and gather
	UnderWay int // calls under way for one key, late ones too

	// Size is that of a request; a call ends with the one that reaches Room.
	// If it is nil sizes do not matter.
	Size func(request Q) int
	Room int

	// Alone reports whether a request that was answered so, or whose call
	// failed so, is to be made again by itself, because the answer may be
	// owed to one of the others. If it is nil none is.
	Alone func(answer A, err error) bool
}

// A Group makes one call of the requests that many callers make at the same
// time. Each key, a server or a shard, has calls of its own, so one that does
// not answer holds up no other.
//
// A request is sent at once unless as many calls for its key are under way as
// may be. Then it waits, together with those that come in the meantime, in
// their order, for one of them to return or to be late. So a lone request is
// never delayed, and the busier a key is the larger are its calls.
//
// Each caller gets the answer to its own request, or the error of the call that
// carried it. It leaves when its context ends; whether its request took effect
// is unknown then, unless the call had not begun: a request is not sent for a
// caller who has left. A call may take until the last of its callers has to
// leave.
//
// What is asked of those who use it:
//
//   - A request is answered and has its effect regardless of which others are
//     in its call, and of their order.
//   - A caller who got no reply makes its request again, in a call with other
//     company, so a request that may be repeated is known by an id of its own.
//   - Where a call fails with an error that is [Options.Alone], each of its
//     requests has had its whole effect or none, so that it may be made again
//     by itself. A script does better to answer so the one that is at fault:
//     settle_events of package store shows how.
type Group[K comparable, Q, A any] struct {
	call func(ctx context.Context, key K, requests []Q) ([]A, error)
	opts Options[Q, A]

	mu     sync.Mutex
	queues map[K]*queue[Q, A] // none for a key that is idle
}

// A queue holds the requests for one key.
type queue[Q, A any] struct {
	waiting []*request[Q, A]
	onTime  int // calls under way that are not late
	late    int // and those that are
}

// A request is one of a caller who waits.
type request[Q, A any] struct {
	ctx    context.Context //nolint:containedctx // that of the caller; a call carries several
	what   Q
	answer A
	err    error
	others bool          // there were some in its call
	done   chan struct{} // closed when it is answered
}

// NewGroup returns a Group that sends requests by call, which answers them in
// their order.
func NewGroup[K comparable, Q, A any](call func(ctx context.Context, key K, requests []Q) ([]A, error), opts Options[Q, A]) *Group[K, Q, A] {
	return &Group[K, Q, A]{call: call, opts: opts, queues: make(map[K]*queue[Q, A])}
}

// Do makes a request and returns the answer to it. The context has a deadline.
func (g *Group[K, Q, A]) Do(ctx context.Context, key K, what Q) (answer A, err error) {
	r := &request[Q, A]{ctx: ctx, what: what, done: make(chan struct{})}
	g.put(key, r)
	select {
	case <-r.done:
	case <-ctx.Done():
		return answer, ctx.Err()
	}
	if r.others && g.opts.Alone != nil && g.opts.Alone(r.answer, r.err) {
		return g.alone(ctx, key, what)
	}
	return r.answer, r.err
}

// alone makes a request by itself.
func (g *Group[K, Q, A]) alone(ctx context.Context, key K, what Q) (answer A, err error) {
	answers, err := g.call(ctx, key, []Q{what})
	if err != nil {
		return answer, err
	}
	return answers[0], nil
}

// put queues a request, and sends it at once if there is room.
func (g *Group[K, Q, A]) put(key K, r *request[Q, A]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	q := g.queues[key]
	if q == nil {
		q = &queue[Q, A]{}
		g.queues[key] = q
	}
	q.waiting = append(q.waiting, r)
	g.begin(key, q)
}

// begin sends another call if there is room. The caller holds the lock.
func (g *Group[K, Q, A]) begin(key K, q *queue[Q, A]) {
	if len(q.waiting) > 0 && q.onTime < g.opts.OnTime && q.onTime+q.late < g.opts.UnderWay {
		q.onTime++
		go g.work(key, q)
	}
}

// work makes calls until no request waits, or one of them was late.
func (g *Group[K, Q, A]) work(key K, q *queue[Q, A]) {
	for {
		g.mu.Lock()
		requests := q.take(g.opts)
		if len(requests) == 0 {
			q.onTime--
			g.forget(key, q)
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		if g.exchange(key, q, requests) {
			return
		}
	}
}

// take returns the requests of the next call, without those that nobody waits
// for any more.
func (q *queue[Q, A]) take(opts Options[Q, A]) []*request[Q, A] {
	if len(q.waiting) == 0 {
		return nil
	}
	requests := make([]*request[Q, A], 0, min(len(q.waiting), opts.Most))
	n, size := 0, 0
	for ; n < len(q.waiting) && len(requests) < opts.Most; n++ {
		r := q.waiting[n]
		if r.ctx.Err() != nil {
			continue
		}
		if opts.Size != nil && len(requests) > 0 && size >= opts.Room {
			break
		}
		if opts.Size != nil {
			size += opts.Size(r.what)
		}
		requests = append(requests, r)
	}
	q.waiting = slices.Delete(q.waiting, 0, n)
	return requests
}

// exchange makes a call and gives each request its answer. It reports whether
// the call was late, and so no longer has a place among those that count.
func (g *Group[K, Q, A]) exchange(key K, q *queue[Q, A], requests []*request[Q, A]) (late bool) {
	ctx, cancel := context.WithDeadline(context.Background(), latest(requests))
	defer cancel()
	var back bool // guarded by g.mu, as is late
	timer := time.AfterFunc(lateAfter, func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		if !back {
			late = true
			q.onTime--
			q.late++
			g.begin(key, q)
		}
	})
	what := make([]Q, len(requests))
	for n, r := range requests {
		what[n] = r.what
	}
	answers, err := g.call(ctx, key, what)
	for n, r := range requests {
		r.err, r.others = err, len(requests) > 1
		if err == nil {
			r.answer = answers[n]
		}
		close(r.done)
	}
	timer.Stop()
	g.mu.Lock()
	defer g.mu.Unlock()
	back = true
	if late {
		q.late--
		g.begin(key, q)
		g.forget(key, q)
	}
	return late
}

// latest returns the last deadline of the callers.
func latest[Q, A any](requests []*request[Q, A]) time.Time {
	var t time.Time
	for _, r := range requests {
		if deadline, _ := r.ctx.Deadline(); deadline.After(t) {
			t = deadline
		}
	}
	return t
}

// forget drops a queue that is idle. The caller holds the lock.
func (g *Group[K, Q, A]) forget(key K, q *queue[Q, A]) {
	if len(q.waiting) == 0 && q.onTime+q.late == 0 && g.queues[key] == q {
		delete(g.queues, key)
	}
}
