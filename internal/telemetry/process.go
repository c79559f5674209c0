package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

type processMetrics struct {
	ready      prometheus.Gauge
	incomplete counters[source]
}

func newProcessMetrics(f promauto.Factory) processMetrics {
	f.NewGauge(prometheus.GaugeOpts{
		Namespace:   namespace,
		Name:        "build_info",
		Help:        "Always 1; the labels say which build runs.",
		ConstLabels: buildLabels(),
	}).Set(1)
	return processMetrics{
		ready: f.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace,
			Name:      "ready",
			Help:      "1 while Redis does for this process what its roles need, else 0; /readyz and the log say why not.",
		}),
		incomplete: newCounters(f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "scrapes_incomplete_total",
			Help:      "Scrapes that left metrics out because Redis did not tell them in time, by source of the metrics.",
		}, []string{"source"}), sources()),
	}
}

// Ready records whether Redis does what the process needs.
func (m *Metrics) Ready(ready bool) {
	if m == nil {
		return
	}
	m.ready.Set(one(ready))
}

type redisMetrics struct {
	durability map[Durability]prometheus.Gauge
	mayEvict   prometheus.Gauge
	foreign    prometheus.Gauge
	losses     prometheus.Counter
}

func newRedisMetrics(f promauto.Factory) redisMetrics {
	m := redisMetrics{
		durability: newGauges(f.NewGaugeVec(prometheus.GaugeOpts{
			Namespace: namespace,
			Name:      "redis_durability",
			Help:      "1 for what Redis does with a write before it acknowledges it: disk (synced), fast (synced within two seconds), memory (kept nowhere else) or unknown.",
		}, []string{"mode"}), durabilities()),
		mayEvict: f.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace,
			Name:      "redis_may_evict",
			Help:      "1 if Redis may drop jobs when its memory is full, by its maxmemory-policy, else 0.",
		}),
		foreign: f.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace,
			Name:      "redis_foreign_data",
			Help:      "1 while Redis holds other data than this process was started on, so that it refuses all work, else 0.",
		}),
		losses: f.NewCounter(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "redis_data_losses_total",
			Help:      "Times that the data in Redis was gone while this process ran. Every process counts the same loss.",
		}),
	}
	m.durability[UnknownDurability].Set(1)
	return m
}

// RedisDurability records what Redis does with a write before it acknowledges
// it. A mode that is not among the kinds of [Durability] counts as unknown.
func (m *Metrics) RedisDurability(mode Durability) {
	if m == nil {
		return
	}
	if _, ok := m.durability[mode]; !ok {
		mode = UnknownDurability
	}
	for d, g := range m.durability {
		g.Set(one(d == mode))
	}
}

// RedisMayEvict records whether Redis drops keys when it is full.
func (m *Metrics) RedisMayEvict(may bool) {
	if m == nil {
		return
	}
	m.mayEvict.Set(one(may))
}

// RedisForeign records whether the data in Redis is that of somebody else.
func (m *Metrics) RedisForeign(foreign bool) {
	if m == nil {
		return
	}
	m.foreign.Set(one(foreign))
}

// RedisLost records that the data in Redis was gone, that many times.
func (m *Metrics) RedisLost(times int) {
	if m == nil {
		return
	}
	m.losses.Add(float64(max(times, 0)))
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
