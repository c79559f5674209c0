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
// was paused past its lease cannot do harm when it comes back. The id is the
// caller's choice, and every step may be repeated under the same ids: it
// returns its first result. So a lost reply is no lost claim.
//
// An attempt counts when its failure was reported, or when the process is dead
// that held the claim. A claim whose lease ran out although its process lives
// was none: its caller may never have heard of it.
//
// The package knows neither Redis, which package store puts behind these
// rules, nor asynq, which package queue uses to wake workers up.
package lane

import (
	"errors"
	"fmt"
)

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

// A MendedError reports that a lane had nothing to claim, because keys of it
// were gone from the store that nobody but the store should delete: the lane
// was ended or goes on without what was lost. Another claim may be tried at
// once.
type MendedError struct {
	Lane   string
	Failed string // the job that failed for it; may be empty
}

func (e *MendedError) Error() string {
	return fmt.Sprintf("lane %s was incomplete in the store and was mended", e.Lane)
}

// A Claim is the right to work a lane until a deadline.
type Claim struct {
	Kind    Kind
	Shard   int
	Account string
	Key     string // conversation id of an append lane, job id of a deliver lane
	ID      string // random; what fences every change made under the claim
	Attempt int    // how many attempts at the head item have ended without effect, and one

	Endpoint string // id of the endpoint of a deliver lane
}
