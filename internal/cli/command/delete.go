package command

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// Delete makes the command that deletes a thing, whose address is path and its
// id. The consequence is a sentence for the help.
func Delete(inv *session.Invocation, thing, consequence string, path ...string) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a " + thing,
		Long: fmt.Sprintf("Deletes a %s, for good. %s\n\nIt asks before, unless --yes is given; where nobody can be asked, --yes is required.",
			thing, consequence),
		Args:              OneID(thing),
		ValidArgsFunction: inv.Offer(thing),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes {
				if err := confirm(cmd.Context(), inv, fmt.Sprintf("Delete the %s %s for good?", thing, args[0])); err != nil {
					return err
				}
			}
			return inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
				return remove(ctx, s, thing, append(path, args[0]))
			})(cmd, args)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// remove deletes what is under path, whose last segment is the id.
func remove(ctx context.Context, s *session.Session, thing string, path []string) error {
	document, err := s.Do(ctx, client.Request{Method: http.MethodDelete, Path: path, Repeatable: true})
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, func(p output.Printer, _ json.RawMessage) error {
		return p.Linef("deleted the %s %s", thing, output.Clean(path[len(path)-1]))
	})
}

// confirm asks, and returns nil if the answer is yes.
func confirm(ctx context.Context, inv *session.Invocation, question string) error {
	if !output.IsTerminal(inv.In) {
		return exit.Usagef("nobody can be asked here; pass --yes to delete")
	}
	return ask(ctx, inv.In, inv.Err, question)
}

// ask writes a question and reads the line that answers it. A read from a
// terminal does not end with a context. So when ctx ends first, the read is
// abandoned, and ends with the process.
func ask(ctx context.Context, in io.Reader, out io.Writer, question string) error {
	fmt.Fprintf(out, "%s [y/N] ", output.Clean(question))
	type reply struct {
		line string
		err  error
	}
	replies := make(chan reply, 1)
	go func() {
		line, err := bufio.NewReader(in).ReadString('\n')
		replies <- reply{line, err}
	}()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case r := <-replies:
		switch answer := strings.ToLower(strings.TrimSpace(r.line)); {
		case answer == "y" || answer == "yes":
			return nil
		case errors.Is(r.err, io.EOF) && answer == "":
			return exit.Usagef("there was no answer; pass --yes to delete")
		default:
			return errDeclined
		}
	}
}

// errDeclined reports that the answer was no.
var errDeclined = errors.New("nothing was deleted")
