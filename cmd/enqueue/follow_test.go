package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
)

// TestFollow checks that new messages are printed once each, and that Ctrl-C
// is the way to end it.
func TestFollow(t *testing.T) {
	t.Parallel()

	f := newFakeAPI(t)
	one, two, three := messageDocument("1", "Ana", "One.", "01"), messageDocument("2", "Ben", "Two.", "02"), messageDocument("3", "Ana", "Three.", "00")
	f.messages = []string{`{"messages":[` + one + `]}`, `{"messages":[` + one + `,` + two + `]}`, `{"messages":[` + three + `,` + one + `,` + two + `]}`}
	ctx, interrupt := context.WithCancel(t.Context())
	var printed, stderr bytes.Buffer
	stdout := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("Three.")) {
			interrupt()
		}
		return printed.Write(p)
	})
	env := environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": token, "TURNWISE_DATA_DIR": t.TempDir()}
	code := run(ctx, []string{"messages", conversationID, "-f", "-o", "json"}, env.lookup, stdio{strings.NewReader(""), stdout, &stderr})
	if want := one + "\n" + two + "\n" + three + "\n"; code != exitOK || printed.String() != want || stderr.Len() != 0 {
		t.Errorf("got %d, %q and %q, want %q", code, printed.String(), stderr.String(), want)
	}
}
