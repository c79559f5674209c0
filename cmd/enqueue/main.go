package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/turnwise/turnwise/internal/cli"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)                        // a second signal kills at once
	redisconn.SendLogsTo(slog.New(slog.DiscardHandler)) // errors are reported where they are handled
	os.Exit(cli.Run(ctx, os.Args[1:], os.LookupEnv, session.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}
