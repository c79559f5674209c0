package conversations_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/clitest"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// TestFollow checks that each new message is printed once, and that an interrupt
// ends the command with success.
func TestFollow(t *testing.T) {
	t.Parallel()

	f := clitest.NewAPI(t)
	one, two, three := clitest.MessageDocument("1", "Ana", "One.", "01"), clitest.MessageDocument("2", "Ben", "Two.", "02"), clitest.MessageDocument("3", "Ana", "Three.", "00")
	f.Messages = []string{`{"messages":[` + one + `]}`, `{"messages":[` + one + `,` + two + `]}`, `{"messages":[` + three + `,` + one + `,` + two + `]}`}
	ctx, interrupt := context.WithCancel(t.Context())
	var printed, stderr bytes.Buffer
	stdout := writerFunc(func(p []byte) (int, error) {
		if bytes.Contains(p, []byte("Three.")) {
			interrupt()
		}
		return printed.Write(p)
	})
	env := clitest.Environment{"TURNWISE_API": f.URL, "TURNWISE_TOKEN": clitest.Token, "TURNWISE_DATA_DIR": t.TempDir()}
	code := cli.Run(ctx, []string{"messages", clitest.ConversationID, "-f", "-o", "json"}, env.Lookup, session.Streams{In: strings.NewReader(""), Out: stdout, Err: &stderr})
	if want := one + "\n" + two + "\n" + three + "\n"; code != exit.OK || printed.String() != want || stderr.Len() != 0 {
		t.Errorf("got %d, %q and %q, want %q", code, printed.String(), stderr.String(), want)
	}
}

type writerFunc func(p []byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }
