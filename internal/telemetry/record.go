package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/turnwise/turnwise/internal/analysis/inference"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/webhook"
)

// JobSubmitted records that a job was accepted.
func (m *Metrics) JobSubmitted() {
	if m == nil {
		return
	}
	m.submitted.Inc()
}

// JobRefused records that a job was not accepted because of a limit.
func (m *Metrics) JobRefused(l jobs.Limit) {
	if m == nil {
		return
	}
	m.refused.inc(l)
}

// JobFinished records that a job came to its end: how long it waited for the
// run that ended it, how long that run took, and how long it all was.
func (m *Metrics) JobFinished(s jobs.Status, wait, run, total time.Duration) {
	if m == nil {
		return
	}
	m.finished.inc(s)
	observe(m.wait, wait)
	observe(m.run, run)
	observe(m.endToEnd, total)
}

// JobRetried records that an attempt at a job failed and will be repeated.
func (m *Metrics) JobRetried() {
	if m == nil {
		return
	}
	m.retries.Inc()
}

// Claimed records that a lane was asked for and whether one was granted.
func (m *Metrics) Claimed(k lane.Kind, ok bool) {
	if m == nil {
		return
	}
	g := refused
	if ok {
		g = granted
	}
	m.claims[g].inc(k)
}

// StaleRefused records that a change was refused because its claim was lost.
func (m *Metrics) StaleRefused(k lane.Kind) {
	if m == nil {
		return
	}
	m.staleCommits.inc(k)
}

// LaneMended records a lane that was incomplete in Redis.
func (m *Metrics) LaneMended(k lane.Kind) {
	if m == nil {
		return
	}
	m.mended.inc(k)
}

// Rang records a wake-up and the way that it took: "local" inside the
// process, "asynq" through Redis, "waiting" if one waits there already,
// "failed" not at all. Any other word counts as failed.
func (m *Metrics) Rang(k lane.Kind, by string) {
	if m == nil {
		return
	}
	cs, ok := m.rings[via(by)]
	if !ok {
		cs = m.rings[viaFailed]
	}
	cs.inc(k)
}

// SweepFound records that the sweeper found a lane due.
func (m *Metrics) SweepFound(k lane.Kind) {
	if m == nil {
		return
	}
	m.sweeperFinds.inc(k)
}

// DrainPanicked records that a drain broke down and was recovered.
func (m *Metrics) DrainPanicked(k lane.Kind) {
	if m == nil {
		return
	}
	m.drainPanics.inc(k)
}

// Working records that a lane is being worked until done is called, once.
func (m *Metrics) Working(k lane.Kind) (done func()) {
	if m == nil {
		return func() {}
	}
	g, ok := m.inFlight[k]
	if !ok {
		return func() {}
	}
	g.Inc()
	return g.Dec
}

// WebhookAttempted records one attempt at a delivery. A phase that it did not
// have, because a connection was there or none was made, is not recorded.
func (m *Metrics) WebhookAttempted(a webhook.Attempt) {
	if m == nil {
		return
	}
	m.attempts[a.Outcome].inc(answerOf(a.Code))
	m.attempt.Observe(max(a.Total, 0) / 1000)
	for n, took := range [...]float64{a.DNS, a.Connect, a.TLS, a.FirstByte} {
		if took > 0 {
			m.phases[phases()[n]].Observe(took / 1000)
		}
	}
}

// WebhookDelivered records how long after the change of status its event was
// delivered.
func (m *Metrics) WebhookDelivered(sinceChange time.Duration) {
	if m == nil {
		return
	}
	observe(m.delivery, sinceChange)
}

// WebhookLag records how much later than due an attempt began.
func (m *Metrics) WebhookLag(late time.Duration) {
	if m == nil {
		return
	}
	observe(m.lag, late)
}

// WebhookWithheld records an attempt at which nothing was sent, for want of the
// account's secret.
func (m *Metrics) WebhookWithheld() {
	if m == nil {
		return
	}
	m.withheld.Inc()
}

// GuessSlowed records a request with the secret of an application that was
// refused unread, because too many wrong ones came before it.
func (m *Metrics) GuessSlowed(byAddress bool) {
	switch {
	case m == nil:
	case byAddress:
		m.guesses.inc(guessedAddress)
	default:
		m.guesses.inc(guessedApp)
	}
}

// ModelCalled records a call of the model server, also one that was not made
// because the server was no help lately.
func (m *Metrics) ModelCalled(k inference.Kind, o inference.Outcome, took time.Duration) {
	if m == nil {
		return
	}
	m.calls[k].inc(o)
	if seconds, ok := m.call[k]; ok {
		observe(seconds, took)
	}
}

// observe takes a duration that ends on another clock than it began on for
// zero at least: a sum that falls is no sum to a rate.
func observe(o prometheus.Observer, d time.Duration) {
	o.Observe(max(d, 0).Seconds())
}
