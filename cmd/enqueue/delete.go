package main

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
)

// deleteCommand deletes a thing that is found under path.
func (a *app) deleteCommand(thing, consequence string, path ...string) *cobra.Command {
	var yes bool
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a " + thing,
		Long: fmt.Sprintf("Deletes a %s, for good. %s\n\nIt asks before, unless --yes is given; where nobody can be asked, --yes is required.",
			thing, consequence),
		Args:              oneID(thing),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !yes {
				if err := a.confirm(cmd.Context(), fmt.Sprintf("Delete the %s %s for good?", thing, args[0])); err != nil {
					return err
				}
			}
			return a.calls(func(ctx context.Context, s *session, args []string) error {
				return s.remove(ctx, thing, append(path, args[0]))
			})(cmd, args)
		},
	}
	cmd.Flags().BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

func (a *app) conversationDeleteCommand() *cobra.Command {
	return a.deleteCommand("conversation", "Its messages and insights go with it, and its unfinished jobs fail.", "v1", "conversations")
}

// remove deletes what is under path, whose last segment is the id.
func (s *session) remove(ctx context.Context, thing string, path []string) error {
	document, err := s.do(ctx, client.Request{Method: http.MethodDelete, Path: path, Repeatable: true})
	if err != nil {
		return err
	}
	return show(s.out, document, func(json.RawMessage) error {
		return s.out.linef("deleted the %s %s", thing, clean(path[len(path)-1]))
	})
}

// confirm asks, and returns nil if the answer is yes.
func (a *app) confirm(ctx context.Context, question string) error {
	if !terminal(a.io.in) {
		return usagef("nobody can be asked here; pass --yes to delete")
	}
	return ask(ctx, a.io.in, a.io.err, question)
}

// ask puts a question that is answered by a line. A read from a terminal does
// not heed a context, so it is left behind, to end with the process, when ctx
// does.
func ask(ctx context.Context, in io.Reader, out io.Writer, question string) error {
	fmt.Fprintf(out, "%s [y/N] ", clean(question))
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
			return usagef("there was no answer; pass --yes to delete")
		default:
			return errDeclined
		}
	}
}

// errDeclined reports that the answer was no.
var errDeclined = errors.New("nothing was deleted")
