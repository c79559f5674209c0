package jobs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
)

// Status is the state of a job. The four words are the wire's; clients refuse
// any other.
type Status string

// The states of a job.
const (
	Scheduled  Status = "scheduled"
	InProgress Status = "in_progress"
	Completed  Status = "completed"
	Failed     Status = "failed"
)

// Statuses lists every [Status], for label sets.
func Statuses() []Status { return []Status{Scheduled, InProgress, Completed, Failed} }

// ParseStatuses returns the statuses of so many words, each once and in their order, or
// nil if these are all. Its error is what is left of a sentence that begins with
// what the words are.
func ParseStatuses(words []string) ([]Status, error) {
	var chosen []Status
	for _, s := range Statuses() {
		if slices.Contains(words, string(s)) {
			chosen = append(chosen, s)
		}
	}
	strange := func(word string) bool { return !slices.Contains(Statuses(), Status(word)) }
	if len(words) == 0 || slices.ContainsFunc(words, strange) {
		return nil, fmt.Errorf("must name one or more of %s, %s, %s and %s", Scheduled, InProgress, Completed, Failed)
	}
	if len(chosen) == len(Statuses()) {
		return nil, nil
	}
	return chosen, nil
}

// Final reports whether a job in this state will never leave it.
func (s Status) Final() bool { return s == Completed || s == Failed }

// A Job is one accepted append.
type Job struct {
	ID             string // a UUID that carries its shard, see [NewID]
	Account        string
	ConversationID string
	Sequence       int64 // 1, 2, 3 … among the jobs of the conversation
	Status         Status
	Message        string               // why it failed; empty otherwise
	WebhookURL     string               // empty if the caller wants none
	WebhookEvents  []Status             // of which it is told, as [ParseStatuses] returns them; all if empty
	Keyed          bool                 // it was sent with an idempotency key
	Trace          string               // traceparent of the request that sent it; empty if that is not traced
	Options        analysis.Options     // zero once the job is final
	Utterances     []analysis.Utterance // nil then: the conversation has them
	Analyzers      []string             // see [analysis.Result]; nil until the job is completed

	AcceptedAt time.Time
	StartedAt  time.Time // zero until then
	FinishedAt time.Time // zero until then

	CancelledAt time.Time // zero if it was not: its text is gone, and it fails when its turn comes
}

// An Append is a request that passed validation.
type Append struct {
	Account        string
	ConversationID string // empty to begin a new conversation
	NewID          string // of the conversation to begin, else [ErrIDTaken]; a random one if empty
	WebhookURL     string
	WebhookEvents  []Status // of which it is told, as [ParseStatuses] returns them; all if empty
	Options        analysis.Options
	Utterances     []analysis.Utterance // at least one

	// Check, if not nil, refuses the append by what may have changed since an
	// equal one was accepted. A repetition under the same key is not checked.
	Check func(context.Context) error `json:"-"`

	// IdempotencyKey, if not empty, makes the append take effect once however
	// often it is sent within a day; Fingerprint is a digest of the request
	// that tells a repetition from another request under the same key.
	IdempotencyKey string
	Fingerprint    string
}

func (a Append) check(ctx context.Context) error {
	if a.Check == nil {
		return nil
	}
	return a.Check(ctx)
}
