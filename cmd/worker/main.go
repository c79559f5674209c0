// Worker is the server of Turnwise: the HTTP API, the workers of jobs and the
// dispatcher of webhooks, all in one process unless TURNWISE_ROLES says
// otherwise.
//
//	worker                 run with the settings of flags, environment and file
//	worker --demo          run, and show the whole thing at work
//	worker --open          run, and open the console in a browser
//	worker --healthcheck   ask the running worker whether it is up; exit 0 or 1
//	worker --help          every setting
//
// Without a Redis it brings its own, and without accounts it is a try-out:
// it listens on loopback and makes itself a token.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/pflag"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/settings"
	"github.com/turnwise/turnwise/internal/telemetry"
	"github.com/turnwise/turnwise/internal/telemetry/tracing"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal kills at once
	err := run(ctx, os.Args[1:], os.Environ(), os.Stdout, os.Stderr)
	if errors.Is(err, pflag.ErrHelp) {
		os.Exit(2)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	check := slices.Contains(args, "--healthcheck")
	args = slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--healthcheck" })
	s, err := settings.Load(args, environ)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		fmt.Fprint(stdout, settings.Usage())
		return err
	case err != nil:
		return err
	case s.Version:
		fmt.Fprintln(stdout, telemetry.Version())
		return nil
	case check:
		return healthcheck(ctx, s.OpsListen)
	}
	log, err := telemetry.NewLogger(stderr, strings.ToLower(s.LogLevel.String()), s.LogFormat)
	if err != nil {
		return err
	}
	for _, w := range s.Warnings {
		log.LogAttrs(ctx, slog.LevelWarn, "settings are not safe", slog.String("warning", w))
	}
	redisconn.SendLogsTo(log)
	tracer, err := tracing.Open(ctx, telemetry.Version(), log)
	if err != nil {
		return err
	}
	defer closeTracer(ctx, tracer, log)
	return serve(ctx, s, log, tracer, stdout)
}

// closeTracer sends the last spans, if that takes no more than a second.
func closeTracer(ctx context.Context, t *tracing.Tracer, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := t.Close(ctx); err != nil {
		log.LogAttrs(ctx, slog.LevelWarn, "traces lost", slog.Any("err", err))
	}
}
