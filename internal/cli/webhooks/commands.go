// Package webhooks has the commands for webhooks: a receiver that verifies and
// prints them.
package webhooks

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{listenCommand(inv), webhooksCommand(inv), triggerCommand(inv)}
}
