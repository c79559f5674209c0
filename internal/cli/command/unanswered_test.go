package command_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// TestDeleteWithoutTerminal checks that nothing is deleted, and nobody asked, where
// nobody can answer, as on /dev/null.
func TestDeleteWithoutTerminal(t *testing.T) {
	t.Parallel()

	device, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	f := clitest.NewAPI(t)
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	var stdout, stderr bytes.Buffer
	code := cli.Run(t.Context(), []string{"trackers", "delete", "t-1"}, env.Lookup, session.Streams{In: device, Out: &stdout, Err: &stderr})
	if want := "enqueue: nobody can be asked here; pass --yes to delete\n"; code != exit.Usage || stderr.String() != want || len(f.Calls) != 0 {
		t.Errorf("got %d, %q and the calls %q, want %d, %q and none", code, stderr.String(), f.Calls, exit.Usage, want)
	}
}
