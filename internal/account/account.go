// Package account knows who may use the service: which accounts there are and
// which tokens are theirs.
//
// A token is a random string that is shown once. What is kept is its SHA-256,
// which needs no salt and no slow hash because a token cannot be guessed; see
// [NewToken]. The accounts of a process are fixed when it starts.
//
// The package knows neither HTTP, where tokens come from, nor the
// configuration file, where accounts do.
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
	MaxConcurrentJobs int      // unfinished jobs at a time; 0 stands for the setting of the process
}

// String returns the id.
func (a Account) String() string { return a.ID }

// Format writes the id, whatever the verb.
func (a Account) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.ID) }

// LogValue returns the id.
func (a Account) LogValue() slog.Value { return slog.StringValue(a.ID) }
