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
	if err := tryout.WriteState(dir, tryout.State{API: f.URL, Token: clitest.Token}); err != nil {
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
