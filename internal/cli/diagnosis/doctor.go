package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const doctorHelp = `Doctor looks whether everything is there that Turnwise needs, and says what to do about
what is not: the server, the token, the clock, Redis and how it keeps what it is given,
and with --webhook-url a receiver of webhooks.

Redis is asked itself with --redis-url, and where a worker's try-out runs on this machine;
else the API is asked whether it reaches it. The receiver gets a HEAD request from here.`

// The states of a finding.
const (
	well    = "ok"
	failed  = "failed"
	unknown = "unknown"
)

// A finding is what was found out about one thing.
type finding struct {
	Check  string `json:"check"`
	State  string `json:"state"`
	Detail string `json:"detail"`
	Fix    string `json:"fix,omitempty"`
}

// errUnwell reports that something is not as it should be.
var errUnwell = errors.New("something is not well; see above")

func doctorCommand(inv *session.Invocation) *cobra.Command {
	var receiver string
	cmd := &cobra.Command{
		Use:               "doctor",
		Short:             "Look whether server, token, clock, Redis and receiver are well",
		Long:              doctorHelp,
		Example:           "  enqueue doctor --webhook-url http://127.0.0.1:9090/ --retry 0",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return examine(cmd.Context(), inv, receiver)
		},
	}
	cmd.Flags().StringVar(&receiver, "webhook-url", "", "look whether this receiver of webhooks can be reached")
	return cmd
}

// examine looks at everything, and prints what it finds.
func examine(ctx context.Context, inv *session.Invocation, receiver string) error {
	found, reached := examineAPI(ctx, inv)
	found = append(found, examineRedis(ctx, inv, reached)...)
	if receiver != "" {
		found = append(found, examineReceiver(ctx, receiver))
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := show(inv.Printer(), found); err != nil {
		return err
	}
	for _, f := range found {
		if f.State == failed {
			return errUnwell
		}
	}
	return nil
}

func show(p output.Printer, found []finding) error {
	if p.JSON {
		return p.Document(map[string][]finding{"checks": found})
	}
	var rows [][]string
	for _, f := range found {
		rows = append(rows, []string{f.Check, f.State, f.Detail})
	}
	if err := p.Table(rows); err != nil {
		return err
	}
	for _, f := range found {
		if f.Fix == "" {
			continue
		}
		if err := p.Linef("%s: %s", f.Check, output.Clean(f.Fix)); err != nil {
			return err
		}
	}
	return nil
}

// because returns a finding about something that is not well.
func because(check, fix, format string, args ...any) finding {
	return finding{check, failed, strings.TrimSpace(fmt.Sprintf(format, args...)), fix}
}
