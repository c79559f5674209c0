// Package lane holds the one queueing idea of Turnwise: a lane is a
// first-in-first-out line of items under one key, worked by at most one claim
// at a time.
//
// There are two kinds. An append lane holds the jobs of one conversation; a
// deliver lane holds the webhook events of one job. Both live by the same
// rules:
//
//	       arrival                 claim                commit, empty
//	(no key) ────────► due ───────────────► leased ───────────────► (no key)
//	                    ▲  ▲                 │ │ │
//	                    │  └─ lease expired ─┘ │ │
//	                    ├──── released ────────┘ │
//	                    └──── failed: due later ─┘
//
// A lane is pending exactly when it stands in the ready index of its shard,
// a set sorted by the time from which the lane may be claimed: its arrival,
// the end of a backoff, or the deadline of the lease it is under. Hence one
// question, "which lane of this shard is due?", finds new work, work to retry
// and work whose worker died, and nothing else has to be remembered to find
// them.
//
// A claim is known by a random id. Whatever a claim wants to change is
// refused once the id is no longer the lane's ([ErrStale]), so a worker that
// was paused past its lease cannot do harm when it comes back.
//
// The package knows neither Redis, which package store puts behind these
// rules, nor asynq, which package queue uses to wake workers up.
package lane

import "errors"

// Kind tells the two sorts of lanes apart.
type Kind string

// The kinds of lanes.
const (
	Append  Kind = "append"  // jobs, one lane per conversation
	Deliver Kind = "deliver" // webhook events, one lane per job
)

// Kinds lists every [Kind], for tables and label sets.
func Kinds() []Kind { return []Kind{Append, Deliver} }

// ErrStale reports that a claim is no longer its lane's: the lease expired
// and somebody else took over. Nothing was changed.
var ErrStale = errors.New("the claim is no longer the lane's")

// A Claim is the right to work a lane until a deadline.
type Claim struct {
	Kind    Kind
	Shard   int
	Account string
	Key     string // conversation id of an append lane, job id of a deliver lane
	ID      string // random; what fences every change made under the claim
	Attempt int    // how often the head item has been claimed, this time included
}
