// Package jobs has the commands that submit text and follow the jobs that
// appends become.
package jobs

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{textCommand(inv), jobCommand(inv), jobsCommand(inv), lanesCommand(inv)}
}
