//go:build unix

package cli_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// A named pipe that nobody writes to keeps no command from ending, and is read once
// somebody does.
func TestNamedPipe(t *testing.T) {
	t.Parallel()

	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args string
		code int
		says string
	}{
		{"text " + pipe + " --timeout=50ms", exit.Timeout, "enqueue: gave up after 50ms (--timeout)\n"},
		{"trackers create --file " + pipe + " --timeout=50ms", exit.Timeout, "enqueue: gave up after 50ms (--timeout)\n"},
		{"text " + pipe, exit.Interrupted, "enqueue: interrupted\n"},
		{"import " + pipe, exit.Unexpected, "enqueue: " + pipe + " is neither a file nor a folder\n"},
	}
	for _, tt := range tests {
		ctx, interrupt := context.WithCancel(t.Context())
		if tt.code == exit.Interrupted {
			time.AfterFunc(50*time.Millisecond, interrupt)
		}
		f := clitest.NewAPI(t)
		var stderr bytes.Buffer
		code := cli.Run(ctx, strings.Split(tt.args, " "), f.Environment(t).Lookup, session.Streams{In: strings.NewReader(""), Out: new(bytes.Buffer), Err: &stderr})
		interrupt()
		if code != tt.code || stderr.String() != tt.says || len(f.Bodies) > 0 {
			t.Errorf("enqueue %s = %d and %q, want %d and %q", tt.args, code, stderr.String(), tt.code, tt.says)
		}
	}
	// What opened the pipe too late does so now, and closes it.
	late, err := os.OpenFile(pipe, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer late.Close() //nolint:errcheck // nothing was written
}
