package benchmark

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/bench"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// benchCommand measures Turnwise beside plain asynq.
func benchCommand(inv *session.Invocation) *cobra.Command {
	var opts bench.Options
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure Turnwise beside plain asynq on the same Redis",
		Long: `Bench runs plain asynq with a handler that does nothing, and then Turnwise with
the full life of its jobs, in one process on one Redis, and prints a table of
rates and ratios. The analysis of the text is off.

Without --redis-url it starts a redis-server of its own that keeps nothing. With
it, the Redis must be empty, and is emptied.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			url, stop, err := startRedis(cmd.Context(), inv)
			if err != nil {
				return err
			}
			defer stop()
			return run(cmd.Context(), inv, url, opts)
		},
	}
	cmd.Flags().Float64Var(&opts.Scale, "scale", 1, "of the number of jobs")
	cmd.Flags().StringVar(&opts.Only, "only", "", "run this workload alone, beside plain asynq")
	return cmd
}

// run runs the workloads and fails if any of them found violations of order.
func run(ctx context.Context, inv *session.Invocation, url string, opts bench.Options) error {
	forStore, err := redisconn.Open(url)
	if err != nil {
		return exit.Usagef("--redis-url: %w", err)
	}
	defer forStore.Close() //nolint:errcheck // nothing uses it any more
	forAsynq, err := redisconn.Open(url)
	if err != nil {
		return exit.Usagef("--redis-url: %w", err)
	}
	defer forAsynq.Close() //nolint:errcheck // nothing uses it any more
	rows, err := bench.Run(ctx, forStore, forAsynq, inv.Out, opts)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.Violations > 0 {
			return fmt.Errorf("%s: %d violations of order", r.Name, r.Violations)
		}
	}
	return nil
}

// startRedis returns the Redis of --redis-url, or one that it starts.
func startRedis(ctx context.Context, inv *session.Invocation) (url string, stop func(), err error) {
	if inv.RedisURL() != "" {
		return inv.RedisURL(), func() {}, nil
	}
	binary, err := exec.LookPath("redis-server")
	if err != nil {
		return "", nil, exit.Usagef("the bench needs a redis-server on PATH, or an empty Redis in --redis-url: %w", err)
	}
	dir, err := os.MkdirTemp("", "turnwise-bench-")
	if err != nil {
		return "", nil, fmt.Errorf("make a folder for the bench's Redis: %w", err)
	}
	socket := filepath.Join(dir, "redis.sock")
	server := exec.CommandContext(context.WithoutCancel(ctx), binary, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	if err := server.Start(); err != nil {
		return "", nil, errors.Join(fmt.Errorf("start %s: %w", binary, err), os.RemoveAll(dir))
	}
	stop = func() {
		_ = server.Process.Kill() // it keeps nothing
		_ = server.Wait()
		_ = os.RemoveAll(dir)
	}
	if err := awaitSocket(ctx, socket); err != nil {
		stop()
		return "", nil, fmt.Errorf("wait for %s: %w", binary, err)
	}
	return "unix://" + socket, stop, nil
}

func awaitSocket(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	var dialer net.Dialer
	for {
		c, err := dialer.DialContext(ctx, "unix", path)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-tick.C:
		}
	}
}
