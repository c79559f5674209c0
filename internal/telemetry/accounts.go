package telemetry

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// What accounts use is counted for the first maxAccounts of them that use anything,
// and for all others together, so that accounts cannot make series without end.
const (
	maxAccounts   = 200
	otherAccounts = "(others)" // no id of an account has a parenthesis
)

type accountMetrics struct {
	analysis *prometheus.CounterVec
	text     *prometheus.CounterVec
	asked    *prometheus.CounterVec

	known *accountLabels
}

func newAccountMetrics(f promauto.Factory) accountMetrics {
	m := accountMetrics{
		known: &accountLabels{},
		analysis: f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "account_analysis_cpu_seconds_total",
			Help:      "Processor time that the analysis of an account's jobs took in this process.",
		}, []string{"account"}),
		text: f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "account_text_bytes_total",
			Help:      "Bytes of text in the jobs of an account that this process accepted.",
		}, []string{"account"}),
		asked: f.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace,
			Name:      "account_redis_requests_total",
			Help:      "Requests to Redis by this process for calls of an account's API, commits of its jobs and settlements of its webhooks.",
		}, []string{"account"}),
	}
	m.asked.WithLabelValues(otherAccounts)
	m.analysis.WithLabelValues(otherAccounts)
	m.text.WithLabelValues(otherAccounts)
	return m
}

// AccountWorked records how much processor time an analysis took.
func (m *Metrics) AccountWorked(account string, d time.Duration) {
	if m == nil {
		return
	}
	m.analysis.WithLabelValues(m.known.label(account)).Add(max(d, 0).Seconds())
}

// AccountSent records how many bytes of text a job has that was accepted.
func (m *Metrics) AccountSent(account string, bytes int) {
	if m == nil {
		return
	}
	m.text.WithLabelValues(m.known.label(account)).Add(float64(bytes))
}

// AccountAsked records a request to Redis.
func (m *Metrics) AccountAsked(account string) {
	if m == nil {
		return
	}
	m.asked.WithLabelValues(m.known.label(account)).Inc()
}

// accountLabels are the accounts that have series of their own.
type accountLabels struct {
	mu    sync.Mutex
	known map[string]bool
}

func (a *accountLabels) label(account string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known[account] {
		return account
	}
	if len(a.known) == maxAccounts {
		return otherAccounts
	}
	if a.known == nil {
		a.known = make(map[string]bool)
	}
	a.known[account] = true
	return account
}
