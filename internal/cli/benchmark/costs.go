package benchmark

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/bench/costs"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// costsCommand measures what each address costs.
func costsCommand(inv *session.Invocation) *cobra.Command {
	var opts costs.Options
	var worker string
	cmd := &cobra.Command{
		Use:   "costs",
		Short: "Measure what each address of the API costs by how much there is",
		Long: `Costs starts a worker with a redis-server for each size, makes a conversation of
so many messages and as many conversations, jobs and undeliverable webhooks, and
calls each address again and again. It prints what one call used of Redis and of
the worker, the longest step of Redis, and when its first and last byte came.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			for _, size := range opts.Sizes {
				if size < 1 {
					return exit.Usagef("--sizes: %d is none; give numbers above 0", size)
				}
			}
			if opts.Each <= 0 {
				return exit.Usagef("--each must be above 0")
			}
			return withWorker(cmd.Context(), worker, func(_, path string) error {
				opts.Worker, opts.Progress = []string{path}, inv.Err
				return runCosts(cmd.Context(), inv, opts)
			})
		},
	}
	flags := cmd.Flags()
	flags.IntSliceVar(&opts.Sizes, "sizes", []int{1_000, 10_000, 100_000}, "how much there is")
	flags.DurationVar(&opts.Each, "each", 5e8, "how long each address is called")
	flags.StringVar(&opts.Only, "only", "", "call the addresses alone that have this in their name")
	addWorker(flags, &worker)
	return cmd
}

// runCosts prints what the bench found out, even where it ended early.
func runCosts(ctx context.Context, inv *session.Invocation, opts costs.Options) error {
	report, err := costs.Run(ctx, opts)
	if len(report.Rows) == 0 || len(report.Rows[0].Costs) == 0 {
		return err
	}
	return errors.Join(err, show(inv, report))
}
