package cli

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
)

// helpCommand returns the command help. Unlike cobra's own, it ends with an error
// where there is no such command, so that a script notices.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",
		// What every other command does first is not needed to read.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			var names []cobra.Completion
			if of, rest, err := cmd.Root().Find(args); err == nil && len(rest) == 0 {
				for _, sub := range of.Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), args)
			}
			of.InitDefaultHelpFlag() // which --help shows, too
			return of.Help()
		},
	}
}

func unknownCommand(root *cobra.Command, args []string) error {
	text := "there is no command " + strconv.Quote(strings.Join(args, " "))
	if near := root.SuggestionsFor(args[0]); len(near) > 0 && !slices.Contains(near, args[0]) {
		text += "; " + session.DidYouMean(near)
	}
	return errors.New(text)
}
