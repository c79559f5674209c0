package session_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

func TestColour(t *testing.T) {
	t.Parallel()

	device, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	onDevice := session.New(clitest.Environment{}.Lookup, session.Streams{Out: device})
	if got, want := onDevice.Printer().Paint("completed", output.Green), "\x1b[32mcompleted\x1b[0m"; got != want {
		t.Errorf("on a device: got %q, want %q", got, want)
	}
	plainDevice := session.New(clitest.Environment{"NO_COLOR": "1"}.Lookup, session.Streams{Out: device})
	toMemory := session.New(clitest.Environment{}.Lookup, session.Streams{Out: &bytes.Buffer{}})
	for _, inv := range []*session.Invocation{plainDevice, toMemory} {
		if got := inv.Printer().Paint("completed", output.Green); got != "completed" {
			t.Errorf("with NO_COLOR, or in memory: got %q, want no colour", got)
		}
	}
}
