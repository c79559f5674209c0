package benchmark

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/bench/webhooks"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// webhooksCommand measures deliveries.
func webhooksCommand(inv *session.Invocation) *cobra.Command {
	var opts webhooks.Options
	var worker string
	cmd := &cobra.Command{
		Use:   "webhooks",
		Short: "Measure how soon webhooks come, beside receivers in trouble too",
		Long: `Webhooks starts a worker with a redis-server for each of its rows, and receivers
on loopback: "calm" traffic; how exact "retries" are; the "rate" at which events that
wait are delivered; a hundred healthy receivers beside two in "trouble", one slow and
one dead; and live traffic beside the "resend" of a hundred thousand events that were
given up. The exit code is 1 if a
figure is not what it must be.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if opts.Scale <= 0 {
				return exit.Usagef("--scale must be above 0")
			}
			return withWorker(cmd.Context(), worker, func(_, path string) error {
				opts.Worker, opts.Progress = []string{path}, inv.Err
				return runWebhooks(cmd.Context(), inv, opts)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.Only, "only", "", "measure this row alone: calm, retries, rate, trouble or resend")
	flags.Float64Var(&opts.Scale, "scale", 1, "of the number of events, and of how long is measured")
	addWorker(flags, &worker)
	return cmd
}

// runWebhooks prints what the bench found out, even where it ended early, and fails if
// a figure is not as it must be.
func runWebhooks(ctx context.Context, inv *session.Invocation, opts webhooks.Options) error {
	report, err := webhooks.Run(ctx, opts)
	if len(report.Figures) > 0 {
		err = errors.Join(err, show(inv, report))
	}
	if n := report.Flaws(); err == nil && n > 0 {
		return fmt.Errorf("%d of %d figures are not what they must be", n, len(report.Figures))
	}
	return err
}
