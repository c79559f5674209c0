package bench

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rates makes a round of a report from the rates of its workloads.
func addRound(r *Report, round int, rates map[string]float64) {
	for _, w := range []measured{
		{section: Drain, name: "ours"},
		{section: Drain, name: "slow", baseline: true},
		{section: Drain, name: "fast", baseline: true},
		{section: Mixed, name: "ours"},
	} {
		w.Jobs, w.Rate, w.Violations = 10, rates[w.name], 1
		r.add(outcome{runs: []measured{w}}, round)
	}
	r.compare(round)
}

// A ratio is formed within a round and a section, to the best baseline there.
func TestRatios(t *testing.T) {
	t.Parallel()

	var r Report
	addRound(&r, 1, map[string]float64{"ours": 100, "slow": 25, "fast": 50}) // 2
	addRound(&r, 2, map[string]float64{"ours": 10, "slow": 10, "fast": 5})   // 1, on a machine that is busy
	addRound(&r, 3, map[string]float64{"ours": 90, "slow": 20, "fast": 30})  // 3
	r.finish()
	var names []string
	for _, w := range r.Workloads {
		names = append(names, string(w.Section)+" "+w.Name)
	}
	if diff := cmp.Diff([]string{"drain slow", "drain fast", "drain ours", "mixed ours"}, names); diff != "" {
		t.Fatalf("order (-want +got):\n%s", diff)
	}
	ours := r.Workloads[2]
	if ours.Median.Rate != 90 || ours.Median.Ratio != 2 || ours.RatioMin != 1 || ours.RatioMax != 3 {
		t.Errorf("median = %.0f/s and %.2f of %.2f–%.2f, want 90/s and 2.00 of 1.00–3.00",
			ours.Median.Rate, ours.Median.Ratio, ours.RatioMin, ours.RatioMax)
	}
	if slow, alone := r.Workloads[0], r.Workloads[3]; slow.RatioMax != 0 || alone.RatioMax != 0 {
		t.Errorf("a baseline and one without any have the ratios %.2f and %.2f, want none", slow.RatioMax, alone.RatioMax)
	}
	if got := r.Violations(); got != 12 {
		t.Errorf("violations = %d, want those of all 12 runs", got)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()

	tests := []struct {
		sorted []float64
		want   float64
	}{
		{[]float64{7}, 7},
		{[]float64{1, 2}, 1.5},
		{[]float64{1, 2, 30}, 2},
		{[]float64{1, 2, 4, 50}, 3},
	}
	for _, tt := range tests {
		if got := median(tt.sorted); got != tt.want {
			t.Errorf("median(%v) = %v, want %v", tt.sorted, got, tt.want)
		}
	}
}

// What is not known is a dash, not a zero, and what no workload of a section
// has is no column.
func TestPrint(t *testing.T) {
	t.Parallel()

	var r Report
	r.Machine = Machine{CPU: "A CPU", Cores: 2, Load: "1 2 3", Go: "go1", Redis: "7", Persistence: "none", Turnwise: "v0"}
	r.Rounds, r.Scale = 1, 0.5
	r.add(outcome{
		runs: []measured{
			{section: Drain, name: "backlog", Sample: Sample{Jobs: 40000, Rate: 40000, Violations: 2, Cost: Cost{
				RedisCPU: 9, ByCommand: map[string]float64{"hset": 2, "get": 3.5, "ping": 0.001, "del": 2},
			}}},
			{section: Drain, name: "asynq", baseline: true, Sample: Sample{Jobs: 30000, Rate: 10000, Cost: Cost{OwnCPU: 123.456}}},
			{section: Latency, name: "idle latency", Sample: Sample{Jobs: 500, P50: 1234.567, P99: 9000}},
		},
		figures: []Figure{
			{Section: Memory, Name: "a pending job", Value: 1234.5, Unit: "B"},
			{Section: Drain, Name: "a round trip", Value: 2.4, Unit: "ms"},
		},
	}, 1)
	r.Skipped = []Skipped{{"webhooks", "nobody listens"}}
	r.compare(1)
	r.finish()
	var out strings.Builder
	if err := r.Print(&out); err != nil {
		t.Fatal(err)
	}
	want := `
A CPU, 2 cores, load 1 2 3 at the start
go1, Redis 7, persistence: none
Turnwise v0
rounds: 1, scale: 0.5; each figure is the median of the rounds

Draining what was submitted before
            jobs  rate/s  × asynq    min–max  Redis µs  own µs  violations
    asynq  30000   10000        –          –         –   123.5           0
  backlog  40000   40000     4.00  4.00–4.00       9.0       –           2
  a round trip  2.40 ms

One job at a time, from its submission to completed
                jobs  p50 ms  p99 ms  violations
  idle latency   500    1.23    9.00           0

Memory of Redis
  a pending job  1234 B

The commands of Redis in one job
  drain  backlog  get 3.50, del 2.00, hset 2.00

skipped: webhooks: nobody listens
`
	if diff := cmp.Diff(want, "\n"+out.String()); diff != "" {
		t.Errorf("Print (-want +got):\n%s", diff)
	}
}
