// Package bench measures Turnwise beside plain asynq: the same Redis, the same
// process, one run, so that the ratios mean something on a machine whose
// absolute figures do not.
//
// Plain asynq runs a handler that does nothing. Turnwise runs the whole life of
// a job: accepted with its number, claimed, in progress, messages stored,
// completed. The text is not analysed, because the analysis is not compared:
// each message is stored unchanged. A workload of Turnwise is compared with the
// workloads of asynq of the same kind: draining a backlog, or submitting and
// working at the same time. The better of two runs of asynq counts.
//
// Every workload checks its result: each conversation holds the messages that
// were accepted, in order, once.
package bench
