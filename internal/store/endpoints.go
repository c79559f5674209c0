package store

import (
	"cmp"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// EndpointOptions say how endpoints are treated, each in each shard. The zero value
// is fit for production.
type EndpointOptions struct {
	InFlight int     // lanes under a lease at once, over all shards, but one in each at least; 128 if zero
	Wary     int     // of one that is slow, or of which that is not known; a quarter if zero
	Rate     float64 // events a second over all shards; no limit if zero

	Window   time.Duration // in which failures count together; 2m if zero
	Failures int           // that open it; 5 if zero
	Ratio    int           // of a hundred attempts that failed then; 50 if zero
	Pause    time.Duration // until the first probe; 5s if zero
	MaxPause time.Duration // between probes; 2m if zero
	Elapsed  time.Duration // for which events are tried; 72h if zero

	Weights map[string]int // of accounts that do not have 1: their parts while others wait
}

func (o EndpointOptions) withDefaults() EndpointOptions {
	o.InFlight = cmp.Or(o.InFlight, 128)
	o.Wary = cmp.Or(o.Wary, max(o.InFlight/4, 1))
	o.Window = cmp.Or(o.Window, 2*time.Minute)
	o.Failures = cmp.Or(o.Failures, 5)
	o.Ratio = cmp.Or(o.Ratio, 50)
	o.Pause = cmp.Or(o.Pause, 5*time.Second)
	o.MaxPause = max(cmp.Or(o.MaxPause, 2*time.Minute), o.Pause)
	o.Elapsed = cmp.Or(o.Elapsed, 72*time.Hour)
	return o
}

// endpointRetention is how long the state of an endpoint is kept that is not used.
const endpointRetention = 7 * 24 * time.Hour

// granting returns the arguments that scripts share which grant events.
func (s *Store) granting(lease time.Duration) []any {
	o, apart := s.opts.Endpoints, int64(0)
	if o.Rate > 0 {
		apart = max(int64(1000*float64(s.opts.Shards)/o.Rate), 1)
	}
	return []any{ms(lease), s.inShard(o.InFlight), s.inShard(o.Wary), apart}
}

// inShard returns how many a shard has of so many.
func (s *Store) inShard(all int) int { return (all + s.opts.Shards - 1) / s.opts.Shards }

// judging returns the arguments of lib/breaker.lua.
func (s *Store) judging() []any {
	o := s.opts.Endpoints
	return []any{ms(o.Window), o.Failures, o.Ratio, ms(o.Pause), ms(o.MaxPause), ms(o.Elapsed), ms(endpointRetention)}
}

// endpointID returns the id of the endpoint of a job's webhooks: "" if it wants none.
func endpointID(job jobs.Job) string {
	if job.WebhookURL == "" {
		return ""
	}
	e, err := webhook.EndpointOf(job.WebhookURL)
	if err != nil {
		return noEndpoint
	}
	return e.ID
}

// toldOf returns the statuses of which a job's webhooks tell; empty for all.
func toldOf(job jobs.Job) string {
	if job.WebhookURL == "" {
		return ""
	}
	words := make([]string, len(job.WebhookEvents))
	for n, status := range job.WebhookEvents {
		words[n] = string(status)
	}
	return strings.Join(words, ",")
}

// noEndpoint stands for that of a URL that names none.
const noEndpoint = "0000000000000000"
