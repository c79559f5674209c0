package lane

import (
	"errors"
	"time"
)

// State says how a lane stands that has something to do.
type State string

// The states of a lane.
const (
	StateWaiting State = "waiting" // nothing is wrong
	StateFailing State = "failing" // attempts at its head have failed, another one follows
	StateHeld    State = "held"    // nothing is attempted until somebody says so
)

// An Action is what somebody says about a lane in trouble.
type Action string

// The actions.
const (
	Retry  Action = "retry"  // attempt the head again, now
	Resume Action = "resume" // the same, of a lane that is held alone
	Skip   Action = "skip"   // give the head up, and go on
)

// A Query selects lanes of an account.
type Query struct {
	Kind   Kind  // of [Deliver] lanes those that are held alone
	State  State // empty for all that are in trouble
	Limit  int
	Cursor string
}

// A Page is a part of a list of lanes, with a cursor, empty after the last.
type Page struct {
	Lanes  []View
	Cursor string
}

// A View is how a lane stands.
type View struct {
	Account  string
	Kind     Kind
	ID       string // of the conversation, or of the job whose webhooks they are
	State    State
	Reason   string    // why it is in trouble
	Since    time.Time // it is in its state
	Waiting  int64     // jobs or events in it
	Head     string    // the job at its head
	Attempts int       // at the head, that have failed
	NextAt   time.Time // when the head is attempted again
	Endpoint string    // of a [Deliver] lane
}

// Errors about what somebody says.
var (
	ErrBusy       = errors.New("the head of the lane is being worked")
	ErrUntroubled = errors.New("the lane is not in trouble")
)
