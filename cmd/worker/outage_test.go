package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// An outage is what befalls Redis under load.
type outage struct {
	name       string
	begin, end func(*redistest.Process)
}

func outages() []outage {
	return []outage{
		{name: "stalled", begin: (*redistest.Process).Stop, end: (*redistest.Process).Cont},
		{name: "killed", begin: (*redistest.Process).Kill, end: (*redistest.Process).Restart},
	}
}

// Without Redis the API says so, soon and with when to come back. Afterwards
// all goes on by itself, and everything that was accepted takes effect once.
func TestOutage(t *testing.T) {
	t.Parallel()

	for _, tt := range outages() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			const lasts = 3 * time.Second
			server := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
			hooks := newReceiver(t, healthy)
			settings := []string{"REDIS_URL=" + server.URL(), "LEASE=1s", "WEBHOOK_BACKOFF_INITIAL=50ms"}
			w := startWorker(t, settings...)
			startWorker(t, settings...)
			c := newClient(w)
			l := newLedger()
			conversations := l.begin(c, 4, hooks.url)
			await(t, "the worker is ready", func() bool { return w.opsStatus("/readyz") == http.StatusOK })

			load := startLoad(t, l, c, conversations, hooks.url)
			await(t, "the load is on", func() bool { return l.count() > 50 })
			tt.begin(server)
			began := time.Now()
			await(t, "the worker is not ready", func() bool { return w.opsStatus("/readyz") == http.StatusServiceUnavailable })
			if code := w.opsStatus("/healthz"); code != http.StatusOK {
				t.Errorf("/healthz answers %d in the outage, want 200", code)
			}
			await(t, "appends are refused", func() bool { return load.refused.Load() > 0 && time.Since(began) > lasts })
			tt.end(server)
			await(t, "the worker is ready again", func() bool { return w.opsStatus("/readyz") == http.StatusOK })
			before := l.count()
			await(t, "appends are accepted again", func() bool { return l.count() > before+50 })
			load.stop()

			l.check(t, c, server.Client())
			for _, conversation := range conversations {
				l.checkJobs(t, c, conversation)
				hooks.checkLives(t, jobs.Completed, l.told(conversation)...)
			}
		})
	}
}

// A load is producers, one for each conversation, who go on whatever they are
// answered. The first one uses keys and insists.
type load struct {
	*ledger

	t       *testing.T
	client  *client
	hook    string
	refused atomic.Int64
	stop    func() // ends the producers and waits for that
}

func startLoad(t *testing.T, l *ledger, c *client, conversations []string, hook string) *load {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	o := &load{ledger: l, t: t, client: c, hook: hook}
	var wg sync.WaitGroup
	for p, conversation := range conversations {
		produce := o.try
		if p == 0 {
			produce = o.insist
		}
		wg.Go(func() {
			tick := time.NewTicker(10 * time.Millisecond)
			defer tick.Stop()
			for i := 0; ctx.Err() == nil; i++ {
				produce(conversation, fmt.Sprintf("Number %d.", i))
				<-tick.C
			}
		})
	}
	o.stop = func() { cancel(); wg.Wait() }
	t.Cleanup(o.stop)
	return o
}

func (o *load) insist(conversation, text string) {
	if err := o.ledger.insist(o.t.Context(), o.client, conversation, text, o.hook); err != nil {
		o.t.Errorf("append: %v", err)
	}
}

func (o *load) try(conversation, text string) {
	const bound = 5 * time.Second // for an answer that says no
	sent := time.Now()
	a, err := o.ledger.try(o.t.Context(), o.client, conversation, text, o.hook)
	took, again := time.Since(sent), a.header.Get("Retry-After")
	switch {
	case err != nil:
		o.t.Errorf("append: %v", err)
	case a.status == http.StatusCreated:
	case a.status != http.StatusServiceUnavailable || again == "" || took > bound:
		o.t.Errorf("answered %d %s, Retry-After %q, after %v; want 503 within %v", a.status, a.body, again, took, bound)
	default:
		o.refused.Add(1)
	}
}
