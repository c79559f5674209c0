package bench

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// What the receivers in trouble are like, and for how long the healthy ones are measured.
const (
	healthyReceivers = 100
	healthyEvery     = 5 * time.Millisecond
	healthyFor       = 10 * time.Second
	slowAnswer       = 4 * time.Second
	slowEvents       = 600
	deadEvents       = 100_000
	quietAfter       = 15 * time.Second // until a dead endpoint is open everywhere
)

// trouble measures a hundred healthy receivers alone, and beside one that is slow and
// one that is dead; and what the dead one costs by itself. Each job has one event, since
// nobody works it.
func (b *bench) trouble(ctx context.Context) (outcome, error) {
	s, err := newSystem(ctx, b.server)
	if err != nil {
		return outcome{}, err
	}
	defer s.close()
	healthy, slow := &timedReceiver{}, &timedReceiver{takes: slowAnswer}
	urls, end, err := listenAs(ctx, healthy, healthyReceivers)
	if err != nil {
		return outcome{}, err
	}
	defer end()
	slowURLs, end, err := listenAs(ctx, slow, 1)
	if err != nil {
		return outcome{}, err
	}
	defer end()
	t := troubled{bench: b, system: s, healthy: healthy, slow: slow, urls: urls}
	err = s.deliver(ctx, func(ctx context.Context) error { return t.measure(ctx, slowURLs[0]) })
	return outcome{figures: t.figures()}, err
}

// troubled is one run of trouble, and what it has found out.
type troubled struct {
	*bench

	system        *system
	healthy, slow *timedReceiver
	urls          []string

	alone, beside []time.Duration // sorted
	idle, dead    Sample
	idleFor       time.Duration
	deadFor       time.Duration
	lost          int
}

func (t *troubled) measure(ctx context.Context, slowURL string) (err error) {
	if t.idle, t.idleFor, err = t.rest(ctx); err != nil {
		return err
	}
	if t.alone, err = t.post(ctx); err != nil {
		return err
	}
	if _, err = t.system.submitAll(ctx, batch{conversations: t.count(deadEvents), each: 1, webhookURL: "http://127.0.0.1:9/hook"}); err != nil {
		return err
	}
	if err = await(ctx, time.Duration(t.share()*float64(quietAfter))); err != nil {
		return err
	}
	if t.dead, t.deadFor, err = t.rest(ctx); err != nil {
		return err
	}
	if _, err = t.system.submitAll(ctx, batch{conversations: t.count(slowEvents), each: 1, webhookURL: slowURL}); err != nil {
		return err
	}
	if t.beside, err = t.post(ctx); err != nil {
		return err
	}
	return t.slow.wait(ctx, t.count(slowEvents))
}

// share is the part of a whole run that this one takes.
func (t *troubled) share() float64 { return min(1, 10*t.opts.Scale) }

// rest measures what Redis does while nothing is submitted.
func (t *troubled) rest(ctx context.Context) (did Sample, took time.Duration, err error) {
	began := time.Now()
	did, err = t.server.timed(ctx, 1, func() error { return await(ctx, time.Duration(t.share()*float64(idleFor))) })
	return did, time.Since(began), err
}

// post submits jobs for the healthy receivers, by turns, and returns how long after its
// submission each event came.
func (t *troubled) post(ctx context.Context) ([]time.Duration, error) {
	t.healthy.reset()
	n := int(t.share() * float64(healthyFor/healthyEvery))
	tick := time.NewTicker(healthyEvery)
	defer tick.Stop()
	var all sync.WaitGroup
	for i := range n {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		all.Go(func() {
			begun := time.Now()
			r, err := t.system.service.Submit(ctx, batch{webhookURL: t.urls[i%len(t.urls)]}.job("", 0))
			if err == nil {
				t.healthy.expect(r.JobID, begun)
			}
		})
	}
	all.Wait()
	if err := t.healthy.wait(ctx, n); err != nil {
		return nil, err
	}
	took := t.healthy.latencies()
	t.lost += n - len(took)
	return took, nil
}

func (t *troubled) figures() []Figure {
	ms := func(name string, all []time.Duration, part float64) Figure {
		return Figure{Section: Trouble, Name: name, Value: float64(quantile(all, part)) / 1e6, Unit: "ms", Violations: t.lost}
	}
	ratio := func(name string, part float64) Figure {
		return Figure{Section: Trouble, Name: name, Value: float64(quantile(t.beside, part)) / float64(max(quantile(t.alone, part), 1))}
	}
	return []Figure{
		ms("healthy alone, p50", t.alone, 0.5), ms("healthy alone, p99", t.alone, 0.99),
		ms("healthy beside both, p50", t.beside, 0.5), ms("healthy beside both, p99", t.beside, 0.99),
		ratio("beside ÷ alone, p50", 0.5), ratio("beside ÷ alone, p99", 0.99),
		{Section: Trouble, Name: "commands of Redis a second, idle", Value: t.idle.Commands / max(t.idleFor.Seconds(), 1e-9)},
		{Section: Trouble, Name: "commands of Redis a second, the dead one waiting", Value: t.dead.Commands / max(t.deadFor.Seconds(), 1e-9)},
		{Section: Trouble, Name: "round trips a second, the dead one waiting", Value: t.dead.RoundTrips / max(t.deadFor.Seconds(), 1e-9)},
		{Section: Trouble, Name: "events at the slow one at once, most", Value: float64(t.slow.peak()), Violations: t.slow.outOfOrder()},
	}
}

// quantile returns that of sorted durations.
func quantile(all []time.Duration, part float64) time.Duration {
	if len(all) == 0 {
		return 0
	}
	return all[min(int(part*float64(len(all))), len(all)-1)]
}

// await waits for a time.
func await(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A timedReceiver notes when the events of jobs came, and takes its time to answer.
type timedReceiver struct {
	tally

	takes time.Duration

	mu       sync.Mutex
	begun    map[string]time.Time // submissions, by job
	came     map[string]time.Time
	doubled  int
	now, top int // requests at once
}

func (r *timedReceiver) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun, r.came = map[string]time.Time{}, map[string]time.Time{}
	r.count.Store(0)
}

func (r *timedReceiver) expect(job string, begun time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.begun[job] = begun
}

// ServeHTTP implements [http.Handler].
func (r *timedReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	job, _, _ := strings.Cut(req.Header.Get("Webhook-Id"), "_")
	r.mu.Lock()
	if r.came == nil {
		r.begun, r.came = map[string]time.Time{}, map[string]time.Time{}
	}
	if _, before := r.came[job]; before {
		r.doubled++
	} else {
		r.came[job] = time.Now()
	}
	r.now++
	r.top = max(r.top, r.now)
	r.mu.Unlock()
	_ = await(req.Context(), r.takes)
	r.mu.Lock()
	r.now--
	r.mu.Unlock()
	w.WriteHeader(http.StatusNoContent)
	r.add()
}

// latencies returns how long each event took from its submission, in order.
func (r *timedReceiver) latencies() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []time.Duration
	for job, begun := range r.begun {
		if came, ok := r.came[job]; ok {
			all = append(all, came.Sub(begun))
		}
	}
	slices.Sort(all)
	return all
}

func (r *timedReceiver) peak() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.top
}

// outOfOrder returns how many events came more than once: of each job there is one.
func (r *timedReceiver) outOfOrder() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.doubled
}

// listenAs has a receiver listen at so many ports on loopback, and returns their URLs.
func listenAs(ctx context.Context, h http.Handler, n int) (urls []string, end func(), err error) {
	server := &http.Server{Handler: h} //nolint:gosec // the bench alone calls it
	end = func() { _ = server.Close() }
	for range n {
		var config net.ListenConfig
		l, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			end()
			return nil, func() {}, fmt.Errorf("listen on loopback: %w", err)
		}
		go func() { _ = server.Serve(l) }()
		urls = append(urls, "http://"+l.Addr().String()+hookPath)
	}
	return urls, end, nil
}
