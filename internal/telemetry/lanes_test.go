package telemetry_test

import (
	"context"
	"errors"
	"maps"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/telemetry"
)

func TestLanesAtScrape(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		lanes lanes
		want  map[string]float64
	}{
		{
			name:  "work waits",
			lanes: lanes{pending: 7, oldest: 90 * time.Second, endpoints: map[lane.EndpointState]int64{lane.Open: 4, lane.HalfOpen: 3, lane.Held: 2, lane.Paused: 1}},
			want: map[string]float64{
				"webhook_endpoints{open}": 4, "webhook_endpoints{half_open}": 3, "webhook_endpoints{held}": 2, "webhook_endpoints{paused}": 1,
				"redis_up":                            1,
				"shards_silent":                       0,
				"lanes_pending{append}":               7,
				"lanes_pending{deliver}":              7,
				"lane_oldest_due_age_seconds{append}": 90, "lane_oldest_due_age_seconds{deliver}": 90,
			},
		},
		{
			name: "idle",
			want: map[string]float64{
				"webhook_endpoints{open}": 0, "webhook_endpoints{half_open}": 0, "webhook_endpoints{held}": 0, "webhook_endpoints{paused}": 0,
				"redis_up":                            1,
				"shards_silent":                       0,
				"lanes_pending{append}":               0,
				"lanes_pending{deliver}":              0,
				"lane_oldest_due_age_seconds{append}": 0, "lane_oldest_due_age_seconds{deliver}": 0,
			},
		},
		{
			name:  "a part of a Cluster is away",
			lanes: lanes{pending: 7, silent: 5},
			want: map[string]float64{
				"webhook_endpoints{open}": 0, "webhook_endpoints{half_open}": 0, "webhook_endpoints{held}": 0, "webhook_endpoints{paused}": 0,
				"redis_up":                            1,
				"shards_silent":                       5,
				"lanes_pending{append}":               7,
				"lanes_pending{deliver}":              7,
				"lane_oldest_due_age_seconds{append}": 0, "lane_oldest_due_age_seconds{deliver}": 0,
			},
		},
		{
			name:  "Redis is away",
			lanes: lanes{pending: 7, err: errors.New("dial tcp 127.0.0.1:6379: connection refused")},
			want:  map[string]float64{"redis_up": 0},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			reg := prometheus.NewRegistry()
			telemetry.New(prometheus.NewRegistry()).RegisterLanes(reg, tt.lanes)
			if got := series(t, reg); !maps.Equal(got, tt.want) {
				t.Errorf("a scrape yields %v, want %v", got, tt.want)
			}
		})
	}
}

func TestScrapeIsBounded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		own, reg := prometheus.NewRegistry(), prometheus.NewRegistry()
		telemetry.New(own).RegisterLanes(reg, silent{})
		begin := time.Now()
		got := series(t, reg)
		if took := time.Since(begin); took >= time.Second {
			t.Errorf("a scrape without an answer took %v, want less than 1s", took)
		}
		if want := map[string]float64{"redis_up": 0}; !maps.Equal(got, want) {
			t.Errorf("a scrape without an answer yields %v, want %v", got, want)
		}
		if n := series(t, own)["scrapes_incomplete_total{lanes}"]; n != 1 {
			t.Errorf("%v incomplete scrapes were counted, want 1", n)
		}
	})
}

// Of a Cluster of which a part does not answer in time, the rest is shown, and
// the scrape is counted as incomplete.
func TestAScrapeShowsTheShardsThatAnswer(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		own, reg := prometheus.NewRegistry(), prometheus.NewRegistry()
		telemetry.New(own).RegisterLanes(reg, halting{lanes{pending: 7, silent: 5}})
		begin := time.Now()
		got := series(t, reg)
		if took := time.Since(begin); took >= time.Second {
			t.Errorf("a scrape took %v, want less than 1s", took)
		}
		if got["redis_up"] != 1 || got["shards_silent"] != 5 || got["lanes_pending{append}"] != 7 || got["lanes_pending{deliver}"] != 7 {
			t.Errorf("a scrape yields %v, want what the other shards have", got)
		}
		if n := series(t, own)["scrapes_incomplete_total{lanes}"]; n != 1 {
			t.Errorf("%v incomplete scrapes were counted, want 1", n)
		}
	})
}

// Halting is a Cluster of which one master takes a question and never answers.
type halting struct{ rest lanes }

func (h halting) LaneStats(ctx context.Context, k lane.Kind) (lane.Stats, error) {
	<-ctx.Done()
	return h.rest.LaneStats(ctx, k)
}

// What is slow, and cannot be broken off, costs a scrape what it would have
// told and nothing else. It is not asked twice at once.
func TestAScrapeDoesNotWaitForSlowCollectors(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		own, reg := prometheus.NewRegistry(), prometheus.NewRegistry()
		m := telemetry.New(own)
		slow := &slow{takes: 5 * time.Second}
		m.RegisterAsynq(reg, slow)
		m.RegisterLanes(reg, stubborn{takes: 5 * time.Second})
		for range 3 {
			begin := time.Now()
			got := series(t, reg)
			if took := time.Since(begin); took >= time.Second {
				t.Errorf("a scrape took %v, want less than 1s", took)
			}
			if want := map[string]float64{"redis_up": 0, "quick": 1}; len(got) > len(want) || got["redis_up"] != 0 {
				t.Errorf("a scrape yields %v, want what came in time of %v", got, want)
			}
		}
		for _, source := range []string{"lanes", "asynq"} {
			if n := series(t, own)["scrapes_incomplete_total{"+source+"}"]; n != 3 {
				t.Errorf("%v incomplete scrapes of %s were counted, want 3", n, source)
			}
		}
		if most := slow.most.Load(); most != 1 {
			t.Errorf("the collector was asked %d times at once, want once", most)
		}
		time.Sleep(time.Minute)
		synctest.Wait() // nobody looks at the collector any more
		slow.takes = 0
		if got := series(t, reg); got["quick"] != 1 || got["slow"] != 1 || got["redis_up"] != 0 {
			t.Errorf("a scrape when it is quick again yields %v, want all of it", got)
		}
		time.Sleep(time.Minute) // until nobody is left who was asked
	})
}

// Two who scrape at the same moment both get everything.
func TestScrapesAtTheSameTime(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		m := telemetry.New(prometheus.NewRegistry())
		m.RegisterAsynq(reg, &slow{takes: 100 * time.Millisecond})
		m.RegisterLanes(reg, stubborn{takes: 100 * time.Millisecond})
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if got := series(t, reg); got["redis_up"] != 1 || got["slow"] != 1 {
					t.Errorf("one of two scrapes yields %v, want all", got)
				}
			})
		}
		wg.Wait()
	})
}

// Slow is a collector that yields one metric at once and another one later.
type slow struct {
	takes     time.Duration
	now, most atomic.Int32
}

func (*slow) Describe(descs chan<- *prometheus.Desc) {
	descs <- prometheus.NewDesc("turnwise_quick", "Quick.", nil, nil)
	descs <- prometheus.NewDesc("turnwise_slow", "Slow.", nil, nil)
}

func (s *slow) Collect(metrics chan<- prometheus.Metric) {
	s.most.Store(max(s.most.Load(), s.now.Add(1)))
	defer s.now.Add(-1)
	metrics <- prometheus.MustNewConstMetric(prometheus.NewDesc("turnwise_quick", "Quick.", nil, nil), prometheus.GaugeValue, 1)
	time.Sleep(s.takes)
	metrics <- prometheus.MustNewConstMetric(prometheus.NewDesc("turnwise_slow", "Slow.", nil, nil), prometheus.GaugeValue, 1)
}

// Stubborn is a Redis client that does not look at its context.
type stubborn struct{ takes time.Duration }

func (s stubborn) LaneStats(context.Context, lane.Kind) (lane.Stats, error) {
	time.Sleep(s.takes)
	return lane.Stats{}, nil
}

// Silent is a Redis that takes a question and never answers.
type silent struct{}

func (silent) LaneStats(ctx context.Context, _ lane.Kind) (lane.Stats, error) {
	<-ctx.Done()
	return lane.Stats{Silent: 16}, ctx.Err()
}
