package telemetry

import (
	"context"
	"sync"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/lane"
)

// Lanes counts what stands in Redis. Package store provides it.
type Lanes interface {
	// LaneStats counts the lanes of a kind, in the shards that answer before
	// the deadline of ctx. It returns an error if none does.
	LaneStats(ctx context.Context, k lane.Kind) (lane.Stats, error)
}

// RegisterLanes registers the metrics that are read from Redis at each scrape.
// When Redis does not answer in time, a scrape says so, counts it, and has
// everything else.
func (m *Metrics) RegisterLanes(reg prometheus.Registerer, lanes Lanes) {
	reg.MustRegister(&lanesCollector{lanes: lanes, descs: newLanesDescs(), late: m.incomplete[fromLanes], turn: newSemaphore()})
}

type lanesCollector struct {
	lanes Lanes
	descs lanesDescs
	late  prometheus.Counter
	turn  semaphore
}

// Describe implements [prometheus.Collector].
func (c *lanesCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- c.descs.up
	descs <- c.descs.pending
	descs <- c.descs.oldest
	descs <- c.descs.silent
	descs <- c.descs.endpoints
}

// answerTimeout is the part of a scrape's time in which Redis is to answer. The
// rest is for what comes of the shards that did.
const answerTimeout = scrapeTimeout * 3 / 4

// A reading is what one scrape reads.
type reading struct {
	kinds map[lane.Kind]lane.Stats // those that anything was heard of
	late  bool
}

// Collect implements [prometheus.Collector]. Its interface has no context, so
// the bound is its own. It does not rely on Redis to keep it.
func (c *lanesCollector) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	answer := make(chan reading, 1)
	go func() { answer <- c.read(ctx) }()
	var read reading
	select {
	case read = <-answer:
	case <-ctx.Done():
		read.late = true
	}
	if read.late {
		c.late.Inc()
	}
	silent := 0
	for k, s := range read.kinds {
		silent = max(silent, s.Silent)
		metrics <- prometheus.MustNewConstMetric(c.descs.pending, prometheus.GaugeValue, float64(s.Pending), string(k))
		metrics <- prometheus.MustNewConstMetric(c.descs.oldest, prometheus.GaugeValue, max(s.Oldest, 0).Seconds(), string(k))
	}
	if s, heard := read.kinds[lane.Deliver]; heard {
		for _, state := range lane.EndpointStates() {
			metrics <- prometheus.MustNewConstMetric(c.descs.endpoints, prometheus.GaugeValue, float64(s.Endpoints[state]), string(state))
		}
	}
	if len(read.kinds) > 0 {
		metrics <- prometheus.MustNewConstMetric(c.descs.silent, prometheus.GaugeValue, float64(silent))
	}
	metrics <- prometheus.MustNewConstMetric(c.descs.up, prometheus.GaugeValue, one(len(read.kinds) > 0))
}

// read asks Redis for all kinds at once, when an earlier scrape has its answer.
// An error leaves its kind out: redis_up is where it shows.
func (c *lanesCollector) read(ctx context.Context) reading {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	if !c.turn.take(ctx) {
		return reading{late: true}
	}
	defer c.turn.give()
	var (
		mu    sync.Mutex
		asked sync.WaitGroup
		kinds = map[lane.Kind]lane.Stats{}
	)
	for _, k := range lane.Kinds() {
		asked.Go(func() {
			found, err := c.lanes.LaneStats(ctx, k)
			if err != nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			kinds[k] = found
		})
	}
	asked.Wait()
	return reading{kinds: kinds, late: ctx.Err() != nil}
}
