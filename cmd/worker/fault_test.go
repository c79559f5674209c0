package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// longFaults names the variable that has every fault last as long as its
// promise speaks of, instead of a few seconds.
const longFaults = "TURNWISE_TEST_LONG"

func long() bool { return os.Getenv(longFaults) != "" }

// lasts chooses how long a fault lasts.
func lasts(inSuite, inFull time.Duration) time.Duration {
	if long() {
		return inFull
	}
	return inSuite
}

// slack is what a machine may add to the times that are promised. In the suite
// other tests and the race detector are at work beside, so there only what hangs
// fails, and the figures are printed; the full form judges them.
func slack() time.Duration { return lasts(15*time.Second, time.Second) }

// Producers append to conversations, one producer to each, and insist on every
// append: they repeat it under its key until it is accepted.
type producers struct {
	*ledger

	t             *testing.T
	client        *client
	conversations []string
	hook          string
	pause         time.Duration // of each producer between two appends
}

// produce appends for so long, and returns once everything begun until then
// is accepted.
func (p *producers) produce(lasts time.Duration) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), lasts)
	defer cancel()
	p.until(ctx)
}

// until appends until the context ends.
func (p *producers) until(ctx context.Context) {
	p.t.Helper()
	var wg sync.WaitGroup
	for _, conversation := range p.conversations {
		wg.Go(func() {
			tick := time.NewTicker(p.pause)
			defer tick.Stop()
			for i := len(p.entries(conversation)); ctx.Err() == nil; i++ {
				err := p.insist(p.t.Context(), p.client, conversation, fmt.Sprintf("Number %d.", i), p.hook)
				if err != nil {
					p.t.Errorf("append %d to %s: %v", i, conversation, err)
					return
				}
				<-tick.C
			}
		})
	}
	wg.Wait()
}

// checkAll checks of everything that was accepted that it took effect once and
// in order, and what the receiver was told of it.
func (p *producers) checkAll(rdb redis.UniversalClient, hooks *receiver) {
	p.t.Helper()
	p.check(p.t, p.client, rdb)
	var all []receipt
	for _, conversation := range p.conversations {
		p.checkJobs(p.t, p.client, conversation)
		all = append(all, p.told(conversation)...)
	}
	checkTurns(p.t, hooks.checkLives(p.t, jobs.Completed, all...))
}

// checkAttempts checks that the analyzer was never asked for a second attempt.
func (a *analyzerService) checkAttempts(t *testing.T) {
	t.Helper()
	again := map[int]int{}
	for _, c := range a.asked() {
		if c.Attempt != 1 {
			again[c.Attempt]++
		}
	}
	if len(again) > 0 {
		t.Errorf("the analyzer was asked for further attempts at jobs whose worker lives, times by attempt: %v", again)
	}
}

// during calls the function at every tick until stop is called, which waits
// for its end.
func during(t *testing.T, every time.Duration, do func()) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				do()
			}
		}
	})
	return sync.OnceFunc(func() { cancel(); wg.Wait() })
}

// quantile returns the time within which the given share of the calls ended, or
// zero if there are none.
func quantile(times []time.Duration, share float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	slices.Sort(times)
	return times[max(0, int(math.Ceil(share*float64(len(times))))-1)]
}

// A loss is a row of the tests below: whose link loses replies, and how.
type loss struct {
	name   string
	api    bool // the API's link; otherwise the worker's and the dispatcher's
	silent bool
}

// The link to Redis loses replies: of those who append, or of those who work
// and tell. Callers repeat what they were not told of. Everything happens once
// and in order, no process is taken for dead, and receivers see one job of a
// conversation at a time.
func TestLostReplies(t *testing.T) {
	t.Parallel()

	for _, tt := range []loss{
		{name: "worker, connections close", api: false, silent: false},
		{name: "worker, connections fall silent", api: false, silent: true},
		{name: "API, connections close", api: true, silent: false},
		{name: "API, connections fall silent", api: true, silent: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			testLostReplies(t, tt, 0.25, 0.5, 0.75)
		})
	}
}

func testLostReplies(t *testing.T, tt loss, shares ...float64) {
	t.Helper()
	server := redistest.Server(t)
	apiLink, workLink := redistest.Link(t, server.Addr, 0), redistest.Link(t, server.Addr, 0)
	hooks := newReceiver(t, healthy)
	service := newAnalyzer(t, func(context.Context, call) (int, string) { return nothing() })
	settings := []string{"ANALYZER_URL=" + service.url, "WEBHOOK_BACKOFF_INITIAL=200ms", "JOB_BACKOFF_INITIAL=200ms"}
	api := startWorker(t, append(settings, "ROLES=api", "REDIS_URL="+apiLink.URL())...)
	startWorker(t, append(settings, "ROLES=worker,dispatcher", "REDIS_URL="+workLink.URL())...)
	p := &producers{ledger: newLedger(), t: t, client: newClient(api), hook: hooks.url, pause: 200 * time.Millisecond}
	p.conversations = p.begin(p.client, 50, hooks.url)

	link := workLink
	if tt.api {
		link = apiLink
	}
	for _, share := range shares {
		before, lost := p.count(), link.Lost()
		link.Lose(redistest.Loss{Share: share, Silent: tt.silent})
		heal := time.AfterFunc(lasts(1500*time.Millisecond, time.Minute), link.Heal)
		p.produce(lasts(1500*time.Millisecond, time.Minute))
		heal.Stop()
		t.Logf("at %.0f %% lost: %d appends accepted, %d replies lost", 100*share, p.count()-before, link.Lost()-lost)
		if link.Lost() == lost {
			t.Errorf("no reply was lost at %.0f %%", 100*share)
		}
	}
	link.Heal()
	p.checkAll(server.Client(), hooks)
	service.checkAttempts(t)
}

// Connections to Redis are cut five times a second. A job that may be tried
// only once is not failed by that.
func TestCutConnections(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	link := redistest.Link(t, server.Addr, 0)
	hooks := newReceiver(t, healthy)
	settings := []string{"REDIS_URL=" + link.URL(), "JOB_MAX_ATTEMPTS=1", "WEBHOOK_BACKOFF_INITIAL=200ms"}
	api := startWorker(t, append(settings, "ROLES=api")...)
	startWorker(t, append(settings, "ROLES=worker,dispatcher")...)
	p := &producers{ledger: newLedger(), t: t, client: newClient(api), hook: hooks.url, pause: 100 * time.Millisecond}
	p.conversations = p.begin(p.client, 50, hooks.url)
	stop := during(t, 200*time.Millisecond, link.Cut)
	p.produce(lasts(4*time.Second, time.Minute))
	stop()
	t.Logf("%d appends accepted", p.count())
	p.checkAll(server.Client(), hooks)
}
