// Package telemetry is what an operator sees of a process: the catalogue of
// its metrics, and the set-up of its log.
//
// Every metric of Turnwise is defined in catalogue.go, so that the catalogue
// reads as one page; docs/metrics.md is the same page for operators. Callers
// record with verbs ([Metrics.JobFinished]), never with vectors. Labels are
// closed sets, never an id, a URL or an error text, so the number of series is
// bounded whatever the traffic; every value is exported as zero from the start,
// so the first event counts in a rate. Durations are in seconds.
//
//	process ──verbs──► Metrics ──┐
//	                             ├──► registry ──► /metrics
//	Redis ◄──at scrape── lanes ──┘
//
// What one process does is counted by that process: sum over processes. What
// stands in Redis is asked for at the scrape and is the same from every
// process: take the maximum.
//
// The package knows words of lane, jobs, webhook and inference, for its
// labels, and nothing of how they work. Metrics of asynq's own queues are in package queue.
package telemetry
