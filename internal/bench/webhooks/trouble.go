package webhooks

import (
	"context"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/bench/process"
)

// What the receivers are like, and for how long they are measured.
const (
	healthyPorts = 100
	healthyEvery = 20 * time.Millisecond // 150 events a second
	healthyFor   = 2 * time.Second       // in each round
	rounds       = 25                    // alone and beside by turns, so that slow seconds of the machine tell on both
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
// that is dead, and what the dead one costs Redis while it is open. Alone they have a worker
// and a redis-server of their own.
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
	calm, err := openScene(ctx, s.opts, s.settings)
	if err != nil {
		return nil, err
	}
	defer calm.close()
	t := troubled{scene: s, calm: calm, healthy: healthy, slow: slow}
	for _, step := range []func(context.Context) error{t.measureIdle, t.measureDead, t.warm, t.measureBeside} {
		if err := step(ctx); err != nil {
			return t.figures(), err
		}
	}
	return t.figures(), nil
}

// troubled is one run of trouble, and what it has found out.
type troubled struct {
	*scene // with the slow one and the dead one

	calm             *scene // without
	healthy, slow    *receiver
	alone, beside    []time.Duration // of all rounds, in order
	lost             int
	idle, soon, late float64 // commands a second
	waiting          int
	slowCame         []arrival
	slowWrong        int
	slowTook         time.Duration
}

// post has the healthy receivers get events of a scene, by turns, and returns how long
// they took.
func (t *troubled) post(ctx context.Context, from *scene) ([]time.Duration, error) {
	came, lost, err := from.traffic(ctx, t.healthy, healthyEvery, t.lasting(healthyFor), func(n int) string { return t.healthy.urls[n%healthyPorts] })
	t.lost += lost
	return delays(came, ""), err
}

// postRounds measures both scenes by turns. Each begins every other round.
func (t *troubled) postRounds(ctx context.Context) error {
	for n := range 2 * rounds {
		from, into := t.scene, &t.beside
		if n%4 == 0 || n%4 == 3 {
			from, into = t.calm, &t.alone
		}
		took, err := t.post(ctx, from)
		if err != nil {
			return err
		}
		*into = append(*into, took...)
	}
	slices.Sort(t.alone)
	slices.Sort(t.beside)
	return nil
}

func (t *troubled) measureIdle(ctx context.Context) (err error) {
	if err := process.Rest(ctx, t.lasting(idleAfter)); err != nil {
		return err
	}
	t.idle, err = t.commands(ctx, t.lasting(idleFor))
	return err
}

// warm has both workers know each healthy receiver as fast.
func (t *troubled) warm(ctx context.Context) error {
	for _, from := range []*scene{t.calm, t.scene} {
		if _, err := t.post(ctx, from); err != nil {
			return err
		}
	}
	return nil
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

// measureBeside has events wait for the slow one, and measures the healthy ones.
func (t *troubled) measureBeside(ctx context.Context) error {
	jobs := t.count(slowEvents / eventsEach)
	began := time.Now()
	if err := t.pile(ctx, jobs, to(t.slow.urls[0])); err != nil {
		return err
	}
	if err := process.Rest(ctx, t.lasting(time.Second)); err != nil { // what was posted is worked
		return err
	}
	if err := t.postRounds(ctx); err != nil {
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

func (t *troubled) figures() []Figure {
	const alone, beside = "100 healthy receivers alone, ", "beside the slow and the dead one, "
	return []Figure{
		millis(alone+"p50", t.alone, 0.5), millis(alone+"p99", t.alone, 0.99),
		millis(beside+"p50", t.beside, 0.5), millis(beside+"p99", t.beside, 0.99),
		ratio("beside ÷ alone, p50", t.beside, t.alone, 0.5).most(1.5), ratio("beside ÷ alone, p99", t.beside, t.alone, 0.99).most(1.5),
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
