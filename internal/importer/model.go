package importer

import (
	"fmt"
	"time"

	"github.com/turnwise/turnwise/internal/importer/stamp"
)

// A Chat is what becomes one conversation.
type Chat struct {
	Key    string // tells it from others of its format, with what was said first
	Unique bool   // the key alone does, because it is an id
	Title  string
	// Recorded says that the times of the messages are those since its start.
	Recorded bool
}

// A Sender is who said a message. Nobody is the zero value.
type Sender struct {
	ID    string `json:"id,omitempty"` // by which the export knows the person
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// A Message is something that was said, or sent.
type Message struct {
	Line        int       // where it begins, or which one it is if the format has no lines
	Sender      Sender    // zero if it is not known
	Start, End  time.Time // zero if they are not known
	From, To    time.Duration
	Timed       bool // From and To are known, in a chat that was recorded
	Text        string
	Attachments []string // what was sent with it; it may be all there is
}

// A Sink takes what a [Source] has.
type Sink interface {
	// Begin begins a conversation, which the messages that follow belong to.
	Begin(c Chat) error
	// Add adds a message. An error ends the reading, and is returned by it.
	Add(m Message) error
	// Skip tells of something that is in the source and is not imported.
	Skip(line int, reason string)
	// Note tells of something that was decided about the source.
	Note(text string)
}

// Options say how to read what a file does not say itself.
type Options struct {
	Zone    *time.Location // of times without one; UTC if nil
	Order   stamp.Order    // of dates; found out if it is not given
	Columns Columns        // of tables
	// Names says that in plain text each label that looks like a name is one, be it
	// there once in much text. Of those that do not, a Note tells.
	Names bool
}

// An Error says that a file is not what it should be.
type Error struct {
	File string
	Line int    // 0 if it is not about a line
	Want string // what was expected, and what is there
	Err  error  // may be nil
}

func (e *Error) Error() string {
	where := e.File
	if e.Line > 0 {
		where = fmt.Sprintf("%s, line %d", e.File, e.Line)
	}
	if e.Err != nil {
		return fmt.Sprintf("%s: %s: %v", where, e.Want, e.Err)
	}
	return where + ": " + e.Want
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
