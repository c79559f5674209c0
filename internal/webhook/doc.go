// Package webhook tells callers about their jobs: what an event is, how one
// attempt to deliver it is made, and when the next.
//
// An event is a change of a job's status. The events of a job stand in a
// deliver lane, so they are sent in order, one at a time; those of other jobs
// are not held up by them. Those that wait are claimed together, and each is
// sent once the one before is delivered. Delivery is at least once: a receiver
// may see an event again, always with the same id, and needs one rule to be
// right, which is to drop whatever is not above the last sequence it has stored
// for the job. An event that cannot be delivered is tried again with growing delays
// until it is given up; then it is dead, and a [GapPolicy] says what becomes of
// those behind it.
//
// The body and the headers follow the documented callback of the Async API and
// the Standard Webhooks specification, version 1.0.0. What is a success, what
// is tried again and what ends an event says [Sender.Send].
//
// The address that is really dialled is judged after DNS, on every attempt:
// see [Guard]. Redirects are never followed, and no proxy is taken from the
// environment.
//
// What the URLs of an account have in common is an [Endpoint]. One that does not answer
// is left alone but for probes, and one that is slow has few events in flight, so that it
// holds back no other: the store keeps its state and says which lane is next, and each
// [Settlement] says what an attempt told of it.
//
// The package knows neither jobs nor Redis nor asynq. What it needs of the
// lanes it names in [Lanes], which package store provides.
package webhook

import (
	"context"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// An Event is a change of a job's status that its caller wants to hear of.
type Event struct {
	Account        string
	JobID          string
	ConversationID string
	URL            string
	Status         string
	Sequence       int64 // 1, 2, 3 … per job
	OccurredAt     time.Time
	Trace          string // traceparent of what it belongs to, as its receiver is told; empty if that is not traced
	Replay         bool   // it is sent once more although it was given up or delivered
}

// A Claim is a claim of a deliver lane with the event at its head.
type Claim struct {
	lane.Claim
	Event Event
	Since time.Time // when the event was first attempted; zero if never
	Due   time.Time // since when this attempt was due; zero if that is not known

	Stored     string // the event as the store has it
	Keyed      bool   // its job was sent with an idempotency key
	Probe      bool   // its endpoint did not answer before
	Unreadable error  // why what is stored of the event cannot be read; nil if it can

	// Then is the event after it in the lane, under the same claim; nil if none
	// stood there. It may be sent once this one is delivered.
	Then *Claim
}

// Outcome says how an attempt ended, or that it has not.
type Outcome string

// The outcomes of an attempt.
const (
	Delivered Outcome = "delivered" // the event is done
	Retry     Outcome = "retry"     // it will be tried again
	Dead      Outcome = "dead"      // it is given up, the lane goes on
	InFlight  Outcome = "in_flight" // it is under way
	CutShort  Outcome = "cut_short" // nobody knows whether the receiver has it; it is tried again, at once
)

// AllOutcomes lists every [Outcome].
func AllOutcomes() []Outcome { return append(Outcomes(), InFlight, CutShort) }

// Outcomes lists those by which an event is settled, for label sets.
func Outcomes() []Outcome { return []Outcome{Delivered, Retry, Dead} }

// An Attempt is the record of one attempt, for the owner of the job: it names
// no address that a name resolved to. Durations are in milliseconds; those of
// the look-up, the connection and TLS are zero when a connection was there.
type Attempt struct {
	EventID   string    `json:"eventId"`
	Status    string    `json:"status"`
	Number    int       `json:"attempt"` // 1, 2, 3 … per event
	At        time.Time `json:"at"`
	Outcome   Outcome   `json:"outcome"`
	Code      int       `json:"code,omitzero"` // of the answer; 0 if there was none
	Error     string    `json:"error,omitempty"`
	Answer    string    `json:"answer,omitempty"` // its first KiB, from the 11th attempt on 128 bytes, as valid UTF-8
	DNS       float64   `json:"dnsMs"`
	Connect   float64   `json:"connectMs"`
	TLS       float64   `json:"tlsMs"`
	FirstByte float64   `json:"firstByteMs"` // from the start, as is Total
	Total     float64   `json:"totalMs"`
	NextAt    time.Time `json:"nextAt,omitzero"` // when it is tried again
}

// A Settlement says what becomes of an event after an attempt.
type Settlement struct {
	Outcome Outcome
	Delay   time.Duration // until the next attempt, if Retry
	Attempt Attempt       // kept with the job; the store fills in NextAt
	Class   Class
	Health  Health        // what it tells about the endpoint
	Hold    time.Duration // for which the endpoint asked to be left alone; zero if it did not
	Gap     GapPolicy     // what becomes of the events behind it, if Dead
}

// Lanes are the deliver lanes. Each method is one atomic step; those that take
// a claim return [lane.ErrStale], and change nothing, when it is lost.
type Lanes interface {
	// ClaimEvent claims the deliver lane of the shard that has been due
	// longest. It returns nil if none is due, or a [*lane.MendedError].
	ClaimEvent(ctx context.Context, shard int) (*Claim, lane.Wake, error)

	// SettleEvents ends the attempts at the event of c and at those that follow
	// on it, one each, of which all but the last one were delivered. A last one
	// that was [CutShort] is recorded, and does not count. With next
	// it claims the next event that is due: of the same lane, else of another
	// one of the shard.
	SettleEvents(ctx context.Context, c *Claim, run []Settlement, next bool) (*Claim, lane.Wake, error)

	// HoldEndpoint has an endpoint of an account be left alone in the shards other
	// than the one that knows it by a settlement.
	HoldEndpoint(ctx context.Context, account string, e Endpoint, known int, hold time.Duration) error

	// TellProbe tells the shards other than the one that has made it how a probe of an
	// endpoint ended: none makes its own while those of the one fail, and each does after
	// one that was answered. It returns in which the deliver lanes are to be rung for. Of
	// probes that fail the next one is told after the longest pause between them and later
	// at most; then the others make their own.
	TellProbe(ctx context.Context, account string, e Endpoint, made int, answered bool, later time.Duration) (ring []int, err error)

	// Renew starts the lease anew.
	Renew(ctx context.Context, c lane.Claim) error

	// Release gives the lane back untouched, due at once. The attempt does
	// not count.
	Release(ctx context.Context, c lane.Claim) (lane.Wake, error)
}
