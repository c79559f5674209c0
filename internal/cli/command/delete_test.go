package command

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli/exit"
)

func TestAsk(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name, input string
		code        int
	}{
		{"y", "y\n", exit.OK},
		{"yes", " YES\n", exit.OK},
		{"yes without an end", "yes", exit.OK},
		{"no", "n\n", exit.Unexpected},
		{"nothing", "\n", exit.Unexpected},
		{"something else", "yesterday\n", exit.Unexpected},
		{"nobody there", "", exit.Usage},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var out bytes.Buffer
			err := ask(t.Context(), strings.NewReader(tt.input), &out, "Delete\x1b it?")
			if exit.Code(err) != tt.code || out.String() != "Delete  it? [y/N] " {
				t.Errorf("ask = %v after %q, want code %d", err, out.String(), tt.code)
			}
		})
	}
}

func TestAskEndsWithItsContext(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(exit.ErrInterrupted)
	in, typing := io.Pipe()
	t.Cleanup(func() { _ = typing.Close() })
	if err := ask(ctx, in, io.Discard, "Delete it?"); !errors.Is(err, exit.ErrInterrupted) {
		t.Errorf("ask = %v, want that it was interrupted", err)
	}
}
