package cli

import (
	"context"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// Run runs the command line that args are, prints the error if there is one,
// and returns the exit code. It ends early when ctx does.
func Run(ctx context.Context, args []string, lookup session.LookupEnv, streams session.Streams) int {
	ctx, interrupt := withCause(ctx, exit.ErrInterrupted)
	defer interrupt()

	inv := session.New(lookup, streams)
	defer inv.Close()
	root := newRoot(inv)
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)

	cmd, err := root.ExecuteContextC(ctx)
	err = inv.Cause(cmd, err)
	if err != nil {
		inv.Fail(err)
	}
	return exit.Code(err)
}

// withCause returns a context that ends when ctx does, with the given cause.
func withCause(ctx context.Context, cause error) (context.Context, func()) {
	caused, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { cancel(cause) })
	return caused, func() {
		stop()
		cancel(nil)
	}
}
