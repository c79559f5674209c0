package bench

import "context"

// A workload is something to do on an empty Redis.
type workload struct {
	name     string
	sections []Section // in which it has figures
	baseline bool      // what the others of its sections are compared with
	once     bool      // not in every round
	run      func(*bench, context.Context) (outcome, error)
}

// An outcome is what a workload found out in a round.
type outcome struct {
	runs    []measured
	figures []Figure
}

// A measured run is one line of a section.
type measured struct {
	section  Section
	name     string
	baseline bool
	Sample
}

// workloads in the order of a round. What is compared with each other is side
// by side, so that a neighbour on the machine disturbs both.
var workloads = []workload{ //nolint:gochecknoglobals // a table
	{name: "asynq, concurrency 10", sections: []Section{Submit, Drain}, baseline: true, run: asynqDrain(10)},
	{name: "backlog, 1,000 conversations", sections: []Section{Submit, Drain}, run: backlog("backlog, 1,000 conversations", 1000, 40)},
	{name: "asynq, concurrency 50", sections: []Section{Drain}, baseline: true, run: asynqDrain(50)},
	{name: "30,000 conversations, 1 message", sections: []Section{Submit, Drain}, run: backlog("30,000 conversations, 1 message", 30000, 1)},
	{name: "one hot conversation", sections: []Section{Drain}, run: backlog("one hot conversation", 1, 20000)},

	{name: "asynq, mixed, concurrency 10", sections: []Section{Mixed}, baseline: true, run: asynqMixed(10)},
	{name: "mixed, end to end", sections: []Section{Mixed}, run: (*bench).mixed},
	{name: "asynq, mixed, concurrency 50", sections: []Section{Mixed}, baseline: true, run: asynqMixed(50)},

	{name: "idle latency", sections: []Section{Latency}, run: (*bench).latency},
}
