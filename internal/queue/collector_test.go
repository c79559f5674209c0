package queue_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hibiken/asynq"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// The names, types and helps are what dashboards and alerts are built on, so
// they are written down. Age and memory are left out: they have no fixed value.
func TestCollector(t *testing.T) {
	each(t, func(t *testing.T, rdb redis.UniversalClient) {
		c := queue.NewCollector(rdb)
		bells := queue.Doorbells{
			Append:  queue.NewPool(lane.Append, rdb, queue.Options{}),
			Deliver: queue.NewPool(lane.Deliver, rdb, queue.Options{}),
		}
		y := newTally()
		stop := start(t, queue.NewPool(lane.Append, rdb, queue.Options{}), y, sweep(nothing))
		bells.Append.Ring(t.Context(), 1)
		settled(t, rdb, 1)
		stop()
		for shard := range 2 {
			bells.Append.Ring(t.Context(), shard)
		}
		bells.Deliver.Ring(t.Context(), 1)
		bells.Close()
		operator, deliver := asynq.NewInspectorFromRedisClient(rdb), queue.QueueName(lane.Deliver)
		if _, err := operator.ArchiveAllPendingTasks(deliver); err != nil {
			t.Fatal(err)
		}
		if err := operator.PauseQueue(deliver); err != nil {
			t.Fatal(err)
		}

		problems, err := testutil.CollectAndLint(c)
		if err != nil || len(problems) > 0 {
			t.Errorf("lint = %v, %v; want no problem", problems, err)
		}
		golden, err := os.Open(filepath.Join("testdata", "metrics.txt"))
		if err != nil {
			t.Fatal(err)
		}
		defer golden.Close()
		if err := testutil.CollectAndCompare(c, golden, "turnwise_asynq_tasks", "turnwise_asynq_processed_total",
			"turnwise_asynq_failed_total", "turnwise_asynq_queue_paused"); err != nil {
			t.Error(err)
		}
		for _, name := range []string{"turnwise_asynq_queue_latency_seconds", "turnwise_asynq_queue_memory_bytes"} {
			if n := testutil.CollectAndCount(c, name); n != 2 {
				t.Errorf("%s has %d series, want one per queue", name, n)
			}
		}
	})
}

// Every metric that is collected was described before.
func TestCollectorDescribesItself(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		l := queue.NewPool(lane.Append, rdb, queue.Options{})
		l.Ring(t.Context(), 1)
		l.Close()
		registry := prometheus.NewPedanticRegistry()
		registry.MustRegister(queue.NewCollector(rdb))
		families, err := registry.Gather()
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, f := range families {
			names = append(names, strings.TrimPrefix(f.GetName(), "turnwise_asynq_"))
		}
		equal(t, "names", names, []string{
			"failed_total", "processed_total", "queue_latency_seconds", "queue_memory_bytes", "queue_paused", "tasks",
		})
	})
}

// Queues that nobody has rung yet are there, as empty ones.
func TestCollectorOfNewRedis(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		c := queue.NewCollector(rdb)
		for name, want := range map[string]int{"tasks": 8, "queue_latency_seconds": 2, "processed_total": 2, "failed_total": 2, "queue_memory_bytes": 2, "queue_paused": 2} {
			if n := testutil.CollectAndCount(c, "turnwise_asynq_"+name); n != want {
				t.Errorf("%s has %d series, want %d", name, n, want)
			}
		}
	})
}

// A Redis that is away costs the asynq metrics and no others.
func TestCollectorWithoutRedis(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t)
	rdb := srv.Client()
	l := queue.NewPool(lane.Append, rdb, queue.Options{})
	l.Ring(t.Context(), 1)
	l.Close()
	srv.Kill()
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(queue.NewCollector(rdb))
	families, err := registry.Gather()
	if err != nil || len(families) != 0 {
		t.Errorf("Gather = %v, %v; want nothing, and no error", families, err)
	}
}
