// Package manage has the commands for what an account saves and appends refer
// to: trackers.
package manage

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{trackersCommand(inv)}
}
