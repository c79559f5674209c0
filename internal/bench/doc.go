// Package bench measures Turnwise beside plain asynq: the same Redis, the same
// process, one run, so that the ratios mean something on a machine whose
// absolute figures do not.
//
// Plain asynq runs a handler that does nothing. Turnwise leads the full life
// of a job: accepted with its number, claimed, in progress, messages stored,
// completed. The analysis of the text is off, because it is not what is
// compared: each message is stored as it came. Like is compared with like: a
// drain with the better of two drains of asynq, submitting and working at the
// same time with the better of two such runs.
//
// Every workload checks what it measured: that each conversation holds what
// was accepted, in order, once.
package bench
