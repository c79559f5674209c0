package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// family makes cmd a command whose first argument is one of subs. One that
// runs by itself as well keeps its own arguments.
func family(cmd *cobra.Command, subs ...*cobra.Command) *cobra.Command {
	cmd.AddCommand(subs...)
	if cmd.RunE != nil {
		return cmd
	}
	var verbs []string
	for _, sub := range subs {
		verbs = append(verbs, sub.Name())
	}
	slices.Sort(verbs)
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 0 {
			return fmt.Errorf("unknown command %q, want one of %s", args[0], strings.Join(verbs, ", "))
		}
		return fmt.Errorf("what to do is missing: one of %s", strings.Join(verbs, ", "))
	}
	cmd.RunE = func(*cobra.Command, []string) error { return nil } // cobra checks arguments only of what can run
	return cmd
}

// twoIDs is the check of arguments for a command about a thing of another one.
func twoIDs(outer, inner string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 2 {
			return fmt.Errorf("expected the id of a %s and that of a %s, got %d arguments", outer, inner, len(args))
		}
		if slices.Contains(args, "") {
			return errors.New("an id is empty")
		}
		return nil
	}
}
