package edit

import (
	"errors"
	"fmt"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
)

// Errors that callers act on, besides those of package jobs.
var (
	// ErrVersion reports that the conversation is not at one of the versions
	// that the caller named.
	ErrVersion = errors.New("the conversation has changed")
	// ErrUnknownMember reports that the conversation has no such member.
	ErrUnknownMember = errors.New("member not found")
	// ErrExternalIDTaken reports that another conversation of the account has
	// the external id.
	ErrExternalIDTaken = errors.New("the external id is taken")
	// ErrContended reports that others changed the conversation each time
	// before the edit could. It may be tried again.
	ErrContended = errors.New("the conversation is being changed by others")
)

// A SpanError reports that the conversation would end before it starts.
type SpanError struct{ Start, End time.Time }

func (e *SpanError) Error() string {
	return fmt.Sprintf("the conversation would start at %s and end at %s, which is earlier",
		e.Start.Format(time.RFC3339Nano), e.End.Format(time.RFC3339Nano))
}

// A Target is the conversation to change.
type Target struct {
	Account  string
	ID       string
	Versions []string // of which it must be at one; any will do if empty
}

// A Change is a change of a conversation. Fields that are nil change nothing.
type Change struct {
	Name     *string           // "" removes it
	Start    *time.Time        // not after the end that results
	End      *time.Time        // not before the start that results
	Metadata map[string]string // replaces all of it
	Labels   map[string]string // replaces all of them
	Archived *bool
	Private  *bool
	Toggle   bool // of Private, whatever it is

	ExternalID *string // see [conversation.Conversation]

	// Members are found by id, user id or name, in this order, and are renamed
	// and completed, or added. None is removed.
	Members []conversation.Speaker
}

// A SpeakerEvent is the time at which somebody started or stopped speaking.
type SpeakerEvent struct {
	Started bool // else stopped
	Speaker conversation.Speaker
	Offset  time.Duration // since the start of the conversation
}
