package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

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
	noToken bool   // there is none to send there
}

// New returns an Invocation with these variables and streams.
func New(lookup LookupEnv, streams Streams) *Invocation {
	return &Invocation{Streams: streams, lookup: lookup}
}

// Printer returns where the results of the command go. There is colour on a
// terminal only, and not if NO_COLOR is set or the terminal is a dumb one.
func (inv *Invocation) Printer() output.Printer {
	noColor, _ := inv.lookup("NO_COLOR")
	kind, _ := inv.lookup("TERM")
	return output.Printer{
		Out:    inv.Out,
		JSON:   inv.json(),
		Colour: noColor == "" && kind != "dumb" && output.IsTerminal(inv.Out),
	}
}

func (inv *Invocation) json() bool { return inv.flags.output == "json" }

// Warn writes a line to standard error: for people, or with --output json an object.
func (inv *Invocation) Warn(format string, args ...any) {
	inv.tell(fmt.Sprintf(format, args...), func(text string) any {
		return struct {
			Warning string `json:"warning"`
		}{text}
	})
}

// Fail writes the error that the command ends with to standard error, as [Warn] does.
func (inv *Invocation) Fail(err error) {
	inv.tell(err.Error(), func(text string) any {
		return struct {
			Error string `json:"error"`
			Code  int    `json:"exitCode"`
		}{text, exit.Code(err)}
	})
}

func (inv *Invocation) tell(text string, document func(text string) any) {
	if inv.json() {
		_ = output.Printer{Out: inv.Err}.Document(document(text)) // there is nobody else to tell
		return
	}
	fmt.Fprintln(inv.Err, "enqueue:", output.Clean(text))
}

// Cause returns the error that a command ended with, so that it says why. What
// fails because the context is over failed for the reason that ended the
// context. What fails before the command has begun is a [*exit.UsageError].
func (inv *Invocation) Cause(cmd *cobra.Command, err error) error {
	if err == nil {
		return nil
	}
	if !inv.ready {
		return &exit.UsageError{Err: fmt.Errorf(`%w; see "%s --help"`, oneLine(err), helpful(cmd).CommandPath())}
	}
	ctx := cmd.Context()
	if cause := context.Cause(ctx); ctx.Err() != nil && (errors.Is(err, ctx.Err()) || errors.Is(err, cause)) {
		return cause // net/http reports the one or the other
	}
	return inv.explain(err)
}

// helpful returns the command whose help tells more.
func helpful(cmd *cobra.Command) *cobra.Command {
	if cmd.Name() == "help" {
		return cmd.Root()
	}
	return cmd
}

// oneLine puts what cobra suggests, in lines of their own, behind its error.
func oneLine(err error) error {
	text, suggested, found := strings.Cut(err.Error(), "\n\nDid you mean this?\n")
	if !found {
		return err
	}
	return fmt.Errorf("%s; %s", text, DidYouMean(strings.Fields(suggested)))
}

// DidYouMean asks whether one of the names was meant.
func DidYouMean(names []string) string {
	return `did you mean "` + strings.Join(names, `" or "`) + `"?`
}

// Explain turns an error of the API into one for people, as that of a command is.
func (inv *Invocation) Explain(err error) error { return inv.explain(err) }

// explain turns an error of the client into one that names flags and has an
// exit code.
func (inv *Invocation) explain(err error) error {
	if answer, ok := errors.AsType[*client.Error](err); ok {
		return &exit.APIError{Status: answer.StatusCode, Message: answer.Message, NoToken: inv.noToken}
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
