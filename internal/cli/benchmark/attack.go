package benchmark

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/bench/attack"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// attackCommand measures what one account can do to another.
func attackCommand(inv *session.Invocation) *cobra.Command {
	var opts attack.Options
	var worker string
	var assisting bool
	cmd := &cobra.Command{
		Use:   "attack",
		Short: "Measure what one account can do to another",
		Long: `Attack starts a worker with a redis-server and two accounts. One of them posts
"Hi." five times a second, alone and beside each of a list of things that the
other one does with all its might. It prints how long a post took to be accepted
and to be completed, which steps of Redis took 5 ms or more, and the peak of the
worker's memory; the exit code is 1 if any of these is not as it must be.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if assisting {
				return attack.Assist(cmd.Context(), inv.In, inv.Out)
			}
			if opts.Alone <= 0 || opts.During <= 0 || opts.Scale <= 0 {
				return exit.Usagef("--alone, --during and --scale must be above 0")
			}
			return withWorker(cmd.Context(), worker, func(program, path string) error {
				opts.Worker, opts.Progress = []string{path}, inv.Err
				opts.Attacker = []string{program, "bench", "attack", "--" + assist}
				return runAttack(cmd.Context(), inv, opts)
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&opts.Only, "only", "", "run this attack alone")
	flags.DurationVar(&opts.Alone, "alone", 4e9, "how long the neighbour is measured alone, before each attack")
	flags.DurationVar(&opts.During, "during", 10e9, "how long it is measured beside each attack")
	flags.Float64Var(&opts.Scale, "scale", 1, "of what the attacker has and sends")
	addWorker(flags, &worker)
	flags.BoolVar(&assisting, assist, false, "be the attacker of a bench that has started this process")
	_ = flags.MarkHidden(assist) // fails for an unknown flag only
	return cmd
}

// runAttack prints what the bench found out, even where it ended early, and fails if
// the neighbour had to bear too much.
func runAttack(ctx context.Context, inv *session.Invocation, opts attack.Options) error {
	report, err := attack.Run(ctx, opts)
	if len(report.Rows) > 0 {
		err = errors.Join(err, show(inv, report))
	}
	if n := report.Flaws(); err == nil && n > 0 {
		return fmt.Errorf("in %d of %d attacks something is not as it must be", n, len(report.Rows))
	}
	return err
}
