// Package ops is the listener for those who run the service: its metrics,
// whether it lives, whether it is ready, and its profiles.
//
//	/metrics       what the process measures, for Prometheus
//	/healthz       200 while the process answers at all
//	/readyz        200 when it can do its work, else 503 with the reason
//	/debug/pprof/  profiles, for go tool pprof
//
// It belongs on an address of its own that the callers of the API cannot
// reach: it asks nobody who they are. Still it names no address, no argument
// and no secret of the process.
package ops
