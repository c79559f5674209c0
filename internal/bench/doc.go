// Package bench measures Turnwise beside plain asynq: the same Redis, the same
// process, by turns, so that the ratios mean something on a machine whose
// absolute figures do not.
//
// Plain asynq runs a handler that does nothing. Turnwise runs the whole life of
// a job: accepted with its number, claimed, in progress, messages stored,
// completed. The text is not analysed, because the analysis is not compared:
// each message is stored unchanged.
//
// The workloads run in several rounds. In each one, a workload of Turnwise is
// compared with the best of those that do the same without it, its baselines,
// so a ratio is one of two runs a few seconds apart. Beside its rate each
// workload says what a job costs: what Redis says that it did, from INFO, and
// what this process used.
//
//	workload.go      what is run, in which order
//	round.go         rounds
//	stopwatch.go     what is measured of a run
//	report.go        ratios and medians, and what is printed as JSON
//	print.go         what is printed for people
//	helper.go        what runs in processes of its own: receiver and network
//	peer.go, peers   groupmq, a queue of others that keeps an order
//
// Every workload checks its result: each conversation holds the messages that
// were accepted, in order, once.
package bench
