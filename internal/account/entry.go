package account

import (
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/turnwise/turnwise/internal/webhook"
)

var idForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// MaxWeight is the most that an account may weigh, see [Account].
const MaxWeight = 100

// An Entry is an account with the hashes of its tokens and of its
// application's secrets, as [HashToken] makes them.
type Entry struct {
	Account

	TokenHashes []string

	// AppID names the account's application, which may ask for tokens that
	// expire. Empty if there is none.
	AppID           string
	AppSecretHashes []string // several while one is replaced by another
}

// mistakes returns what is wrong with the entry. The texts contain neither a
// hash nor a secret.
func (e Entry) mistakes() []error {
	var mistakes []error
	add := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	if !idForm.MatchString(e.ID) {
		add("id is %q, want 1 to 64 letters, digits, hyphens and underscores", e.ID)
	}
	if len(e.TokenHashes) == 0 && e.AppID == "" {
		add("token_hashes is empty and there is no app_id, so nobody could use the account; add at least one hash, or an app")
	}
	for i, h := range e.TokenHashes {
		if _, err := parseHash(h); err != nil {
			add("token_hashes[%d] %w", i, err)
		}
	}
	for i, s := range e.WebhookSecrets {
		if _, err := webhook.ParseSecret(s); err != nil {
			add("webhook_secrets[%d] is malformed: %w", i, err)
		}
	}
	if e.MaxConcurrentJobs < 0 {
		add("max_concurrent_jobs is %d, want 1 or more, or 0 for the setting of the process", e.MaxConcurrentJobs)
	}
	if e.MaxPendingJobs < 0 {
		add("max_pending_jobs is %d, want 1 or more, or 0 for the setting of the process", e.MaxPendingJobs)
	}
	if e.MaxRequestRate < 0 {
		add("max_requests_per_second is %d, want 1 or more, or 0 for the setting of the process", e.MaxRequestRate)
	}
	if e.Weight < 0 || e.Weight > MaxWeight {
		add("weight is %d, want 1 to %d", e.Weight, MaxWeight)
	}
	if e.ImportStatus != "" && e.ImportStatus != CompletedWords && e.ImportStatus != FinishedWords {
		add("import_status is %q, want %s or %s, or nothing for the setting of the process", e.ImportStatus, CompletedWords, FinishedWords)
	}
	return append(mistakes, e.appMistakes()...)
}

// appMistakes returns what is wrong with the application.
func (e Entry) appMistakes() []error {
	var mistakes []error
	add := func(format string, args ...any) { mistakes = append(mistakes, fmt.Errorf(format, args...)) }
	switch {
	case e.AppID == "" && len(e.AppSecretHashes) > 0:
		add("app_secret_hashes has no app_id beside it; add the id that the secrets belong to")
	case e.AppID != "" && len(e.AppSecretHashes) == 0:
		add("app_id has no app_secret_hashes beside it, so nobody could ask for its tokens; add at least one hash")
	}
	if e.AppID != "" && !idForm.MatchString(e.AppID) {
		add("app_id is %q, want 1 to 64 letters, digits, hyphens and underscores", e.AppID)
	}
	for i, h := range e.AppSecretHashes {
		if _, err := parseHash(h); err != nil {
			add("app_secret_hashes[%d] %w", i, err)
		}
	}
	return mistakes
}

func parseHash(s string) (digest, error) {
	var d digest
	digits, prefixed := strings.CutPrefix(s, hashPrefix)
	sum, err := hex.DecodeString(digits)
	if !prefixed || err != nil || len(sum) != len(d) {
		return d, errors.New("is not a hash, which is sha256: followed by 64 hexadecimal digits")
	}
	copy(d[:], sum)
	return d, nil
}
