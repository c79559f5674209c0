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

	"github.com/turnwise/turnwise/internal/tryout"
	"github.com/turnwise/turnwise/internal/webhook"
)

func TestDefaultDir(t *testing.T) {
	tests := []struct{ name, state, home, want string }{
		{name: "state directory", state: "/var/state", home: "/home/u", want: "/var/state/turnwise"},
		{name: "home", home: "/home/u", want: "/home/u/.local/state/turnwise"},
		{name: "relative state directory does not count", state: "state", home: "/home/u", want: "/home/u/.local/state/turnwise"},
		{name: "neither", want: filepath.Join(os.TempDir(), fmt.Sprint("turnwise-", os.Getuid()))},
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

func TestCredentialsAreMadeOnce(t *testing.T) {
	t.Parallel()

	dir := filepath.Join(t.TempDir(), "new", "data")
	var tokens [8]string
	var wg sync.WaitGroup
	for i := range tokens {
		wg.Go(func() {
			token, secret, err := tryout.Credentials(dir, "", "")
			if err != nil {
				t.Error(err)
			}
			if _, err := webhook.ParseSecret(secret); err != nil {
				t.Error(err)
			}
			tokens[i] = token + secret
		})
	}
	wg.Wait()
	for _, other := range tokens[1:] {
		if other != tokens[0] {
			t.Error("two processes made different credentials")
		}
	}
	private(t, dir, "token")
	private(t, dir, "webhook-secret")
}

func TestCredentialsOverrides(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	token, secret, err := tryout.Credentials(dir, "mine", "whsec_mine")
	if token != "mine" || secret != "whsec_mine" || err != nil {
		t.Errorf("Credentials with overrides = %q, %q, %v; want the overrides", token, secret, err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("overrides were written: %v", left)
	}
	if token, _, err = tryout.Credentials(dir, "", ""); token == "mine" || err != nil {
		t.Errorf("Credentials after an override = %q, %v; want one of its own", token, err)
	}
}

func TestCredentialsTakeRightsAway(t *testing.T) {
	t.Parallel()

	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "token"), []byte("tw_old\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if token, _, err := tryout.Credentials(dir, "", ""); token != "tw_old" || err != nil {
		t.Errorf("Credentials = %q, %v; want the token that is there", token, err)
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
		Token: "tw_x", WebhookSecret: "whsec_y", RedisURL: "unix:///z", PID: os.Getpid(),
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
	if err := tryout.WriteState(dir, tryout.State{API: "http://other", PID: os.Getpid() + 1}); err != nil {
		t.Fatal(err)
	}
	if err := tryout.RemoveState(dir); err != nil {
		t.Fatal(err)
	}
	if s, err := tryout.ReadState(dir); s.API != "http://other" || err != nil {
		t.Errorf("ReadState = %v, %v; want the other worker's", s, err)
	}
}

func TestStateDoesNotPrintSecrets(t *testing.T) {
	t.Parallel()

	s := tryout.State{Token: "canary", WebhookSecret: "canary", RedisURL: "canary"}
	var out bytes.Buffer
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", slog.Any("state", s))
	fmt.Fprintf(&out, "%v%+v%#v%d%x", s, s, s, s, s)
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
