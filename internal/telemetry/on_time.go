package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// scrapeTimeout bounds what a scrape waits for Redis, so that all of it is
// done within a second.
const scrapeTimeout = 800 * time.Millisecond

// RegisterAsynq registers the collector of asynq's queues. A scrape leaves out
// what it does not tell in time, and counts that.
func (m *Metrics) RegisterAsynq(reg prometheus.Registerer, c prometheus.Collector) {
	reg.MustRegister(&onTime{Collector: c, late: m.incomplete[fromAsynq], running: newSemaphore()})
}

// An onTime collector passes on what another collector yields in time. The other
// one may take long, but does not run twice at once.
type onTime struct {
	prometheus.Collector

	late    prometheus.Counter // counts the scrapes that something is missing from
	running semaphore
}

// Collect implements [prometheus.Collector].
func (p *onTime) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	yielded := make(chan prometheus.Metric)
	go p.collect(ctx, yielded)
	for {
		select {
		case metric, more := <-yielded:
			if !more {
				return
			}
			metrics <- metric
		case <-ctx.Done():
			p.late.Inc()
			return
		}
	}
}

// collect passes on what the other collector yields, until ctx is done. Then
// it lets the other one come to its end, as nothing can break it off.
func (p *onTime) collect(ctx context.Context, to chan<- prometheus.Metric) {
	if !p.running.take(ctx) {
		return
	}
	defer p.running.give()
	from := make(chan prometheus.Metric)
	go func() {
		defer close(from)
		p.Collector.Collect(from)
	}()
	for metric := range from {
		select {
		case to <- metric:
		case <-ctx.Done():
		}
	}
	if ctx.Err() == nil {
		close(to)
	}
}

// A semaphore is held by one goroutine at a time.
type semaphore chan struct{}

func newSemaphore() semaphore { return make(semaphore, 1) }

// take waits for the turn, and reports whether it came before ctx was done.
func (t semaphore) take(ctx context.Context) bool {
	select {
	case t <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

func (t semaphore) give() { <-t }
