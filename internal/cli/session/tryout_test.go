package session_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/account/tryout"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
)

// TestTryoutIsFound checks that the address and the token of the try-out are
// used, and that its token is sent to no other server.
func TestTryoutIsFound(t *testing.T) {
	t.Parallel()

	f, other := clitest.NewAPI(t), clitest.NewAPI(t)
	dir := t.TempDir()
	if err := tryout.WriteState(dir, tryout.State{API: f.URL, Token: clitest.Token, Proof: clitest.Proof, PID: os.Getpid()}); err != nil {
		t.Fatal(err)
	}
	localhost := strings.Replace(f.URL, "127.0.0.1", "localhost", 1)
	tests := []struct {
		name string
		args []string
		code int
	}{
		{name: "by itself", code: exit.OK},
		{name: "by another name", args: []string{"--api", localhost}, code: exit.OK},
		{name: "another server", args: []string{"--api", other.URL}, code: exit.Unauthorized},
		{name: "another token", args: []string{"--token", "x"}, code: exit.Unauthorized},
		{name: "another directory", args: []string{"--data-dir", t.TempDir(), "--api", f.URL}, code: exit.Unauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			got := clitest.Run(t, clitest.Environment{"TURNWISE_DATA_DIR": dir}, "", append(tt.args, "job", clitest.JobID)...)
			if got.Code != tt.code {
				t.Errorf("got %+v, want code %d", got, tt.code)
			}
		})
	}
}

func TestTryoutIsBroken(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "worker.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": dir}
	got := clitest.Run(t, env, "", "job", clitest.JobID)
	if got.Code != exit.OK || !strings.Contains(got.Stderr, "going on without it") {
		t.Errorf("got %+v, want success and a warning", got)
	}
}

// TestTokenIsKeptFromAnImpostor checks that whoever listens at the address of a
// worker that has ended, or left no key, is sent no token: neither the try-out's
// nor one that the caller gave.
func TestTokenIsKeptFromAnImpostor(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		state tryout.State
		says  string
	}{
		{"another worker's key", tryout.State{Proof: "other", PID: os.Getpid()}, "is not that worker"},
		{"no key", tryout.State{PID: os.Getpid()}, "it left no key"},
		{"the worker has ended", tryout.State{Proof: "other"}, "has ended; going on without it"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			f, dir := clitest.NewAPI(t), t.TempDir()
			tt.state.API, tt.state.Token = f.URL, clitest.Token
			if err := tryout.WriteState(dir, tt.state); err != nil {
				t.Fatal(err)
			}
			// Of a worker that has ended, the address is the caller's.
			env := clitest.Environment{"TURNWISE_DATA_DIR": dir, "TURNWISE_API": f.URL}
			got := clitest.Run(t, env, "", "job", clitest.JobID)
			if got.Code == exit.OK || !strings.Contains(got.Stderr, tt.says) {
				t.Errorf("got %+v, want a failure that says %q", got, tt.says)
			}
			if tt.state.PID > 0 {
				env["TURNWISE_TOKEN"] = clitest.Token
				got = clitest.Run(t, env, "", "job", clitest.JobID)
				if got.Code != exit.Unreachable || len(f.Calls) > 0 {
					t.Errorf("with a token: got %+v, and calls %v; want none", got, f.Calls)
				}
			}
		})
	}
}

// TestTokenFromAFile checks that a variable may name a file with the token, and
// that a token on the command line is warned of, without it.
func TestTokenFromAFile(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(clitest.Token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN_FILE": path}
	if got := clitest.Run(t, env, "", "job", clitest.JobID); got.Code != exit.OK || got.Stderr != "" {
		t.Errorf("got %+v, want success", got)
	}
	got := clitest.Run(t, env, "", "job", clitest.JobID, "--token", clitest.Token)
	if got.Code != exit.OK || !strings.Contains(got.Stderr, "can see --token") || strings.Contains(got.Stderr, clitest.Token) {
		t.Errorf("with --token: got %+v, want success and a warning without the token", got)
	}
	env["TURNWISE_TOKEN_FILE"] = path + "x"
	if got := clitest.Run(t, env, "", "job", clitest.JobID); got.Code != exit.Usage || !strings.Contains(got.Stderr, "TURNWISE_TOKEN_FILE") {
		t.Errorf("without the file: got %+v, want a usage error", got)
	}
}
