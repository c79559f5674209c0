package command

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

// OneID checks the arguments of a command about one thing.
func OneID(thing string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) != 1:
			return fmt.Errorf("expected the id of one %s, got %d arguments", thing, len(args))
		case args[0] == "":
			return fmt.Errorf("the id of the %s is empty", thing)
		}
		return nil
	}
}

// TwoIDs checks the arguments of a command about a thing within another one.
func TwoIDs(outer, inner string) cobra.PositionalArgs {
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
