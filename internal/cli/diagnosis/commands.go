// Package diagnosis has the commands that tell what runs and whether it is well.
package diagnosis

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/telemetry"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{doctorCommand(inv), versionCommand(inv)}
}

func versionCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "version",
		Short:             "Print which build of enqueue this is",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			p := inv.Printer()
			if p.JSON {
				return p.Document(map[string]string{"version": telemetry.Version()})
			}
			return p.Linef("%s", telemetry.Version())
		},
	}
}
