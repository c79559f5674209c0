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

// An Entry is an account with the hashes of its tokens, as [HashToken] makes
// them.
type Entry struct {
	Account
	TokenHashes []string
}

// mistakes returns what is wrong with the entry. The texts contain neither a
// token hash nor a secret.
func (e Entry) mistakes() []error {
	var mistakes []error
	if !idForm.MatchString(e.ID) {
		mistakes = append(mistakes, fmt.Errorf(
			"id is %q, want 1 to 64 letters, digits, hyphens and underscores", e.ID))
	}
	if len(e.TokenHashes) == 0 {
		mistakes = append(mistakes, errors.New("token_hashes is empty, so nobody could use the account; add at least one hash"))
	}
	for i, h := range e.TokenHashes {
		if _, err := parseHash(h); err != nil {
			mistakes = append(mistakes, fmt.Errorf("token_hashes[%d] %w", i, err))
		}
	}
	for i, s := range e.WebhookSecrets {
		if _, err := webhook.ParseSecret(s); err != nil {
			mistakes = append(mistakes, fmt.Errorf("webhook_secrets[%d] is malformed: %w", i, err))
		}
	}
	if e.MaxConcurrentJobs < 0 {
		mistakes = append(mistakes, fmt.Errorf(
			"max_concurrent_jobs is %d, want 1 or more, or 0 for the setting of the process", e.MaxConcurrentJobs))
	}
	return mistakes
}

func parseHash(s string) (digest, error) {
	var d digest
	digits, prefixed := strings.CutPrefix(s, hashPrefix)
	sum, err := hex.DecodeString(digits)
	if !prefixed || err != nil || len(sum) != len(d) {
		return d, errors.New("is not a hash of a token, which is sha256: followed by 64 hexadecimal digits")
	}
	copy(d[:], sum)
	return d, nil
}
