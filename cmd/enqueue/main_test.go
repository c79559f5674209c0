package main

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/webhook"
)

// asEnqueue, if set, makes the test binary enqueue, so that the tests run the
// program in a process of its own.
const asEnqueue = "TURNWISE_TEST_AS_ENQUEUE"

func TestMain(m *testing.M) {
	if os.Getenv(asEnqueue) == "" {
		os.Exit(m.Run())
	}
	main()
}

// enqueue returns the program with the arguments, to be started.
func enqueue(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), exe, args...)
	cmd.Env = []string{asEnqueue + "=1", "TURNWISE_DATA_DIR=" + t.TempDir(), "TURNWISE_WEBHOOK_SECRET=" + webhook.NewSecret()}
	return cmd
}

// TestProcess checks that the process has the arguments, the streams and the
// exit code of the command line.
func TestProcess(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name           string
		args           []string
		stdin          string
		code           int
		stdout, stderr string // beginnings
	}{
		{name: "help", args: []string{"--help"}, stdout: "Enqueue submits text to Turnwise"},
		{name: "usage", args: []string{"job"}, code: exit.Usage, stderr: "enqueue: expected the id of one job, got 0 arguments; see \"enqueue job --help\"\n"},
		{name: "input", args: []string{"text"}, stdin: "Ana:", code: exit.Usage, stderr: "enqueue: the input has names but no text\n"},
		{
			name: "Redis is away", args: []string{"job", "x", "--redis-url", "redis://127.0.0.1:1"}, code: exit.Unreachable,
			stderr: "enqueue: Redis cannot be reached: ", // and no log line of its client before it
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			cmd := enqueue(t, tt.args...)
			var stdout, stderr bytes.Buffer
			cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(tt.stdin), &stdout, &stderr
			_ = cmd.Run() // the exit code is in its ProcessState
			got := cmd.ProcessState.ExitCode()
			if got != tt.code || !strings.HasPrefix(stdout.String(), tt.stdout) || !strings.HasPrefix(stderr.String(), tt.stderr) {
				t.Errorf("enqueue %q = %d, %q and %q; want %d, %q and %q", tt.args, got, stdout.String(), stderr.String(), tt.code, tt.stdout, tt.stderr)
			}
		})
	}
}

// TestSignals checks that each signal ends a receiver in an orderly way.
func TestSignals(t *testing.T) {
	t.Parallel()

	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()

			cmd := enqueue(t, "listen", "--addr", "127.0.0.1:0")
			stderr, err := cmd.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			lines := bufio.NewScanner(stderr)
			lines.Scan()
			if !strings.HasPrefix(lines.Text(), "enqueue: listening; ") {
				t.Errorf("first line = %q, want that it listens", lines.Text())
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			last := ""
			for lines.Scan() {
				last = lines.Text()
			}
			_ = cmd.Wait() // the exit code is in its ProcessState
			if code := cmd.ProcessState.ExitCode(); code != exit.OK || !strings.HasPrefix(last, "enqueue: 0 events of 0 jobs taken") {
				t.Errorf("after %v: exit code %d and last line %q, want 0 and the summary", signal, code, last)
			}
		})
	}
}
