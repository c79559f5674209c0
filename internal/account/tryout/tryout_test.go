package tryout_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/webhook"
)

func TestDefaultDir(t *testing.T) {
	tests := []struct{ name, state, home, want string }{
		{name: "state directory", state: "/var/state", home: "/home/u", want: "/var/state/turnwise"},
		{name: "home", home: "/home/u", want: "/home/u/.local/state/turnwise"},
		{name: "relative state directory does not count", state: "state", home: "/home/u", want: "/home/u/.local/state/turnwise"},
		{name: "neither"},
		{name: "relative home does not count", home: "home"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("XDG_STATE_HOME", tt.state)
			t.Setenv("HOME", tt.home)
			if got := tryout.DefaultDir(); got != tt.want {
				t.Errorf("DefaultDir() = %q, want %q", got, tt.want)
			}
		})
	}
}

// Without a directory nothing is read or written, least of all in the working
// directory.
func TestWithoutADirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"token", "worker.json"} {
		if err := os.WriteFile(name, []byte(`{"api":"http://planted","token":"planted"}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if c, err := tryout.Complete("", tryout.Credentials{}); err == nil || !strings.Contains(err.Error(), "TURNWISE_DATA_DIR") {
		t.Errorf("Complete = token %q, %v; want an error that says what to do", c.Token, err)
	}
	if s, err := tryout.ReadState(""); !errors.Is(err, tryout.ErrNoWorker) {
		t.Errorf("ReadState = %v, %v; want %v", s, err, tryout.ErrNoWorker)
	}
	if err := tryout.WriteState("", tryout.State{}); err == nil {
		t.Error("WriteState wrote into the working directory")
	}
	if err := tryout.RemoveState(""); err != nil {
		t.Errorf("RemoveState = %v, want nothing to do", err)
	}
}

func TestCredentialsAreMadeOnce(t *testing.T) {
	t.Parallel()

	dir := filepath.Join(t.TempDir(), "new", "data")
	var made [8]tryout.Credentials
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			c, err := tryout.Complete(dir, tryout.Credentials{})
			if err != nil {
				t.Error(err)
			}
			if _, err := webhook.ParseSecret(c.WebhookSecret); err != nil {
				t.Error(err)
			}
			if _, err := account.ParseKey(c.TokenKey); err != nil {
				t.Error(err)
			}
			made[i] = c
		})
	}
	wg.Wait()
	for _, other := range made[1:] {
		if other != made[0] {
			t.Error("two processes made different credentials")
		}
	}
	all := map[string]bool{made[0].Token: true, made[0].WebhookSecret: true, made[0].AppID: true, made[0].AppSecret: true, made[0].TokenKey: true}
	if len(all) != 5 || all[""] {
		t.Errorf("%d of the credentials differ, want all five, and none empty", len(all))
	}
	for _, file := range []string{"token", "webhook-secret", "app-id", "app-secret", "token-key"} {
		private(t, dir, file)
	}
}

func TestCredentialsOverrides(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	mine := tryout.Credentials{Token: "mine", WebhookSecret: "whsec_mine", AppID: "app", AppSecret: "secret", TokenKey: "key"}
	if got, err := tryout.Complete(dir, mine); got != mine || err != nil {
		t.Errorf("Complete changed what was given, error %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("overrides were written: %v", left)
	}
	got, err := tryout.Complete(dir, tryout.Credentials{AppID: "app"})
	if err != nil || got.AppID != "app" || got.Token == "mine" {
		t.Errorf("Complete = token %q, app %q, %v; want what was given, and of its own what was not", got.Token, got.AppID, err)
	}
}

func TestCredentialsTakeRightsAway(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("tw_old\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if c, err := tryout.Complete(dir, tryout.Credentials{}); c.Token != "tw_old" || err != nil {
		t.Errorf("Complete = token %q, %v; want the one that is there", c.Token, err)
	}
	private(t, dir, "token")
}

func TestState(t *testing.T) {
	t.Parallel()

	dir := filepath.Join(t.TempDir(), "new")
	if _, err := tryout.ReadState(dir); !errors.Is(err, tryout.ErrNoWorker) {
		t.Errorf("ReadState of nothing: %v, want %v", err, tryout.ErrNoWorker)
	}
	want := tryout.State{
		API: "http://127.0.0.1:8080", Ops: "http://127.0.0.1:8081",
		Token: "tw_x", WebhookSecret: "whsec_y", AppID: "app", AppSecret: "secret", RedisURL: "unix:///z", PID: os.Getpid(),
	}
	for range 2 { // the second is in place of the first
		if err := tryout.WriteState(dir, want); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := tryout.ReadState(dir); got != want || err != nil {
		t.Errorf("ReadState = %v, %v; want what was written", got, err)
	}
	private(t, dir, "worker.json")
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("files beside the state: %v", left)
	}
	for range 2 { // the second finds nothing to do
		if err := tryout.RemoveState(dir); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := tryout.ReadState(dir); !errors.Is(err, tryout.ErrNoWorker) {
		t.Errorf("ReadState after RemoveState: %v, want %v", err, tryout.ErrNoWorker)
	}
}

func TestRemoveStateLeavesThatOfAnother(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if err := tryout.WriteState(dir, tryout.State{API: "http://other", PID: os.Getppid()}); err != nil {
		t.Fatal(err)
	}
	if err := tryout.RemoveState(dir); err != nil {
		t.Fatal(err)
	}
	if s, err := tryout.ReadState(dir); s.API != "http://other" || err != nil {
		t.Errorf("ReadState = %v, %v; want the other worker's", s, err)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	t.Parallel()

	s := tryout.State{Token: "canary", WebhookSecret: "canary", AppSecret: "canary", RedisURL: "canary"}
	c := tryout.Credentials{Token: "canary", WebhookSecret: "canary", AppSecret: "canary", TokenKey: "canary"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", slog.Any("state", s), slog.Any("credentials", c))
	for _, verb := range []string{"%v", "%+v", "%#v", "%d", "%x"} {
		fmt.Fprintf(&out, verb+verb, s, c)
	}
	if strings.Contains(out.String(), "canary") || strings.Contains(out.String(), "63616e") {
		t.Errorf("a secret was printed: %s", out.String())
	}
}

func private(t *testing.T, dir, name string) {
	t.Helper()
	info, err := os.Stat(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode of %s = %o, want 600", name, mode)
	}
}
