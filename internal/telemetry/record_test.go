package telemetry_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/webhook"
)

// TestVerbs says for each verb which series it moves, and by how much; nothing
// else may move.
func TestVerbs(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		verb func(*telemetry.Metrics)
		want map[string]float64
	}{
		{
			"job submitted",
			func(m *telemetry.Metrics) { m.JobSubmitted() },
			map[string]float64{"jobs_submitted_total": 1},
		},
		{
			"job refused",
			func(m *telemetry.Metrics) { m.JobRefused(jobs.MaxPending); m.JobRefused("another") },
			map[string]float64{"jobs_refused_total{max_pending_jobs}": 1},
		},
		{
			"account used something",
			func(m *telemetry.Metrics) {
				m.AccountSent("acme", 10)
				m.AccountSent("acme", 5)
				m.AccountAsked("acme")
				m.AccountWorked("acme", 2*time.Second)
				m.AccountWorked("acme", -time.Second) // the clock of a thread does not go back, but who knows
			},
			map[string]float64{"account_text_bytes_total{acme}": 15, "account_redis_requests_total{acme}": 1, "account_analysis_cpu_seconds_total{acme}": 2},
		},
		{
			"accounts without end",
			func(m *telemetry.Metrics) {
				for n := range 200 {
					m.AccountSent(fmt.Sprint(n), 0)
				}
				m.AccountSent("one more", 7)
				m.AccountSent("another", 7)
			},
			map[string]float64{"account_text_bytes_total{(others)}": 14},
		},
		{
			"job finished",
			func(m *telemetry.Metrics) { m.JobFinished(jobs.Failed, time.Second, 2*time.Second, 4*time.Second) },
			map[string]float64{
				"jobs_finished_total{failed}":  1,
				"job_queue_wait_seconds_count": 1, "job_queue_wait_seconds_sum": 1,
				"job_run_seconds_count": 1, "job_run_seconds_sum": 2,
				"job_end_to_end_seconds_count": 1, "job_end_to_end_seconds_sum": 4,
			},
		},
		{
			"job finished, clocks apart",
			func(m *telemetry.Metrics) { m.JobFinished(jobs.Completed, -time.Second, 0, -time.Minute) },
			map[string]float64{
				"jobs_finished_total{completed}": 1, "job_queue_wait_seconds_count": 1,
				"job_run_seconds_count": 1, "job_end_to_end_seconds_count": 1,
			},
		},
		{
			"job retried",
			func(m *telemetry.Metrics) { m.JobRetried() },
			map[string]float64{"job_retries_total": 1},
		},
		{
			"claim granted",
			func(m *telemetry.Metrics) { m.Claimed(lane.Deliver, true) },
			map[string]float64{"claims_total{deliver,granted}": 1},
		},
		{
			"claim refused",
			func(m *telemetry.Metrics) { m.Claimed(lane.Append, false) },
			map[string]float64{"claims_total{append,refused}": 1},
		},
		{
			"lane mended",
			func(m *telemetry.Metrics) { m.LaneMended(lane.Append) },
			map[string]float64{"lanes_mended_total{append}": 1},
		},
		{
			"stale commit refused",
			func(m *telemetry.Metrics) { m.StaleRefused(lane.Append) },
			map[string]float64{"stale_commits_refused_total{append}": 1},
		},
		{
			"rang within the process",
			func(m *telemetry.Metrics) { m.Rang(lane.Append, "local") },
			map[string]float64{"rings_total{append,local}": 1},
		},
		{
			"rang through asynq",
			func(m *telemetry.Metrics) { m.Rang(lane.Deliver, "asynq") },
			map[string]float64{"rings_total{deliver,asynq}": 1},
		},
		{
			"rang, though one waits",
			func(m *telemetry.Metrics) { m.Rang(lane.Append, "waiting") },
			map[string]float64{"rings_total{append,waiting}": 1},
		},
		{
			"drain panicked",
			func(m *telemetry.Metrics) { m.DrainPanicked(lane.Deliver) },
			map[string]float64{"drain_panics_total{deliver}": 1},
		},
		{
			"rang in an unknown way",
			func(m *telemetry.Metrics) { m.Rang(lane.Deliver, "carrier pigeon") },
			map[string]float64{"rings_total{deliver,failed}": 1},
		},
		{
			"sweeper found",
			func(m *telemetry.Metrics) { m.SweepFound(lane.Deliver) },
			map[string]float64{"sweeper_finds_total{deliver}": 1},
		},
		{
			"working",
			func(m *telemetry.Metrics) { m.Working(lane.Append) },
			map[string]float64{"lanes_in_flight{append}": 1},
		},
		{
			"worked",
			func(m *telemetry.Metrics) { m.Working(lane.Append)() },
			map[string]float64{},
		},
		{
			"webhook attempted",
			func(m *telemetry.Metrics) {
				m.WebhookAttempted(webhook.Attempt{Outcome: webhook.Retry, Code: 503, DNS: 500, TLS: 250, FirstByte: 2000, Total: 3000})
			},
			map[string]float64{
				"webhook_attempts_total{5xx,retry}": 1,
				"webhook_attempt_seconds_count":     1, "webhook_attempt_seconds_sum": 3,
				"webhook_phase_seconds_count{dns}": 1, "webhook_phase_seconds_sum{dns}": .5,
				"webhook_phase_seconds_count{tls}": 1, "webhook_phase_seconds_sum{tls}": .25,
				"webhook_phase_seconds_count{first_byte}": 1, "webhook_phase_seconds_sum{first_byte}": 2,
			},
		},
		{
			"webhook without an answer",
			func(m *telemetry.Metrics) { m.WebhookAttempted(webhook.Attempt{Outcome: webhook.Dead}) },
			map[string]float64{"webhook_attempts_total{none,dead}": 1, "webhook_attempt_seconds_count": 1},
		},
		{
			"webhook delivered",
			func(m *telemetry.Metrics) { m.WebhookDelivered(time.Hour) },
			map[string]float64{"webhook_delivery_seconds_count": 1, "webhook_delivery_seconds_sum": 3600},
		},
		{
			"webhook late",
			func(m *telemetry.Metrics) { m.WebhookLag(500 * time.Millisecond) },
			map[string]float64{"webhook_lag_seconds_count": 1, "webhook_lag_seconds_sum": .5},
		},
		{
			"webhook withheld",
			func(m *telemetry.Metrics) { m.WebhookWithheld() },
			map[string]float64{"webhook_withheld_total": 1},
		},
		{
			"guess slowed",
			func(m *telemetry.Metrics) { m.GuessSlowed(true); m.GuessSlowed(false); m.GuessSlowed(false) },
			map[string]float64{"guesses_slowed_total{address}": 1, "guesses_slowed_total{application}": 2},
		},
		{
			"model called",
			func(m *telemetry.Metrics) { m.ModelCalled(inference.Chat, inference.Timeout, 2*time.Second) },
			map[string]float64{
				"model_calls_total{chat,timeout}": 1,
				"model_call_seconds_count{chat}":  1, "model_call_seconds_sum{chat}": 2,
			},
		},
		{
			"request without a route",
			func(m *telemetry.Metrics) { m.HTTPRequest("", "GET", 404, 2*time.Second) },
			map[string]float64{
				"http_requests_total{4xx,GET,other}": 1,
				"http_request_seconds_count{other}":  1, "http_request_seconds_sum{other}": 2,
			},
		},
		{
			"ready",
			func(m *telemetry.Metrics) { m.Ready(true) },
			map[string]float64{"ready": 1},
		},
		{
			"Redis may evict",
			func(m *telemetry.Metrics) { m.RedisMayEvict(true) },
			map[string]float64{"redis_may_evict": 1},
		},
		{
			"Redis has the data of somebody else",
			func(m *telemetry.Metrics) { m.RedisForeign(true) },
			map[string]float64{"redis_foreign_data": 1},
		},
		{
			"Redis lost its data",
			func(m *telemetry.Metrics) { m.RedisLost(2) },
			map[string]float64{"redis_data_losses_total": 2},
		},
		{
			"durability known",
			func(m *telemetry.Metrics) { m.RedisDurability(telemetry.DiskDurability) },
			map[string]float64{"redis_durability{disk}": 1, "redis_durability{unknown}": -1},
		},
		{
			"durability in a word that is not in the set",
			func(m *telemetry.Metrics) {
				m.RedisDurability(telemetry.FastDurability)
				m.RedisDurability("granite")
			},
			map[string]float64{},
		},
		{
			"values outside every set",
			func(m *telemetry.Metrics) {
				m.Claimed("sideways", true)
				m.StaleRefused("sideways")
				m.SweepFound("sideways")
				m.Rang("sideways", "local")
				m.Working("sideways")()
				m.ModelCalled("sideways", inference.OK, time.Second)
			},
			map[string]float64{},
		},
	}
	moved := map[string]bool{"build_info": true, "scrapes_incomplete_total": true} // without a verb
	for _, tt := range tests {
		for name := range tt.want {
			name, _, _ = strings.Cut(name, "{")
			moved[strings.TrimSuffix(strings.TrimSuffix(name, "_count"), "_sum")] = true
		}
	}
	reg := prometheus.NewRegistry()
	telemetry.New(reg)
	for _, family := range gather(t, reg) {
		if !moved[strings.TrimPrefix(family.GetName(), "turnwise_")] {
			t.Errorf("no verb of this test moves %s", family.GetName())
		}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			reg := prometheus.NewRegistry()
			m := telemetry.New(reg)
			before := series(t, reg)
			tt.verb(m)
			sameMoves(t, moves(before, series(t, reg)), tt.want)
			tt.verb(nil) // records nothing, and does not panic
		})
	}
}

func sameMoves(t *testing.T, got, want map[string]float64) {
	t.Helper()
	for name, by := range got {
		if want[name] != by {
			t.Errorf("%s moved by %v, want %v", name, by, want[name])
		}
	}
	for name, by := range want {
		if _, moved := got[name]; !moved {
			t.Errorf("%s did not move, want %v", name, by)
		}
	}
}

func moves(before, after map[string]float64) map[string]float64 {
	by := map[string]float64{}
	for name, v := range after {
		if v != before[name] {
			by[name] = v - before[name]
		}
	}
	return by
}

// series returns what the registry exports, by name less the namespace and
// the label values in order of their names; of histograms, count and sum.
func series(t *testing.T, g prometheus.Gatherer) map[string]float64 {
	t.Helper()
	values := map[string]float64{}
	for _, family := range gather(t, g) {
		name := strings.TrimPrefix(family.GetName(), "turnwise_")
		for _, m := range family.GetMetric() {
			labels := labelValues(m)
			if h := m.GetHistogram(); h != nil {
				values[name+"_count"+labels] = float64(h.GetSampleCount())
				values[name+"_sum"+labels] = h.GetSampleSum()
				continue
			}
			values[name+labels] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return values
}

func labelValues(m *dto.Metric) string {
	var values []string
	for _, pair := range m.GetLabel() {
		values = append(values, pair.GetValue())
	}
	if values == nil {
		return ""
	}
	return "{" + strings.Join(values, ",") + "}"
}
