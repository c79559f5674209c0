package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
)

func TestAsk(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, input string
		code        int
	}{
		{"y", "y\n", exitOK},
		{"yes", " YES\n", exitOK},
		{"yes without an end", "yes", exitOK},
		{"no", "n\n", exitUnexpected},
		{"nothing", "\n", exitUnexpected},
		{"something else", "yesterday\n", exitUnexpected},
		{"nobody there", "", exitUsage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			err := ask(t.Context(), strings.NewReader(tt.input), &out, "Delete\x1b it?")
			if exitCode(err) != tt.code || out.String() != "Delete  it? [y/N] " {
				t.Errorf("ask = %v after %q, want code %d", err, out.String(), tt.code)
			}
		})
	}
}

func TestAskEndsWithItsContext(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errInterrupted)
	in, typing := io.Pipe()
	t.Cleanup(func() { _ = typing.Close() })
	if err := ask(ctx, in, io.Discard, "Delete it?"); !errors.Is(err, errInterrupted) {
		t.Errorf("ask = %v, want that it was interrupted", err)
	}
}

// TestDeleteWithoutAnswer: a device that is no person is asked in vain, and
// nothing is deleted.
func TestDeleteWithoutAnswer(t *testing.T) {
	t.Parallel()

	device, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = device.Close() })
	f := newFakeAPI(t)
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	var stdout, stderr bytes.Buffer
	code := run(t.Context(), []string{"trackers", "delete", "t-1"}, env.lookup, stdio{device, &stdout, &stderr})
	if want := "Delete the tracker t-1 for good? [y/N] enqueue: there was no answer; pass --yes to delete\n"; code != exitUsage || stderr.String() != want || len(f.calls) != 0 {
		t.Errorf("got %d, %q and the calls %q, want %d, %q and none", code, stderr.String(), f.calls, exitUsage, want)
	}
}
