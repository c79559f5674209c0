package account_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/webhook"
)

func entry(id string, tokens ...string) account.Entry {
	e := account.Entry{Account: account.Account{ID: id}}
	for _, token := range tokens {
		e.TokenHashes = append(e.TokenHashes, account.HashToken(token))
	}
	return e
}

func TestDirectoryFindsByToken(t *testing.T) {
	t.Parallel()

	dir, err := account.NewDirectory(entry("one", "tw_a", "tw_b"), entry("two", "tw_c"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, token, want string }{
		{name: "first", token: "tw_a", want: "one"},
		{name: "second of the same account", token: "tw_b", want: "one"},
		{name: "other account", token: "tw_c", want: "two"},
		{name: "unknown", token: "tw_d"},
		{name: "empty", token: ""},
		{name: "beginning of one", token: "tw_"},
		{name: "hash of one", token: account.HashToken("tw_a")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got, found := dir.ByToken(tt.token)
			if got.ID != tt.want || found != (tt.want != "") {
				t.Errorf("ByToken(%q) = %q, %t; want %q", tt.token, got.ID, found, tt.want)
			}
		})
	}
}

func TestDirectoryFindsByID(t *testing.T) {
	t.Parallel()

	one := entry("one", "tw_a")
	one.MaxConcurrentJobs = 7
	dir, err := account.NewDirectory(one)
	if err != nil {
		t.Fatal(err)
	}
	if got, found := dir.ByID("one"); !found || got.MaxConcurrentJobs != 7 {
		t.Errorf("ByID(one) = %v, %t; want its limit 7", got, found)
	}
	if _, found := dir.ByID("two"); found {
		t.Error("ByID(two) found an account that does not exist")
	}
}

func TestNobodyEntersAnEmptyDirectory(t *testing.T) {
	t.Parallel()

	dir, err := account.NewDirectory()
	if err != nil {
		t.Fatal(err)
	}
	if _, found := dir.ByToken(""); found {
		t.Error("an empty directory let the empty token in")
	}
}

func TestNewDirectoryReportsEveryMistake(t *testing.T) {
	t.Parallel()

	broken := entry("has a blank")
	broken.WebhookSecrets = []string{webhook.NewSecret(), "whsec_dG9vIHNob3J0"}
	broken.MaxConcurrentJobs, broken.MaxPendingJobs, broken.MaxRequestRate, broken.Weight = -1, -3, -2, 101
	plain := entry("plain")
	plain.TokenHashes = []string{"tw_not-hashed", "sha256:abcd"}
	ann, thief := withApp("ann", annApp), withApp("thief", annApp)
	bare, nameless, odd := entry("bare", "tw_e"), entry("nameless", "tw_f"), withApp("odd", annApp)
	bare.AppID, nameless.AppSecretHashes = "app", ann.AppSecretHashes
	odd.AppID, odd.AppSecretHashes = "a b", []string{"tw_not-hashed"}
	_, err := account.NewDirectory(broken, entry("one", "tw_a"), entry("one", "tw_b"), entry("two", "tw_a"), plain,
		ann, thief, bare, nameless, odd)
	if err == nil {
		t.Fatal("NewDirectory took broken entries")
	}
	for _, want := range []string{
		`id is "has a blank"`,
		"token_hashes is empty",
		"webhook_secrets[1] is malformed",
		"max_concurrent_jobs is -1", "max_pending_jobs is -3", "max_requests_per_second is -2", "weight is 101",
		"accounts[2]: the id one is that of accounts[1] already",
		"accounts[3]: token_hashes[0] is a token of accounts[1] already",
		"token_hashes[0] is not a hash",
		"token_hashes[1] is not a hash",
		"accounts[6]: the app_id app-ann is that of accounts[5] already",
		"accounts[7]: app_id has no app_secret_hashes",
		"accounts[8]: app_secret_hashes has no app_id",
		`accounts[9]: app_id is "a b"`,
		"accounts[9]: app_secret_hashes[0] is not a hash",
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the error lacks %q:\n%v", want, err)
		}
	}
	for _, secret := range []string{"dG9vIHNob3J0", "tw_not-hashed"} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("the error contains %q:\n%v", secret, err)
		}
	}
}

func TestTokensAreRandomAndHashed(t *testing.T) {
	t.Parallel()

	a, b := account.NewToken(), account.NewToken()
	if a == b || !strings.HasPrefix(a, "tw_") || len(a) != len("tw_")+43 {
		t.Errorf("NewToken() = %q, then %q; want two random ones of 256 bits", a, b)
	}
	const want = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := account.HashToken("abc"); got != want {
		t.Errorf("HashToken(abc) = %s, want %s", got, want)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()

	e := entry("one", "tw_a")
	e.WebhookSecrets = []string{"whsec_canary"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", slog.Any("account", e.Account))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
		fmt.Fprintf(&out, verb+verb+verb, e.Account, &e.Account, e)
	}
	if strings.Contains(out.String(), "canary") {
		t.Errorf("a secret was printed: %s", out.String())
	}
}
