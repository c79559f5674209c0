package jobs

import (
	"errors"
	"fmt"
	"time"
)

// Errors that callers act on.
var (
	// ErrNotFound reports that the account has no such job.
	ErrNotFound = errors.New("job not found")
	// ErrUnknownConversation reports that the account has no such conversation.
	ErrUnknownConversation = errors.New("conversation not found")
	// ErrKeyReused reports that the idempotency key came with another request.
	ErrKeyReused = errors.New("the idempotency key was used for another request")
	// ErrCancelled reports that a job was cancelled while it waited.
	ErrCancelled = errors.New("the job was cancelled")
	// ErrBegun reports that a job cannot be cancelled, because somebody may be at
	// work on it.
	ErrBegun = errors.New("the job was begun")
	// ErrEnded reports that a job cannot be cancelled, because it is final.
	ErrEnded = errors.New("the job has ended")
	// ErrNotFailed reports that a job cannot be sent again, because it has not failed.
	ErrNotFailed = errors.New("the job has not failed")
	// ErrNoPayload reports that a job cannot be sent again, because its text is not
	// kept.
	ErrNoPayload = errors.New("the text of the job is not kept")
	// ErrUnavailable reports that Redis is away, full, read-only or loading.
	// Whether the step took effect is unknown; every step may be repeated.
	ErrUnavailable = errors.New("the store is not available")
	// ErrOutdated reports that members of the conversation were edited since the
	// speakers of a claim's jobs were recognised. The claim is held still.
	ErrOutdated = errors.New("the members of the conversation were edited meanwhile")
	// ErrMembers reports that what is stored of a conversation's members cannot be read.
	// A job that it keeps from being worked is sound itself.
	ErrMembers = errors.New("what is stored of the members of the conversation cannot be read")
	// ErrIDTaken reports that the id of a new conversation is in use.
	ErrIDTaken = errors.New("the conversation id is taken")
)

// A ConcurrencyError reports that an account has as many unfinished jobs as it
// may.
type ConcurrencyError struct{ Limit int }

func (e *ConcurrencyError) Error() string {
	return fmt.Sprintf("the account has %d unfinished jobs, its limit", e.Limit)
}

// A BacklogError reports that a conversation has as many unfinished jobs as it
// may.
type BacklogError struct{ Limit int }

func (e *BacklogError) Error() string {
	return fmt.Sprintf("the conversation has %d unfinished jobs, the limit", e.Limit)
}

// An AccountBacklogError reports that an account has about as many unfinished jobs
// as it may.
type AccountBacklogError struct{ Limit int }

func (e *AccountBacklogError) Error() string {
	return fmt.Sprintf("the account has about %d unfinished jobs, the limit", e.Limit)
}

// A PermanentError is a failure that another attempt cannot mend. Message
// becomes the reason that the caller sees.
type PermanentError struct{ Message string }

func (e *PermanentError) Error() string { return e.Message }

// A BusyError fails an attempt of which the next one is not to be made before some
// time has passed.
type BusyError struct {
	Message string
	After   time.Duration
}

func (e *BusyError) Error() string { return e.Message }

// An UnstorableError reports that the effect of a job, the one at that index of
// what was done under its claim, cannot be encoded, however often it is tried.
// Nothing of its lane was changed.
type UnstorableError struct {
	Index int
	Err   error
}

func (e *UnstorableError) Error() string { return e.Err.Error() }

func (e *UnstorableError) Unwrap() error { return e.Err }
