package queue

import (
	"slices"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Collector exports what asynq knows of its queues.
type Collector struct {
	inspector *asynq.Inspector
	tasks     *prometheus.Desc
	latency   *prometheus.Desc
	processed *prometheus.Desc
	failed    *prometheus.Desc
	memory    *prometheus.Desc
	paused    *prometheus.Desc
}

// NewCollector returns a Collector on the Redis of asynq.
func NewCollector(rdb redis.UniversalClient) *Collector {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc("turnwise_asynq_"+name, help, append([]string{"queue"}, labels...), nil)
	}
	return &Collector{
		inspector: asynq.NewInspectorFromRedisClient(rdb),
		tasks:     desc("tasks", "Wake-ups in asynq, by queue and state.", "state"),
		latency:   desc("queue_latency_seconds", "Age of the oldest wake-up that nobody has fetched, by queue."),
		processed: desc("processed_total", "Wake-ups handled, by queue."),
		failed:    desc("failed_total", "Wake-ups that asynq counts as failed, by queue."),
		memory:    desc("queue_memory_bytes", "Estimate of the memory that a queue takes in Redis."),
		paused:    desc("queue_paused", "1 if an operator paused the queue."),
	}
}

// Describe implements [prometheus.Collector].
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.tasks, c.latency, c.processed, c.failed, c.memory, c.paused} {
		ch <- d
	}
}

// Collect implements [prometheus.Collector]. A queue that nobody has rung yet is
// empty; one that Redis cannot tell of is left out.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	rung, err := c.inspector.Queues()
	if err != nil {
		return
	}
	for _, kind := range lane.Kinds() {
		info := &asynq.QueueInfo{Queue: QueueName(kind)}
		if slices.Contains(rung, info.Queue) {
			if info, err = c.inspector.GetQueueInfo(info.Queue); err != nil {
				continue
			}
		}
		gauge := func(d *prometheus.Desc, v float64, labels ...string) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{info.Queue}, labels...)...)
		}
		gauge(c.tasks, float64(info.Pending), "pending")
		gauge(c.tasks, float64(info.Active), "active")
		gauge(c.tasks, float64(info.Retry), "retry")
		gauge(c.tasks, float64(info.Archived), "archived")
		gauge(c.latency, info.Latency.Seconds())
		gauge(c.memory, float64(info.MemoryUsage))
		paused := 0.0
		if info.Paused {
			paused = 1
		}
		gauge(c.paused, paused)
		ch <- prometheus.MustNewConstMetric(c.processed, prometheus.CounterValue, float64(info.ProcessedTotal), info.Queue)
		ch <- prometheus.MustNewConstMetric(c.failed, prometheus.CounterValue, float64(info.FailedTotal), info.Queue)
	}
}
