package command

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// Parent makes cmd a command whose first argument is one of subs. One that
// runs by itself as well keeps its own arguments.
func Parent(cmd *cobra.Command, subs ...*cobra.Command) *cobra.Command {
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
