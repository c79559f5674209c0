package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// stdio are the three streams of a process.
type stdio struct {
	in       io.Reader
	out, err io.Writer
}

// lookupEnv finds an environment variable, as [os.LookupEnv] does.
type lookupEnv func(name string) (value string, found bool)

// app is one invocation of enqueue.
type app struct {
	lookup  lookupEnv
	io      stdio
	global  globals
	cleanup []func()
	ready   bool   // the command line was understood
	where   string // the API, in words, once it is known
}

// run does what args say, prints the error if there is one, and returns the
// exit code. It ends early when ctx does.
func run(ctx context.Context, args []string, lookup lookupEnv, streams stdio) int {
	ctx, interrupt := withCause(ctx, errInterrupted)
	defer interrupt()

	a := &app{lookup: lookup, io: streams}
	defer a.close()
	root := a.root()
	root.SetArgs(args)
	root.SetIn(streams.in)
	root.SetOut(streams.out)
	root.SetErr(streams.err)

	cmd, err := root.ExecuteContextC(ctx)
	err = a.settle(cmd, err)
	if err != nil {
		fmt.Fprintln(streams.err, "enqueue:", clean(err.Error()))
	}
	return exitCode(err)
}

// settle says why a command ended: whatever fails because the context is
// over, failed for the reason that ended the context, and what fails before
// the command has begun is a mistake of its caller's.
func (a *app) settle(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	if !a.ready {
		return &usageError{fmt.Errorf(`%w; see "%s --help"`, err, cmd.CommandPath())}
	}
	ctx := cmd.Context()
	if cause := context.Cause(ctx); ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, cause)) {
		return cause // net/http reports the one or the other
	}
	return a.explain(err)
}

// close undoes what was set up for the command, the latest first.
func (a *app) close() {
	for len(a.cleanup) > 0 {
		last := len(a.cleanup) - 1
		a.cleanup[last]()
		a.cleanup = a.cleanup[:last]
	}
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
