package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/lane"
)

// Lanes counts what stands in Redis. Package store provides it.
type Lanes interface {
	// LaneStats returns how many lanes of a kind have work, and for how long
	// the one that has been due longest is due: zero if none is. It returns
	// when ctx is done.
	LaneStats(ctx context.Context, k lane.Kind) (pending int64, oldestDue time.Duration, err error)
}

// RegisterLanes registers the metrics that are read from Redis at each scrape.
// When Redis does not answer in time, a scrape says so, counts it, and has
// everything else.
func (m *Metrics) RegisterLanes(reg prometheus.Registerer, lanes Lanes) {
	reg.MustRegister(&lanesCollector{lanes: lanes, descs: newLanesDescs(), late: m.incomplete[fromLanes], turn: newTurn()})
}

type lanesCollector struct {
	lanes Lanes
	descs lanesDescs
	late  prometheus.Counter
	turn  turn
}

// Describe implements [prometheus.Collector].
func (c *lanesCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- c.descs.up
	descs <- c.descs.pending
	descs <- c.descs.oldest
}

// stats are what one scrape reads.
type stats struct {
	pending int64
	oldest  time.Duration
}

// Collect implements [prometheus.Collector]. Its interface has no context, so
// the bound is its own. It does not rely on Redis to keep it.
func (c *lanesCollector) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	answer := make(chan map[lane.Kind]stats, 1)
	go func() { answer <- c.read(ctx) }()
	var read map[lane.Kind]stats
	select {
	case read = <-answer:
	case <-ctx.Done():
	}
	if ctx.Err() != nil {
		c.late.Inc()
	}
	for k, s := range read {
		metrics <- prometheus.MustNewConstMetric(c.descs.pending, prometheus.GaugeValue, float64(s.pending), string(k))
		metrics <- prometheus.MustNewConstMetric(c.descs.oldest, prometheus.GaugeValue, max(s.oldest, 0).Seconds(), string(k))
	}
	metrics <- prometheus.MustNewConstMetric(c.descs.up, prometheus.GaugeValue, one(read != nil))
}

// read asks Redis, once an earlier scrape has its answer. It returns nil for
// an error: redis_up is where it shows.
func (c *lanesCollector) read(ctx context.Context) map[lane.Kind]stats {
	if !c.turn.take(ctx) {
		return nil
	}
	defer c.turn.give()
	read := map[lane.Kind]stats{}
	for _, k := range lane.Kinds() {
		pending, oldest, err := c.lanes.LaneStats(ctx, k)
		if err != nil {
			return nil
		}
		read[k] = stats{pending, oldest}
	}
	return read
}
