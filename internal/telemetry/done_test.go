package telemetry_test

import (
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/telemetry"
)

func TestDoneBy(t *testing.T) {
	t.Parallel()

	m := telemetry.New(prometheus.NewRegistry())
	for range 5 {
		m.JobSubmitted()
	}
	for range 3 {
		m.JobFinished(jobs.Completed, time.Second, time.Second, time.Second)
	}
	m.JobFinished(jobs.Failed, time.Second, time.Second, time.Second)
	for range 7 {
		m.WebhookDelivered(time.Second)
	}
	if got, want := telemetry.DoneBy(m), (telemetry.Done{Accepted: 5, Completed: 3, Failed: 1, Delivered: 7}); got != want {
		t.Errorf("DoneBy = %+v, want %+v", got, want)
	}
	if got := telemetry.DoneBy(nil); got != (telemetry.Done{}) {
		t.Errorf("DoneBy(nil) = %+v, want nothing", got)
	}
}
