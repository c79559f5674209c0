package telemetry

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"github.com/turnwise/turnwise/internal/jobs"
)

// Done is what a process has done since it began, as its metrics count it.
type Done struct{ Accepted, Completed, Failed, Delivered int64 }

// DoneBy returns what metrics have counted so far.
func DoneBy(m *Metrics) Done {
	if m == nil {
		return Done{}
	}
	return Done{
		Accepted:  total(m.submitted),
		Completed: total(m.finished[jobs.Completed]),
		Failed:    total(m.finished[jobs.Failed]),
		Delivered: total(m.delivery),
	}
}

// total returns the value of a counter, or how often a histogram has observed.
func total(m prometheus.Metric) int64 {
	var v dto.Metric
	if m.Write(&v) != nil {
		return 0 // those of ours write themselves
	}
	return int64(v.GetCounter().GetValue()) + int64(v.GetHistogram().GetSampleCount()) //nolint:gosec // they do not come near the bounds
}
