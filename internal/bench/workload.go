package bench

import "context"

// A workload is something to do on an empty Redis.
type workload struct {
	name     string
	sections []Section // in which it has figures
	baseline bool      // what the others of its sections are compared with
	once     bool      // in the first round alone
	large    bool      // for those who ask for it
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
	{name: "groupmq, 1,000 groups × 40", sections: []Section{Submit, Drain}, run: groupmq(1000, 40)},
	{name: "asynq, concurrency 50", sections: []Section{Drain}, baseline: true, run: asynqDrain(50)},
	{name: "30,000 conversations, 1 message", sections: []Section{Submit, Drain}, run: backlog("30,000 conversations, 1 message", 30000, 1)},
	{name: "groupmq, 5,000 groups × 1", sections: []Section{Submit, Drain}, run: groupmq(5000, 1)},
	{name: "one hot conversation", sections: []Section{Drain}, run: backlog("one hot conversation", 1, 10000)},

	{name: "asynq, mixed, concurrency 10", sections: []Section{Mixed}, baseline: true, run: asynqMixed(10)},
	{name: "mixed, end to end", sections: []Section{Mixed}, run: (*bench).mixed},
	{name: "asynq, mixed, concurrency 50", sections: []Section{Mixed}, baseline: true, run: asynqMixed(50)},

	{name: "asynq, 2.4 ms away", sections: []Section{Away}, baseline: true, run: (*bench).asynqAway},
	{name: "backlog, 2.4 ms away", sections: []Section{Away}, run: (*bench).backlogAway},

	{name: "HTTP, synced every second", sections: []Section{Everysec}, run: accepts(Everysec, "everysec")},
	{name: "HTTP, synced always", sections: []Section{Always}, run: accepts(Always, "always")},

	{name: "webhooks", sections: []Section{Deliver}, run: (*bench).deliveries},
	{name: "idle latency", sections: []Section{Latency}, run: (*bench).latency},
	{name: "idle", sections: []Section{Idle}, once: true, run: (*bench).idle},
	{name: "memory", sections: []Section{Memory}, once: true, run: (*bench).memory},
	{name: "1,000,000 jobs wait", sections: []Section{Large}, once: true, large: true, run: (*bench).large},
}
