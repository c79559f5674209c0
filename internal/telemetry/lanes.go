package telemetry

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/lane"
)

// scrapeTimeout bounds what a scrape waits for Redis.
const scrapeTimeout = time.Second

// Lanes counts what stands in Redis. Package store provides it.
type Lanes interface {
	// LaneStats returns how many lanes of a kind have work, and for how long
	// the one that has been due longest is due: zero if none is. It returns
	// when ctx is done.
	LaneStats(ctx context.Context, k lane.Kind) (pending int64, oldestDue time.Duration, err error)
}

// RegisterLanes registers the metrics that are read from Redis at each scrape.
// A scrape waits a second for them at most; when Redis is away it says so and
// has everything else.
func RegisterLanes(reg prometheus.Registerer, lanes Lanes) {
	reg.MustRegister(&lanesCollector{lanes: lanes, descs: newLanesDescs()})
}

type lanesCollector struct {
	lanes Lanes
	descs lanesDescs
}

// Describe implements [prometheus.Collector].
func (c *lanesCollector) Describe(descs chan<- *prometheus.Desc) {
	descs <- c.descs.up
	descs <- c.descs.pending
	descs <- c.descs.oldest
}

// Collect implements [prometheus.Collector]. Its interface has no context, so
// the bound is its own.
func (c *lanesCollector) Collect(metrics chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), scrapeTimeout)
	defer cancel()
	up := 1.0
	for _, k := range lane.Kinds() {
		pending, oldest, err := c.lanes.LaneStats(ctx, k)
		if err != nil { // redis_up is where it shows
			up = 0
			break
		}
		metrics <- prometheus.MustNewConstMetric(c.descs.pending, prometheus.GaugeValue, float64(pending), string(k))
		metrics <- prometheus.MustNewConstMetric(c.descs.oldest, prometheus.GaugeValue, max(oldest, 0).Seconds(), string(k))
	}
	metrics <- prometheus.MustNewConstMetric(c.descs.up, prometheus.GaugeValue, up)
}
