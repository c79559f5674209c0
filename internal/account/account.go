package account

import (
	"fmt"
	"io"
	"log/slog"
)

// An Account owns conversations, jobs and webhooks. It does not print its
// secrets.
type Account struct {
	ID                string
	WebhookSecrets    []string // each whsec_…; webhooks are signed with all of them
	MaxConcurrentJobs int      // unfinished jobs at a time; 0 stands for any number
	MaxPendingJobs    int      // likewise, about, if MaxConcurrentJobs is 0; 0 stands for any number
	WebhookGap        string   // what becomes of the webhooks of a job behind one that is given up, see package webhook
	WebhookEvents     []string // the changes of a job of which its webhooks tell, where a submission does not choose; all if empty
	OnFailure         string   // what becomes of a conversation of which a job has failed for good; empty for [ContinueOnFailure]
	MaxRequestRate    int      // requests a second to one process; 0 stands for any number
	Weight            int      // its part of the work beside others, which have 1; 0 stands for 1
	StrictTypes       bool     // answers have the types of clients that were generated, not those of the documents
	ImportStatus      string   // words for the status of an import, [CompletedWords] or [FinishedWords]; empty for the former
}

// What becomes of a conversation of which a job has failed for good.
const (
	ContinueOnFailure = "continue" // the next job goes on
	HoldOnFailure     = "hold"     // the job stays at its head, and waits for somebody
)

// The words by which the documents of Attention tell the status of an import.
const (
	CompletedWords = "completed" // completed, pending, failed
	FinishedWords  = "FINISHED"  // FINISHED, PENDING, FAILED
)

// String returns the id.
func (a Account) String() string { return a.ID }

// Format writes the id, whatever the verb.
func (a Account) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.ID) }

// LogValue returns the id.
func (a Account) LogValue() slog.Value { return slog.StringValue(a.ID) }
