package webhook

import (
	"errors"
	"time"
)

// DeliveryState says how the delivery of an event stands.
type DeliveryState string

// The states of a delivery.
const (
	StatePending   DeliveryState = "pending"   // it was not attempted yet
	StateRetrying  DeliveryState = "retrying"  // attempts have failed, another is due
	StateDelivered DeliveryState = "delivered" // its receiver has it
	StateDead      DeliveryState = "dead"      // it was given up
)

// A Delivery is an event and how it stands.
type Delivery struct {
	Event

	Endpoint  string // its id; empty if that is not known
	State     DeliveryState
	Attempts  int       // that are kept
	Last      *Attempt  // of them; nil in a list by endpoint
	NextAt    time.Time // when it is due, if it waits
	EndedAt   time.Time // when it was delivered or given up
	Why       string    // it was given up, in a word; see [Class]
	Halted    bool      // the events behind it wait for an operator
	Recorded  string    // its id as its attempts have it; empty if there is none
	AttemptsN []Attempt // in the answer for one delivery alone
}

// A DeliveryQuery selects deliveries: those of a job, of a conversation, or those of
// an endpoint that are in a state.
type DeliveryQuery struct {
	JobID          string
	ConversationID string
	Endpoint       string
	State          DeliveryState // with Endpoint: pending and retrying are one, as is the default
	From, To       time.Time     // when they were given up; of an endpoint's dead ones alone
	Limit          int
	Cursor         string // of the page before; empty for the first one
}

// Errors about what is to be steered.
var (
	ErrNoDelivery   = errors.New("there is no such delivery")
	ErrNoEndpoint   = errors.New("there is no such endpoint")
	ErrNoResend     = errors.New("there is no such resend")
	ErrStillTried   = errors.New("the event is still being tried")
	ErrUnrebuilt    = errors.New("what the event told cannot be put together any more")
	ErrBadCursor    = errors.New("the cursor is none of this list")
	ErrManyResends  = errors.New("the account has as many resends as it may have")
	ErrResendIsOver = errors.New("the resend is over")
)

// ResendState says how a resend stands.
type ResendState string

// The states of a resend.
const (
	ResendRunning   ResendState = "running"
	ResendDone      ResendState = "done"
	ResendCancelled ResendState = "cancelled"
)

// A Resend has the dead events of an account, or of one of its endpoints, sent again:
// in the order in which they were given up in each shard, and no faster than its rate.
type Resend struct {
	ID       string
	Account  string
	Endpoint string    // its id; empty for all
	Since    time.Time // when the events were given up, at the earliest; zero for any
	Until    time.Time // and at the latest: those given up anew are not sent again
	Rate     int       // events a second
	State    ResendState
	Created  time.Time
	Ended    time.Time // zero while it runs
	Sent     int64     // events that stand in their lanes again
	Left     int64     // that are to follow, as far as they are still kept
	Shard    int       // whose turn it is
	Dry      []int     // shards that have no more
}
