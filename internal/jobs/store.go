package jobs

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// Intake accepts jobs. Every method may return [ErrUnavailable].
type Intake interface {
	// Accept gives the job its sequence number, stores it as scheduled with
	// the event that says so, and puts it at the end of its conversation's
	// lane, in one step. It returns [ErrIDTaken], [ErrUnknownConversation] or
	// a [*BacklogError] if the terms are not met. A job that was accepted
	// before is left as it is, without error: so a request may be repeated.
	//
	// If the terms ask for it, and the lane was empty, that step claims it.
	Accept(ctx context.Context, job Job, terms Terms) (*Claim, lane.Wake, error)

	// Job returns a job of the account's, or [ErrNotFound].
	Job(ctx context.Context, account, id string) (Job, error)
}

// Terms are those on which a job is accepted.
type Terms struct {
	Create     bool // the conversation must not exist, and is made; else it must
	MaxPending int  // unfinished jobs that the conversation may have; 0 for any number
	Claim      bool // claim the lane at once, if it is empty
}

// Keys remembers idempotency keys, per account, for a day.
type Keys interface {
	// BindKey binds a key to the request of that fingerprint, which is about to
	// make the job. If it was accepted before, accepted is true and the receipt
	// is that of then. It returns [ErrKeyReused] if another request was accepted
	// under the key.
	BindKey(ctx context.Context, account, key, fingerprint, jobID string) (before Receipt, accepted bool, err error)
}

// Slots bounds the unfinished jobs of an account, exactly, over all
// processes. A slot belongs to a job and is derived from its state: one whose
// job is final, or was never accepted, is free again by itself.
type Slots interface {
	// TakeSlot returns a [*ConcurrencyError] if limit jobs are unfinished.
	TakeSlot(ctx context.Context, account, jobID string, limit int) error
	// FreeSlot gives the slot of a refused job back at once.
	FreeSlot(ctx context.Context, account, jobID string) error
}

// Lanes are the append lanes. Each method is one atomic step. Those that take
// a claim return [lane.ErrStale], and change nothing, when it is lost.
type Lanes interface {
	// Claim claims the lanes of the shard that have been due longest, and moves
	// the head of each to in_progress. A lane whose head may have killed its
	// worker is claimed alone. It returns none if no lane is due, or a
	// [*lane.MendedError].
	Claim(ctx context.Context, shard int, want Want) ([]*Claim, lane.Wake, error)

	// Commit ends claims of different lanes of the shard, and claims what is
	// wanted. What becomes of one lane does not depend on the others.
	Commit(ctx context.Context, shard int, done []Done, want Want) (Committed, error)

	// Fail puts the head off, or ends it as failed. If it is ended and stay is not
	// 0, the lane is claimed anew with that many jobs at most, if it has more.
	Fail(ctx context.Context, c *Claim, f Failure, stay int) (*Claim, lane.Wake, error)

	// Renew starts the lease anew.
	Renew(ctx context.Context, c lane.Claim) error

	// Release gives the lane back untouched, due at once. The attempt at the
	// head does not count.
	Release(ctx context.Context, c lane.Claim) (lane.Wake, error)
}

// A Claim is a claim of an append lane with the jobs at its front.
type Claim struct {
	lane.Claim
	At              time.Time // of the claim, by the store's clock, as are those of jobs
	ConversationEnd time.Time // of the last message stored; zero if none is
	MembersVersion  int       // how often members were changed until then
	MembersKept     int       // how many members and keys of speakers are stored
	Jobs            []Work    // the oldest first; at least one
}

// Work is a job to run, with the members whom its speakers may be.
type Work struct {
	Job
	Members map[string]conversation.Member // by key of the speaker

	Unreadable error // why what is stored of the job cannot be read, or [ErrMembers] if it is that; nil if it can
}

// Want says what to claim: at most so many lanes, and so many jobs in all, of
// accounts that are not to be passed over, by their weights.
type Want struct {
	Lanes, Jobs int
	PassOver    []string
	Weights     map[string]int // of accounts that do not have 1
}

// Done is what was done under a claim.
type Done struct {
	Claim   *Claim
	Effects []Effect // of its first jobs, which are completed and taken out of the lane
	Stay    bool     // go on with the lane, if it has more jobs and more are wanted
}

// Committed is what became of a commit.
type Committed struct {
	Outcomes []Outcome // of the claims that it was to end
	Claims   []*Claim  // those of lanes to go on with, and new ones
	Wake     lane.Wake
}

// An Outcome is what became of one claim in a commit.
type Outcome struct {
	// Err is nil if it was ended. Else it is [lane.ErrStale]; [ErrOutdated]; an
	// [*UnstorableError]; or says that what is stored of the lane is damaged. The
	// claim is held still with the last three.
	Err error
	// Outdated is, with ErrOutdated, the same claim with the members as they are
	// now.
	Outdated *Claim
}

// An Effect is what a job does to its conversation.
type Effect struct {
	JobID    string
	Started  time.Time // by the worker's clock, as are all but the times of messages
	Finished time.Time
	Messages []conversation.Message
	Insights []analysis.Insight
	Members  conversation.Changes
	Name     string            // the conversation's new name; empty leaves it
	Metadata map[string]string // replaces the conversation's; nil leaves it

	Analyzers []string // is kept with the job
}

// A Failure is the end of an attempt without effect.
type Failure struct {
	JobID  string
	Reason string
	Final  bool          // the job is failed; else it is tried again
	Hold   bool          // if final: the job stays, and its lane is held until somebody says how it goes on
	Delay  time.Duration // until then
}
