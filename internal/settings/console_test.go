package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/webhook"
)

// The token of the operator is nobody else's, and --open has something to open.
func TestConsoleRules(t *testing.T) {
	t.Parallel()

	const canary = "canary0123456789"
	accounts := "--config=" + write(t, fmt.Sprintf("accounts: [{id: a, token_hashes: [%q], webhook_secrets: [%q]}]", account.HashToken(canary), webhook.NewSecret()))
	for want, args := range map[string][]string{
		"":                           {"--console-operator-token=" + canary},
		"is the token of an account": {accounts, "--console-operator-token=" + canary},
		"is the token of":            {"--token=" + canary, "--console-operator-token=" + canary},
		"want 16 characters":         {"--console-operator-token=canary"},
		"--open opens the console":   {"--open", "--console=false"},
	} {
		_, err := settings.Load(args, nil)
		if (err != nil) != (want != "") || err != nil && (!strings.Contains(err.Error(), want) || strings.Contains(err.Error(), canary)) {
			t.Errorf("Load(%v) = %v, want %q, without the token", args, err, want)
		}
	}
}
