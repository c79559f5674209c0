package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/benchmark"
	"github.com/turnwise/turnwise/internal/cli/conversations"
	"github.com/turnwise/turnwise/internal/cli/diagnosis"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/importing"
	"github.com/turnwise/turnwise/internal/cli/jobs"
	"github.com/turnwise/turnwise/internal/cli/manage"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/cli/webhooks"
)

const rootHelp = `Enqueue submits text to Turnwise, watches jobs, reads conversations and receives
webhooks.

It talks to the HTTP API. A worker that runs the try-out on this machine is found
by itself, token included; any other one is named by --api and --token. With
--redis-url no worker needs to answer: the same code runs here, straight on Redis.

`

// newRoot returns the command enqueue with the commands of all families.
func newRoot(inv *session.Invocation) *cobra.Command {
	root := &cobra.Command{
		Use:           "enqueue",
		Short:         "Submit text to Turnwise and see what becomes of it",
		Long:          rootHelp + exit.Help,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	inv.Register(root)
	root.SetHelpCommand(helpCommand())
	root.AddCommand(slices.Concat(
		jobs.Commands(inv),
		importing.Commands(inv),
		conversations.Commands(inv),
		manage.Commands(inv),
		webhooks.Commands(inv),
		benchmark.Commands(inv),
		diagnosis.Commands(inv),
	)...)
	return root
}
