package settings_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/webhook"
)

// Each setting with a secret may be read from a file that a flag, a variable or
// the configuration file names.
func TestSecretsFromFiles(t *testing.T) {
	t.Parallel()

	key, other, secret := account.NewKey(), account.NewKey(), webhook.NewSecret()
	model := []string{"TURNWISE_MODEL_URL=http://m/v1", "TURNWISE_CHAT_MODEL=m"}
	tests := []struct {
		key, content string
		env          []string
		read         func(settings.Settings) any
		want         any
	}{
		{"token", "tw_0123456789abcdef\n", nil, func(s settings.Settings) any { return s.Token }, "tw_0123456789abcdef"},
		{"console_operator_token", "the-operator-has-this\n", nil, func(s settings.Settings) any { return s.ConsoleOperatorToken }, "the-operator-has-this"},
		{"token_keys", key + "\r\n" + other + "\n\n", nil, func(s settings.Settings) any { return s.TokenKeys }, []string{key, other}},
		{"webhook_secret", secret, nil, func(s settings.Settings) any { return s.WebhookSecret }, secret},
		{"webhook_secret_keys", key + "\n" + other, nil, func(s settings.Settings) any { return s.WebhookSecretKeys }, []string{key, other}},
		{"model_key", "k", model, func(s settings.Settings) any { return s.ModelKey }, "k"},
		{"redis_url", "redis://:pw@h:1\n", nil, func(s settings.Settings) any { return s.RedisURL }, "redis://:pw@h:1"},
		{"analyzer_url", " http://u:pw@a/ \n", nil, func(s settings.Settings) any { return s.AnalyzerURL }, "http://u:pw@a/"},
		{"model_url", "http://u:pw@m/v1", model[1:], func(s settings.Settings) any { return s.ModelURL }, "http://u:pw@m/v1"},
	}
	for _, tt := range tests {
		t.Run(tt.key, func(t *testing.T) {
			t.Parallel()

			path := write(t, tt.content)
			flag := "--" + strings.ReplaceAll(tt.key, "_", "-") + "-file=" + path
			config := "--config=" + write(t, tt.key+"_file: "+path)
			variable := "TURNWISE_" + strings.ToUpper(tt.key) + "_FILE=" + path
			for _, from := range []struct{ args, env []string }{
				{[]string{flag}, tt.env}, {nil, append(slices.Clone(tt.env), variable)}, {[]string{config}, tt.env},
			} {
				s, err := settings.Load(from.args, from.env)
				if err != nil || !reflect.DeepEqual(tt.read(s), tt.want) {
					t.Errorf("Load(%v, %v) = %v, %v; want what the file holds", from.args, from.env, s, err)
				}
				if len(s.Warnings) > 0 {
					t.Errorf("Load(%v, %v) warns: %q", from.args, from.env, s.Warnings)
				}
			}
		})
	}
	tested := map[string]bool{}
	for _, tt := range tests {
		tested[tt.key] = true
	}
	for line := range strings.SplitSeq(settings.Table(), "\n") {
		name, _, named := strings.Cut(strings.TrimPrefix(line, "| `TURNWISE_"), "_FILE`")
		if named && !tested[strings.ToLower(name)] {
			t.Errorf("%s_FILE is not tested", name)
		}
	}
}

// Where other users of the machine can read secrets is told, without them.
func TestWarningsOfSecrets(t *testing.T) {
	t.Parallel()

	const canary = "canary0123456789"
	accounts := fmt.Sprintf("accounts: [{id: a, token_hashes: [%q], webhook_secrets: [%q]}]", account.HashToken("x"), webhook.NewSecret())
	file := func(content string, mode os.FileMode) string {
		path := filepath.Join(t.TempDir(), "turnwise.yaml")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		return "--config=" + path
	}
	tests := []struct {
		name string
		args []string
		env  []string
		want string // none if empty
	}{
		{"token on the command line", []string{"--token=" + canary}, nil, "token was given on the command line, which other users of the machine can see; use TURNWISE_TOKEN or TURNWISE_TOKEN_FILE"},
		{"password on the command line", []string{"--redis-url=redis://:" + canary + "@h"}, nil, "redis_url was given on the command line"},
		{"no password on the command line", []string{"--redis-url=redis://h"}, nil, ""},
		{"token in a variable", nil, []string{"TURNWISE_TOKEN=" + canary}, ""},
		{"token in a readable file", []string{file("token: "+canary, 0o644)}, nil, "holds secrets, and other users of the machine can read it; run chmod o-r on it"},
		{"token in a private file", []string{file("token: "+canary, 0o640)}, nil, ""},
		{"accounts in a readable file", []string{file(accounts, 0o604)}, nil, "holds secrets"},
		{"nothing secret in a readable file", []string{file("lease: 5s", 0o644)}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			s, err := settings.Load(tt.args, tt.env)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(s.Warnings, "; ")
			if !strings.Contains(got, tt.want) || tt.want == "" && got != "" || strings.Contains(got, canary) {
				t.Errorf("warned %q, want %q", got, tt.want)
			}
		})
	}
}
