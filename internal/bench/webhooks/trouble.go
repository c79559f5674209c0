package webhooks

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// What the receivers are like, and for how long they are measured.
const (
	healthyPorts = 100
	healthyEvery = 20 * time.Millisecond // 150 events a second
	healthyFor   = 20 * time.Second
	rounds       = 3 // of healthyFor; one that a neighbour of the machine disturbs does not count
	slowAnswer   = 4 * time.Second
	slowEvents   = 600
	deadEvents   = 100_000
	deadHook     = "http://127.0.0.1:9/" // nobody listens there
	idleAfter    = 10 * time.Second      // its start
	idleFor      = 20 * time.Second
	openFor      = 2 * time.Minute // the longest pause between probes
	settleMost   = 10 * time.Minute
)

// trouble measures a hundred healthy receivers alone, and beside one that is slow and one
// that is dead, and what the dead one costs Redis while it is open.
func (s *scene) trouble(ctx context.Context) ([]Figure, error) {
	healthy, err := newReceiver(ctx, healthyPorts, taken)
	if err != nil {
		return nil, err
	}
	defer healthy.close()
	slow, err := newReceiver(ctx, 1, taken)
	if err != nil {
		return nil, err
	}
	defer slow.close()
	slow.takes = s.lasting(slowAnswer)
	t := troubled{scene: s, healthy: healthy, slow: slow}
	for _, step := range []func(context.Context) error{t.measureAlone, t.measureDead, t.measureBeside} {
		if err := step(ctx); err != nil {
			return t.figures(), err
		}
	}
	return t.figures(), nil
}

// troubled is one run of trouble, and what it has found out.
type troubled struct {
	*scene

	healthy, slow    *receiver
	alone, beside    [][]time.Duration // of each round
	lost             int
	idle, soon, late float64 // commands a second
	waiting          int
	slowCame         []arrival
	slowWrong        int
	slowTook         time.Duration
}

// post has the healthy receivers get events, by turns, and returns how long they took.
func (t *troubled) post(ctx context.Context) ([]time.Duration, error) {
	came, lost, err := t.traffic(ctx, t.healthy, healthyEvery, t.lasting(healthyFor), func(n int) string { return t.healthy.urls[n%healthyPorts] })
	t.lost += lost
	return delays(came, ""), err
}

func (t *troubled) postRounds(ctx context.Context) (all [][]time.Duration, err error) {
	for range rounds {
		took, err := t.post(ctx)
		if err != nil {
			return all, err
		}
		all = append(all, took)
	}
	return all, nil
}

func (t *troubled) measureAlone(ctx context.Context) (err error) {
	if err := process.Rest(ctx, t.lasting(idleAfter)); err != nil {
		return err
	}
	if t.idle, err = t.commands(ctx, t.lasting(idleFor)); err != nil {
		return err
	}
	if _, err = t.post(ctx); err != nil { // each receiver is known to be fast then
		return err
	}
	t.alone, err = t.postRounds(ctx)
	return err
}

// measureDead has events wait for the dead one, and counts commands in the first two
// minutes, when it is probed more often, and in the two after these.
func (t *troubled) measureDead(ctx context.Context) error {
	if err := t.pile(ctx, t.count(deadEvents/eventsEach+1), to(deadHook)); err != nil {
		return err
	}
	if err := t.Settle(ctx, settleMost); err != nil {
		return err
	}
	for _, into := range []*float64{&t.soon, &t.late} {
		n, err := t.commands(ctx, t.lasting(openFor))
		if err != nil {
			return err
		}
		*into = n - t.idle
	}
	e, err := t.endpoint(ctx)
	t.waiting = e.Waiting * eventsEach
	return err
}

// measureBeside has events wait for the slow one, and measures the healthy ones while
// both are there.
func (t *troubled) measureBeside(ctx context.Context) (err error) {
	jobs := t.count(slowEvents / eventsEach)
	began := time.Now()
	if err := t.pile(ctx, jobs, to(t.slow.urls[0])); err != nil {
		return err
	}
	if err := process.Rest(ctx, t.lasting(time.Second)); err != nil { // what was posted is worked
		return err
	}
	if t.beside, err = t.postRounds(ctx); err != nil {
		return err
	}
	if err := t.slow.wait(ctx, eventsEach*jobs); err != nil {
		return err
	}
	t.slowTook = time.Since(began)
	t.slowCame, t.slowWrong = t.slow.seen()
	t.slowWrong += abs(eventsEach*jobs - len(t.slowCame))
	return nil
}

// roundsOf is the median of a quantile of rounds.
func roundsOf(name string, rounds [][]time.Duration, part float64) Figure {
	return Figure{Name: name, Value: medianOf(rounds, part), Unit: "ms"}
}

// ratio is that of these medians.
func (t *troubled) ratio(name string, part float64) Figure {
	return Figure{Name: name, Value: medianOf(t.beside, part) / max(medianOf(t.alone, part), 0.001)}
}

func (t *troubled) figures() []Figure {
	const alone, beside = "100 healthy receivers alone, ", "beside the slow and the dead one, "
	return []Figure{
		roundsOf(alone+"p50", t.alone, 0.5), roundsOf(alone+"p99", t.alone, 0.99),
		roundsOf(beside+"p50", t.beside, 0.5), roundsOf(beside+"p99", t.beside, 0.99),
		t.ratio("beside ÷ alone, p50", 0.5).most(1.5), t.ratio("beside ÷ alone, p99", 0.99).most(1.5),
		count("healthy events lost, doubled or out of order", t.lost).most(0),
		count("events that wait for the dead one", t.waiting),
		{Name: "commands of Redis a second, idle", Value: t.idle},
		Figure{Name: "caused by the dead one, first two minutes", Value: t.soon, Unit: "/s"}.most(10),
		Figure{Name: "caused by the dead one, the next two", Value: t.late, Unit: "/s"}.most(10),
		count("events that the slow one took", len(t.slowCame)),
		count("of these lost, doubled or out of order", t.slowWrong).most(0),
		count("at the slow one at once, most", t.slow.top),
		{Name: "until it had all", Value: t.slowTook.Seconds(), Unit: "s"},
	}
}
