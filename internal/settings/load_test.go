package settings_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/webhook"
)

func defaults() settings.Settings {
	return settings.Settings{
		Roles: settings.Roles(), Listen: "127.0.0.1:8080", OpsListen: "127.0.0.1:8081", DataDir: tryout.DefaultDir(),
		Embedded: "auto", Lease: 4 * time.Second,
		JobBackoffInitial: time.Second, JobBackoffMax: time.Minute, JobMaxAttempts: 5, JobOnFailure: "continue", JobRetention: 720 * time.Hour,
		MaxPendingPerConversation: 10_000, MaxPendingJobs: 100_000, MaxRequestRate: 1000, TokenTTL: 24 * time.Hour, AnalyzerTimeout: 30 * time.Second,
		ModelTimeout: 30 * time.Second, ModelConcurrency: 8,
		WebhookConcurrency: 64, WebhookTimeout: 15 * time.Second, WebhookBackoffInitial: 5 * time.Second,
		ImportStatus: "completed", WebhookBackoffMax: 6 * time.Hour, WebhookMaxElapsed: 72 * time.Hour, WebhookGap: "continue", WebhookEndpointConcurrency: 128,
		WebhookBreakerFailures: 5, WebhookBreakerRatio: 50, WebhookBreakerWindow: 2 * time.Minute, WebhookBreakerMaxPause: 2 * time.Minute,
		ShutdownGrace: 10 * time.Second, LogLevel: slog.LevelInfo, LogFormat: "text", Console: true,
	}
}

func TestLoadDefaults(t *testing.T) {
	t.Parallel()

	got, err := settings.Load(nil, nil)
	if err != nil || !reflect.DeepEqual(got, defaults()) {
		t.Errorf("Load() = %v, %v; want %v", got, err, defaults())
	}
}

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "turnwise.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadLaysSourcesOverEachOther(t *testing.T) {
	t.Parallel()

	path := write(t, `
lease: 5s
shards: 4
log_level: debug
allow_eviction: true
roles: [worker, api]
webhook_allow_cidrs: [10.1.2.3/8, "fd00::/8"]
redis_url: redis://file/1
`)
	got, err := settings.Load(
		[]string{"--lease=7s", "--data-dir", "/flag", "--allow-eviction=false", "--log-format=json"},
		[]string{"TURNWISE_CONFIG=" + path, "TURNWISE_LEASE=6s", "TURNWISE_SHARDS=8", "TURNWISE_LOG_LEVEL=", "TURNWISE_PORT=tcp://10.0.0.1", "SHARDS=9"},
	)
	want := defaults()
	want.Config, want.DataDir = path, "/flag"
	want.Lease = 7 * time.Second // flag over variable over file
	want.Shards = 8              // variable over file
	want.LogLevel = slog.LevelDebug
	want.Roles = []settings.Role{settings.Worker, settings.API}
	want.WebhookAllowCIDRs = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}
	want.RedisURL, want.LogFormat = "redis://file/1", "json"
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Load() = %v, %v; want %v", got, err, want)
	}
}

func TestLoadPrefersTheFileOfTheFlag(t *testing.T) {
	t.Parallel()

	got, err := settings.Load([]string{"--config", write(t, "shards: 2")}, []string{"TURNWISE_CONFIG=/nowhere.yaml"})
	if err != nil || got.Shards != 2 {
		t.Errorf("Load() = %d shards, %v; want 2 from the file that the flag names", got.Shards, err)
	}
}

func TestLoadAccounts(t *testing.T) {
	t.Parallel()

	own, common := webhook.NewSecret(), webhook.NewSecret()
	path := write(t, fmt.Sprintf(`
listen: 0.0.0.0:8080
max_concurrent_jobs: 9
import_status: FINISHED
webhook_events: "completed"
accounts:
  - id: one
    token_hashes: [%q]
    webhook_secrets: [%q]
    max_concurrent_jobs: 3
    max_pending_jobs: 5
    webhook_gap: halt
    webhook_events: [completed, failed]
    on_failure: hold
    max_requests_per_second: 20
    weight: 2
    strict_types: true
    import_status: completed
    app_id: "1"
    app_secret_hashes: [%q]
  - id: two
    token_hashes:
      - %q
`, account.HashToken("a"), own, account.HashToken("c"), account.HashToken("b")))
	got, err := settings.Load([]string{"--config=" + path, "--webhook-secret=" + common, "--token-keys=" + account.NewKey()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []account.Entry{
		{
			Account:     account.Account{ID: "one", WebhookSecrets: []string{own}, MaxConcurrentJobs: 3, MaxPendingJobs: 5, WebhookGap: "halt", WebhookEvents: []string{"completed", "failed"}, OnFailure: "hold", MaxRequestRate: 20, Weight: 2, StrictTypes: true, ImportStatus: "completed"},
			TokenHashes: []string{account.HashToken("a")},
			AppID:       "1", AppSecretHashes: []string{account.HashToken("c")},
		},
		{
			Account:     account.Account{ID: "two", WebhookSecrets: []string{common}, MaxConcurrentJobs: 9, MaxPendingJobs: 100_000, WebhookGap: "continue", WebhookEvents: []string{"completed"}, OnFailure: "continue", MaxRequestRate: 1000, ImportStatus: "FINISHED"},
			TokenHashes: []string{account.HashToken("b")},
		},
	}
	if got.TryOut() || !reflect.DeepEqual(got.Accounts, want) {
		t.Errorf("Accounts = %v, want one with its own secret, limit and gap policy, two with the common ones", got.Accounts)
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()

	if _, err := settings.Load([]string{"--help"}, nil); !errors.Is(err, pflag.ErrHelp) {
		t.Errorf("Load(--help): %v, want %v", err, pflag.ErrHelp)
	}
	got, err := settings.Load([]string{"--version"}, []string{"TURNWISE_SHARDS=x"})
	if err != nil || !got.Version {
		t.Errorf("Load(--version) = %t, %v; want it to work with broken settings too", got.Version, err)
	}
	got, err = settings.Load([]string{"--demo"}, nil)
	if err != nil || !got.Demo {
		t.Errorf("Load(--demo) = %t, %v", got.Demo, err)
	}
}

func TestEachMistakeIsNamed(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name string
		args []string
		want string
	}{
		{"number", []string{"--shards=many"}, `shards (--shards, TURNWISE_SHARDS) is "many", from the command line: want a whole number from 0 to 4096`},
		{"too many shards", []string{"--shards=4097"}, "from 0 to 4096"},
		{"less than no shard", []string{"--shards=-1"}, "from 0 to 4096"},
		{"no unit", []string{"--lease=4"}, "want a number with a unit"},
		{"short lease", []string{"--lease=499ms"}, "want a duration from 500ms"},
		{"negative", []string{"--webhook-timeout=-1s"}, "want a duration from"},
		{"negative limit", []string{"--max-concurrent-jobs=-1"}, "want a whole number from 0"},
		{"no attempt", []string{"--job-max-attempts=0"}, "want a whole number from 1"},
		{"address", []string{"--listen=8080"}, "want host:port"},
		{"port", []string{"--listen=127.0.0.1:http"}, "the port must be a number"},
		{"large port", []string{"--ops-listen=127.0.0.1:65536"}, "the port must be a number"},
		{"same address", []string{"--ops-listen=127.0.0.1:8080"}, "listen is 127.0.0.1:8080 and ops_listen 127.0.0.1:8080"},
		{"role", []string{"--roles=api,cook"}, `"cook" is no role`},
		{"no role", []string{"--roles="}, "want one or more of api"},
		{"part of the roles without Redis", []string{"--roles=api"}, "nobody would do the rest"},
		{"part of the roles in the demo", []string{"--roles=api", "--redis-url=redis://h", "--demo"}, "--demo shows the whole way"},
		{"embedded", []string{"--embedded=disk"}, "want auto, memory or redis"},
		{"log level", []string{"--log-level=loud"}, "want debug, info, warn or error"},
		{"log format", []string{"--log-format=xml"}, "want text or json"},
		{"bool", []string{"--allow-eviction=perhaps"}, "want true or false"},
		{"network", []string{"--webhook-allow-cidrs=10.0.0.0/8,10.1.1.1"}, `"10.1.1.1" is no network`},
		{"Redis URL", []string{"--redis-url=http://h"}, "its scheme is unknown"},
		{"analyzer", []string{"--analyzer-url=localhost:9000"}, "want a URL that begins with http://"},
		{"model server", []string{"--model-url=localhost:11434", "--chat-model=m"}, "want a URL that begins with http://"},
		{"model key", []string{"--model-url=http://m/v1", "--chat-model=m", "--model-key=two words"}, "want visible ASCII"},
		{"embedding model without a server", []string{"--embedding-model=m"}, "model_url (--model-url, TURNWISE_MODEL_URL) is empty"},
		{"chat model without a server", []string{"--chat-model=m"}, "model_url (--model-url, TURNWISE_MODEL_URL) is empty"},
		{"server without a model", []string{"--model-url=http://m/v1"}, "neither embedding_model nor chat_model is"},
		{"key without a server", []string{"--model-key=k"}, "model_key (--model-key, TURNWISE_MODEL_KEY) has no effect"},
		{"two that find tasks", []string{"--model-url=http://m/v1", "--chat-model=m", "--analyzer-url=http://a"}, "both would find action items"},
		{"no call at once", []string{"--model-concurrency=0"}, "want a whole number from 1"},
		{"token", []string{"--token=two words, or more"}, "want visible ASCII"},
		{"short token", []string{"--token=fifteen.letters"}, "want 16 characters or more"},
		{"file of a secret", []string{"--token-file=/nowhere"}, `token_file (--token-file, TURNWISE_TOKEN_FILE) is "/nowhere", from the command line: the file cannot be read`},
		{"empty file of a secret", []string{"--token-keys-file=/dev/null"}, "the file is empty"},
		{"secret beside its file", []string{"--model-key=k", "--model-key-file=/dev/null", "--model-url=http://m/v1", "--chat-model=m"}, "model_key is set as well; leave one of them out"},
		{"host", []string{"--ops-hosts=worker:8081"}, `"worker:8081" is no name of a host`},
		{"token key", []string{"--token-keys=" + account.NewKey() + ",c2hvcnQ="}, "a token key must be 32 or more random bytes in base64"},
		{"short life of tokens", []string{"--token-ttl=59s"}, "want a duration from 1m0s"},
		{"origin without a scheme", []string{"--cors-origins=*,app.example.com"}, `"app.example.com" is no origin`},
		{"origin with a path", []string{"--cors-origins=https://app.example.com/"}, `"https://app.example.com/" is no origin`},
		{"pattern of origins", []string{"--cors-origins=https://*.example.com"}, `"https://*.example.com" is no origin`},
		{"webhook secret", []string{"--webhook-secret=hunter2"}, "a webhook secret must be whsec_"},
		{"job backoff", []string{"--job-backoff-initial=2m"}, "job_backoff_initial is 2m0s, which is longer than job_backoff_max, 1m0s"},
		{"webhook backoff", []string{"--webhook-backoff-max=1s"}, "webhook_backoff_initial is 5s, which is longer than webhook_backoff_max, 1s"},
		{"all interfaces", []string{"--listen=:8080"}, "listening on :8080 without accounts is refused"},
		{"public address", []string{"--listen=192.0.2.1:8080"}, "without accounts is refused; configure accounts, or listen on 127.0.0.1"},
		{"unknown flag", []string{"--lisen=x"}, "unknown flag: --lisen; --help lists"},
		{"argument", []string{"serve"}, `the argument "serve" is one too many`},
		{"no file", []string{"--config=/nowhere.yaml"}, "the file /nowhere.yaml cannot be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			_, err := settings.Load(tt.args, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("Load(%q): %v, want a mistake with %q", tt.args, err, tt.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("Load(%q) found more than one mistake: %v", tt.args, err)
			}
		})
	}
}

// Without a home there is no place that lasts: what would be kept is refused,
// and who keeps nothing needs none.
func TestDataNeedsAPlace(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_STATE_HOME", "")
	accounts := fmt.Sprintf("accounts: [{id: one, token_hashes: [%q], webhook_secrets: [%q]}]", account.HashToken("a"), webhook.NewSecret())
	file, named := "TURNWISE_CONFIG="+write(t, accounts), t.TempDir()
	tests := []struct {
		name    string
		environ []string
		dir     string
		refused bool
	}{
		{name: "try-out", refused: true},
		{name: "try-out in memory", environ: []string{"TURNWISE_EMBEDDED=memory"}, refused: true},
		{name: "try-out on a Redis", environ: []string{"TURNWISE_REDIS_URL=redis://127.0.0.1"}, refused: true},
		{name: "accounts, its own Redis", environ: []string{file}, refused: true},
		{name: "accounts, in memory", environ: []string{file, "TURNWISE_EMBEDDED=memory"}},
		{name: "accounts, on a Redis", environ: []string{file, "TURNWISE_REDIS_URL=redis://127.0.0.1"}},
		{name: "told where", environ: []string{"TURNWISE_DATA_DIR=" + named}, dir: named},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := settings.Load(nil, tt.environ)
			if (err != nil) != tt.refused || got.DataDir != tt.dir {
				t.Errorf("Load = data_dir %q, %v; want %q, refused: %t", got.DataDir, err, tt.dir, tt.refused)
			}
			if err != nil && (!strings.Contains(err.Error(), "TURNWISE_DATA_DIR") || !strings.Contains(err.Error(), "HOME")) {
				t.Errorf("the error does not say what to do: %v", err)
			}
		})
	}
}

func TestLoopbackNeedsNoAccounts(t *testing.T) {
	t.Parallel()

	for _, address := range []string{"127.0.0.1:0", "127.9.9.9:80", "[::1]:80", "localhost:80", "[::ffff:127.0.0.1]:80"} {
		if _, err := settings.Load([]string{"--listen=" + address}, nil); err != nil {
			t.Errorf("Load(--listen=%s): %v", address, err)
		}
	}
	_, err := settings.Load([]string{"--listen=:8080", "--roles=worker,dispatcher", "--redis-url=redis://h"}, nil)
	if err != nil {
		t.Errorf("a process without the API listens nowhere, but: %v", err)
	}
}

func TestMistakesOfTheFile(t *testing.T) {
	t.Parallel()

	hash, secret := account.HashToken("a"), webhook.NewSecret()
	good := "\n    token_hashes: [\"" + hash + "\"]\n    webhook_secrets: [\"" + secret + "\"]\n"
	tests := []struct{ name, file, want string }{
		{"unknown", "leese: 4s", `"leese" in`},
		{"flag's spelling", "log-level: info", `"log-level" in`},
		{"the file itself", "config: other.yaml", `"config" in`},
		{"nested", "lease: {seconds: 4}", "lease in"},
		{"not YAML", "lease: [", "cannot be read"},
		{"not a mapping", "- lease", "cannot be read"},
		{"twice", "lease: 4s\nlease: 5s", "cannot be read"},
		{"number without unit", "lease: 4", `lease (--lease, TURNWISE_LEASE) is "4", from`},
		{"empty", "lease:", `is ""`},
		{"accounts not a list", "accounts: {id: x}", "accounts in"},
		{"account not a mapping", "accounts: [canary]", "accounts[0] in"},
		{"unknown in account", "accounts:\n  - id: x\n    tokens: [canary]" + good, "accounts[0].tokens in"},
		{"id not a text", "accounts:\n  - id: 5" + good, "accounts[0].id in"},
		{"id", "accounts:\n  - id: a/b" + good, `accounts[0]: id is "a/b"`},
		{"id twice", "accounts:\n  - id: x" + good + "  - id: x" + good, "accounts[1]: the id x is that of accounts[0]"},
		{"token twice", "accounts:\n  - id: x" + good + "  - id: y" + good, "is a token of accounts[0] already"},
		{"hash", "accounts:\n  - {id: x, token_hashes: [canary], webhook_secrets: [" + secret + "]}", "token_hashes[0] is not a hash"},
		{"hashes not a list", "accounts:\n  - {id: x, token_hashes: canary, webhook_secrets: [" + secret + "]}", "accounts[0].token_hashes in"},
		{"app without keys", "accounts:\n  - id: x\n    app_id: \"1\"\n    app_secret_hashes: [\"" + hash + "\"]" + good, "accounts[0] in"},
		{"app without a secret", "accounts:\n  - id: x\n    app_id: \"1\"" + good, "app_id has no app_secret_hashes beside it"},
		{"secret without an app", "accounts:\n  - id: x\n    app_secret_hashes: [\"" + hash + "\"]" + good, "app_secret_hashes has no app_id beside it"},
		{"app id", "accounts:\n  - id: x\n    app_id: a/b\n    app_secret_hashes: [\"" + hash + "\"]" + good, `app_id is "a/b"`},
		{"app secret not hashed", "accounts:\n  - id: x\n    app_id: ab\n    app_secret_hashes: [canary]" + good, "app_secret_hashes[0] is not a hash"},
		{"no hash", "accounts:\n  - {id: x, webhook_secrets: [" + secret + "]}", "token_hashes is empty"},
		{"secret", "accounts:\n  - {id: x, token_hashes: [\"" + hash + "\"], webhook_secrets: [whsec_canary]}", "webhook_secrets[0] is malformed"},
		{"no secret", "accounts:\n  - {id: x, token_hashes: [\"" + hash + "\"]}", "could not be signed"},
		{"limit", "accounts:\n  - id: x\n    max_concurrent_jobs: some" + good, "accounts[0].max_concurrent_jobs in"},
		{"chosen events", "accounts:\n  - id: x\n    webhook_events: [done]" + good, "accounts[0].webhook_events in"},
		{"no chosen events", "accounts:\n  - id: x\n    webhook_events: []" + good, "accounts[0].webhook_events in"},
		{"failure policy", "accounts:\n  - id: x\n    on_failure: stop" + good, "accounts[0].on_failure in"},
		{"gap policy", "accounts:\n  - id: x\n    webhook_gap: stop" + good, "accounts[0].webhook_gap in"},
		{"negative limit", "accounts:\n  - id: x\n    max_concurrent_jobs: -1" + good, "max_concurrent_jobs is -1"},
		{"token of the try-out", "token: canary\naccounts:\n  - id: x" + good, "has no effect with accounts"},
		{"no accounts after all", "accounts: []\nlisten: 0.0.0.0:80", "without accounts is refused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			path := write(t, tt.file)
			_, err := settings.Load([]string{"--config", path}, nil)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), path) && !strings.Contains(tt.want, "accounts") {
				t.Fatalf("Load: %v, want a mistake with %q", err, tt.want)
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error contains a secret: %v", err)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	t.Parallel()

	_, err := settings.Load(
		[]string{"--shards=x", "--roles=cook", "--nonsense"},
		[]string{
			"TURNWISE_LEASE=1ms", "TURNWISE_REDIS_URL=http://:canary@h", "TURNWISE_WEBHOOK_SECRET=canary",
			"TURNWISE_CONFIG=" + write(t, "unknown: 1\nlog_level: loud\nlisten: 0.0.0.0:80\njob_backoff_initial: 1h\n"),
		},
	)
	if err == nil {
		t.Fatal("Load found no mistake")
	}
	for _, want := range []string{
		"there are 10 mistakes",
		"listening on 0.0.0.0:80 without accounts",
		"job_backoff_initial is 1h0m0s",
		`shards (--shards, TURNWISE_SHARDS) is "x", from the command line`,
		`roles (--roles, TURNWISE_ROLES) is "cook", from the command line`,
		"unknown flag: --nonsense",
		`lease (--lease, TURNWISE_LEASE) is "1ms", from the environment`,
		`redis_url (--redis-url, TURNWISE_REDIS_URL) is "http://redacted@h", from the environment`,
		`webhook_secret (--webhook-secret, TURNWISE_WEBHOOK_SECRET) is "[redacted]", from the environment`,
		`"unknown" in`, `log_level (--log-level, TURNWISE_LOG_LEVEL) is "loud", from`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q", want)
		}
	}
	if t.Failed() || strings.Contains(err.Error(), "canary") {
		t.Errorf("error:\n%v", err)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()

	const canary = "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5"
	path := write(t, "accounts:\n  - {id: x, token_hashes: [\""+account.HashToken("a")+"\"], webhook_secrets: [whsec_"+canary+"]}")
	var out bytes.Buffer
	for _, args := range [][]string{
		{"--config=" + path, "--webhook-secret=whsec_" + canary, "--redis-url=redis://:" + canary + "@h", "--analyzer-url=http://u:" + canary + "@h"},
		{"--model-url=http://u:" + canary + "@h/v1", "--model-key=" + canary, "--chat-model=m"},
		{"--token=" + canary, "--token-keys=" + canary + canary},
	} {
		s, err := settings.Load(args, nil)
		if err != nil {
			t.Fatal(err)
		}
		log := slog.New(slog.NewJSONHandler(&out, nil))
		log.Info("m", slog.Any("settings", s), slog.Any("pointer", &s))
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%q"} {
			fmt.Fprintf(&out, verb+verb+verb, s, &s, s.Accounts)
		}
	}
	if strings.Contains(out.String(), canary) {
		t.Errorf("a secret was printed: %s", out.String())
	}
	if !strings.Contains(out.String(), `"lease":"4s"`) || !strings.Contains(out.String(), "redis_url=redis://redacted@h") {
		t.Errorf("the settings are not there: %s", out.String())
	}
}

func TestUsageNamesEverySetting(t *testing.T) {
	t.Parallel()

	usage := settings.Usage()
	for _, want := range []string{"--webhook-allow-cidrs list", "[TURNWISE_WEBHOOK_ALLOW_CIDRS]", "--demo", "--version", "(default 4s)", "--lease duration"} {
		if !strings.Contains(usage, want) {
			t.Errorf("the usage text lacks %q", want)
		}
	}
	if slices.Contains(strings.Fields(usage), "--accounts") {
		t.Error("accounts cannot be a flag")
	}
}

// What answers no requests signs no tokens, so it needs no keys.
func TestOnlyTheAPINeedsTokenKeys(t *testing.T) {
	t.Parallel()

	path := write(t, fmt.Sprintf("redis_url: redis://h\naccounts:\n  - id: x\n    app_id: a\n    app_secret_hashes: [%q]\n    webhook_secrets: [%q]",
		account.HashToken("s"), webhook.NewSecret()))
	if _, err := settings.Load([]string{"--config", path, "--roles=worker"}, nil); err != nil {
		t.Errorf("Load for a worker: %v", err)
	}
	_, err := settings.Load([]string{"--config", path}, nil)
	if err == nil || !strings.Contains(err.Error(), "accounts[0] in "+path+" has an app_id, but token_keys (--token-keys, TURNWISE_TOKEN_KEYS) is empty") {
		t.Errorf("Load for the API: %v, want it to ask for token keys", err)
	}
}

func TestListsOfCallers(t *testing.T) {
	t.Parallel()

	key := account.NewKey()
	got, err := settings.Load([]string{"--cors-origins=https://a.example, http://localhost:3000"}, []string{"TURNWISE_TOKEN_KEYS=" + key + "," + key})
	if err != nil || !slices.Equal(got.CORSOrigins, []string{"https://a.example", "http://localhost:3000"}) || len(got.TokenKeys) != 2 {
		t.Errorf("Load() = %v, %v; want two origins and two keys", got.CORSOrigins, err)
	}
}
