package webhooks_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// TestSecretsCommands checks what each command about secrets sends and prints.
func TestSecretsCommands(t *testing.T) {
	t.Parallel()

	const made = "id      5f0c2c7e91d3\nscheme  v1\nsecret  whsec_shown  (not shown again)\n"
	clitest.Check(t, []clitest.Case{
		{
			Name: "secrets", Args: []string{"webhooks", "secrets"},
			Stdout: "ID            SCHEME  SOURCE         CREATED               EXPIRES  PUBLIC KEY\n" +
				"5f0c2c7e91d3  v1a     api            2026-03-01 10:00:00Z  -        whpk_k\n" +
				"0a7dc21f4be8  v1      configuration  -                     2026-03-02 10:00:00Z\n",
		},
		{Name: "secrets for programs", Args: []string{"webhooks", "secrets", "-o", "json"}, Stdout: clitest.SecretsDocument + "\n"},
		{Name: "rotation", Args: []string{"webhooks", "secrets", "rotate"}, Bodies: []string{`{"overlapSeconds":86400,"scheme":"v1"}`}, Stdout: made},
		{
			Name: "rotation at once", Args: []string{"webhooks", "secrets", "rotate", "--scheme", "v1a", "--overlap", "0s", "-o", "json"},
			Bodies: []string{`{"overlapSeconds":0,"scheme":"v1a"}`}, Stdout: clitest.SecretDocument + "\n",
		},
		{Name: "end", Args: []string{"webhooks", "secrets", "end", "5f0c2c7e91d3"}, Stdout: "ended 5f0c2c7e91d3\n"},
	})
}

func TestSecretsUsage(t *testing.T) {
	t.Parallel()

	tests := []struct{ args, message string }{
		{"webhooks", "what to do is missing: one of cancel, deliveries"},
		{"webhooks secrets rotate --overlap -1s", "--overlap is -1s, want 0s or more"},
		{"webhooks secrets end", "accepts 1 arg(s), received 0"},
	}
	for _, tt := range tests {
		got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": t.TempDir()}, "", strings.Fields(tt.args)...)
		if got.Code != exit.Usage || !strings.HasPrefix(got.Stderr, "enqueue: "+tt.message) {
			t.Errorf("enqueue %s = %+v, want code %d and %q", tt.args, got, exit.Usage, tt.message)
		}
	}
}
