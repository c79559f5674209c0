package benchmark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// benchCommand measures Turnwise beside plain asynq.
func benchCommand(inv *session.Invocation) *cobra.Command {
	var opts bench.Options
	var role string
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure Turnwise beside plain asynq on the same Redis",
		Long: `Bench runs plain asynq with a handler that does nothing, and Turnwise with the
full life of its jobs, by turns in several rounds, in one process on one Redis.
It prints rates, their ratio to the better run of asynq in the same round, and
what one job costs: processor time, commands, scripts, round trips and bytes.
The analysis of the text is off.

Without --redis-url it starts a redis-server of its own that keeps nothing. With
it, the Redis must be empty, and is emptied.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if role != "" {
				return bench.Assist(cmd.Context(), role, inv.In, inv.Out)
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			opts.RedisURL, opts.Progress = inv.RedisURL(), inv.Err
			opts.Helper = []string{program, "bench", "--" + assist}
			return run(cmd.Context(), inv, opts)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&opts.Rounds, "rounds", 5, "how often each workload runs")
	flags.Float64Var(&opts.Scale, "scale", 1, "of the number of jobs")
	flags.StringVar(&opts.Only, "only", "", "run this workload alone, beside what it is compared with")
	flags.StringVar(&opts.Peers, "peers", filepath.Join("internal", "bench", "peers"), "where groupmq is installed, which is compared too")
	flags.BoolVar(&opts.Large, "large", false, "run also beside a million jobs that wait, which takes gigabytes")
	flags.IntVar(&opts.Shards, "shards", 0, "parts that Turnwise splits its data into; as a worker does by default if 0")
	flags.StringVar(&role, assist, "", "what this process does for a bench that has started it")
	_ = flags.MarkHidden(assist) // fails for an unknown flag only
	cmd.AddCommand(attackCommand(inv), costsCommand(inv), webhooksCommand(inv))
	return cmd
}

// assist is the flag by which the bench starts this program as its helper.
const assist = "assist"

// run prints what the bench found out, even where it ended early, and fails if
// there were violations of order.
func run(ctx context.Context, inv *session.Invocation, opts bench.Options) error {
	if opts.Rounds < 1 || opts.Scale <= 0 {
		return exit.Usagef("--rounds and --scale must be above 0")
	}
	if opts.Shards < 0 || opts.Shards > bench.MaxShards {
		return exit.Usagef("--shards must be from 0 to %d", bench.MaxShards)
	}
	if opts.RedisURL != "" {
		if err := redisconn.Validate(opts.RedisURL); err != nil {
			return exit.Usagef("--redis-url: %w", err)
		}
	}
	report, err := bench.Run(ctx, opts)
	if errors.Is(err, bench.ErrNoServer) {
		return exit.Usagef("the bench needs a redis-server, or an empty Redis in --redis-url: %w", err)
	}
	if len(report.Workloads)+len(report.Figures) > 0 {
		if err := errors.Join(err, show(inv, report)); err != nil {
			return err
		}
	}
	if n := report.Violations(); err == nil && n > 0 {
		return fmt.Errorf("jobs were lost, doubled or out of order: %d violations", n)
	}
	return err
}

// show writes the report: tables for people, a document for programs.
func show(inv *session.Invocation, report interface{ Print(w io.Writer) error }) error {
	if out := inv.Printer(); out.JSON {
		return out.Document(report)
	}
	if err := report.Print(inv.Out); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
