package session_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// open opens a device of the system for the test.
func open(t *testing.T, name string) *os.File {
	t.Helper()
	device, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		t.Skipf("there is no %s here: %v", name, err)
	}
	t.Cleanup(func() { _ = device.Close() })
	return device
}

func TestColour(t *testing.T) {
	t.Parallel()

	terminal, null := open(t, "/dev/ptmx"), open(t, os.DevNull)
	const painted = "\x1b[32mcompleted\x1b[0m"
	tests := []struct {
		name string
		env  clitest.Environment
		out  io.Writer
		want string
	}{
		{"terminal", clitest.Environment{"TERM": "xterm"}, terminal, painted},
		{"NO_COLOR", clitest.Environment{"NO_COLOR": "1"}, terminal, "completed"},
		{"dumb terminal", clitest.Environment{"TERM": "dumb"}, terminal, "completed"},
		{"null device", clitest.Environment{}, null, "completed"},
		{"memory", clitest.Environment{}, &bytes.Buffer{}, "completed"},
	}
	for _, tt := range tests {
		inv := session.New(tt.env.Lookup, session.Streams{Out: tt.out})
		if got := inv.Printer().Paint("completed", output.Green); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
