package session

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
)

// Streams are the three streams of a process.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// LookupEnv finds an environment variable, as [os.LookupEnv] does.
type LookupEnv func(name string) (value string, found bool)

// An Invocation is one run of enqueue. Close it at the end.
type Invocation struct {
	Streams
	lookup  LookupEnv
	flags   globalFlags
	cleanup []func()
	ready   bool   // the command line was understood
	where   string // the API, in words, once it is known
}

// New returns an Invocation with these variables and streams.
func New(lookup LookupEnv, streams Streams) *Invocation {
	return &Invocation{Streams: streams, lookup: lookup}
}

// Printer returns where the results of the command go. There is colour on a
// terminal only, and not if NO_COLOR is set.
func (inv *Invocation) Printer() output.Printer {
	noColor, _ := inv.lookup("NO_COLOR")
	return output.Printer{
		Out:    inv.Out,
		JSON:   inv.flags.output == "json",
		Colour: noColor == "" && output.IsTerminal(inv.Out),
	}
}

// Warn writes a line for people to standard error.
func (inv *Invocation) Warn(format string, args ...any) {
	fmt.Fprintln(inv.Err, "enqueue:", output.Clean(fmt.Sprintf(format, args...)))
}

// Cause returns the error that a command ended with, so that it says why. What
// fails because the context is over failed for the reason that ended the
// context. What fails before the command has begun is a [*exit.UsageError].
func (inv *Invocation) Cause(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	if !inv.ready {
		return &exit.UsageError{Err: fmt.Errorf(`%w; see "%s --help"`, err, cmd.CommandPath())}
	}
	ctx := cmd.Context()
	if cause := context.Cause(ctx); ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, cause)) {
		return cause // net/http reports the one or the other
	}
	return inv.explain(err)
}

// explain turns an error of the client into one that names flags and has an
// exit code.
func (inv *Invocation) explain(err error) error {
	if answer, ok := errors.AsType[*client.Error](err); ok {
		return &exit.APIError{Status: answer.StatusCode, Message: answer.Message}
	}
	if lost, ok := errors.AsType[*client.ConnectionError](err); ok {
		return &exit.UnreachableError{Where: inv.where, Err: lost.Err}
	}
	if errors.Is(err, client.ErrNotAPI) {
		return fmt.Errorf("%w; is --api the address of Turnwise?", err)
	}
	return err
}

// Close undoes what was set up for the command, the latest first.
func (inv *Invocation) Close() {
	for len(inv.cleanup) > 0 {
		last := len(inv.cleanup) - 1
		inv.cleanup[last]()
		inv.cleanup = inv.cleanup[:last]
	}
}
