// Package benchmark has the command that measures Turnwise beside plain asynq.
// What it measures, and how, is package bench.
package benchmark

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{benchCommand(inv)}
}
