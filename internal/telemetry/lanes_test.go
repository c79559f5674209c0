package telemetry_test

import (
	"context"
	"errors"
	"maps"
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
			lanes: lanes{pending: 7, oldest: 90 * time.Second},
			want: map[string]float64{
				"redis_up":                            1,
				"lanes_pending{append}":               7,
				"lanes_pending{deliver}":              7,
				"lane_oldest_due_age_seconds{append}": 90, "lane_oldest_due_age_seconds{deliver}": 90,
			},
		},
		{
			name: "idle",
			want: map[string]float64{
				"redis_up":                            1,
				"lanes_pending{append}":               0,
				"lanes_pending{deliver}":              0,
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
			telemetry.RegisterLanes(reg, tt.lanes)
			if got := series(t, reg); !maps.Equal(got, tt.want) {
				t.Errorf("a scrape yields %v, want %v", got, tt.want)
			}
		})
	}
}

func TestScrapeIsBounded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		reg := prometheus.NewRegistry()
		telemetry.RegisterLanes(reg, silent{})
		begin := time.Now()
		got := series(t, reg)
		if took := time.Since(begin); took != time.Second {
			t.Errorf("a scrape without an answer took %v, want 1s", took)
		}
		if want := map[string]float64{"redis_up": 0}; !maps.Equal(got, want) {
			t.Errorf("a scrape without an answer yields %v, want %v", got, want)
		}
	})
}

// Silent is a Redis that takes a question and never answers.
type silent struct{}

func (silent) LaneStats(ctx context.Context, _ lane.Kind) (int64, time.Duration, error) {
	<-ctx.Done()
	return 0, 0, ctx.Err()
}
