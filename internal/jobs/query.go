package jobs

import (
	"errors"
	"time"
)

// A Query selects jobs of an account. Those that are final are listed for as long as
// jobs are kept, from their end on.
type Query struct {
	Status         Status // empty for all
	ConversationID string // empty for all
	Message        string // a part of why it failed, in whatever case; of failed jobs alone
	From, To       time.Time
	Oldest         bool // the first ones first; else the last ones
	Limit          int  // at least 1
	Cursor         string
}

// A Listed job is one of a list, which is in the order of Since.
type Listed struct {
	Job

	Since time.Time // it is in its status: it was accepted, started or has ended then
}

// A Page is a part of a list. It may have fewer jobs than the query has room for, or
// none, and a cursor all the same: where to go on, empty after the last.
type Page struct {
	Jobs   []Listed
	Cursor string
}

// Counts says how many jobs of an account are in each status.
type Counts map[Status]int64

// A Detail is all that is known of one job.
type Detail struct {
	Job

	Ahead, Behind int64            // unfinished jobs of its lane, before and behind it
	Attempts      int              // that have ended without effect
	Failures      []AttemptFailure // the last ones of those of which the reason is known
	NextAt        time.Time        // when it is attempted again; zero unless it waits for that
}

// An AttemptFailure is why an attempt ended without effect.
type AttemptFailure struct {
	At     time.Time
	Reason string
}

// ErrBadCursor reports that a cursor is none of the list.
var ErrBadCursor = errors.New("the cursor is none of this list")
