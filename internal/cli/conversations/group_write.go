package conversations

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

func groupCreateCommand(inv *session.Invocation) *cobra.Command {
	var g client.Group
	cmd := &cobra.Command{
		Use:               "create NAME",
		Short:             "Save a group",
		Long:              groupsHelp,
		Example:           "  enqueue groups create Johns --criteria conversation.metadata.agentId==johndoe",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if g.Criteria == "" {
				return exit.Usagef("a group needs --criteria")
			}
			g.Name = args[0]
			made, err := s.API.CreateGroup(ctx, g)
			if err != nil {
				return err
			}
			return showGroup(ctx, s, made.ID)
		}),
	}
	cmd.Flags().StringVar(&g.Description, "description", "", "what it is for")
	cmd.Flags().StringVar(&g.Criteria, "criteria", "", "which conversations belong to it, in RSQL")
	return cmd
}

func groupUpdateCommand(inv *session.Invocation) *cobra.Command {
	var to client.Group
	cmd := &cobra.Command{
		Use:               "update ID",
		Short:             "Change a group",
		Long:              "Changes what the flags name, leaves the rest alone, and shows the group as it is then.",
		Example:           `  enqueue groups update 5815170693595136 --name "The Johns"`,
		Args:              command.OneID("group"),
		ValidArgsFunction: inv.Offer("group"),
	}
	flags := cmd.Flags()
	flags.StringVar(&to.Name, "name", "", "another name")
	flags.StringVar(&to.Description, "description", "", "what it is for")
	flags.StringVar(&to.Criteria, "criteria", "", "which conversations belong to it, in RSQL")
	cmd.RunE = inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
		if !flags.Changed("name") && !flags.Changed("description") && !flags.Changed("criteria") {
			return exit.Usagef("there is nothing to change; name it, for instance with --criteria")
		}
		g, err := s.API.Group(ctx, args[0])
		if err != nil {
			return err
		}
		for _, field := range [...]struct {
			flag     string
			old, new *string
		}{{"name", &g.Name, &to.Name}, {"description", &g.Description, &to.Description}, {"criteria", &g.Criteria, &to.Criteria}} {
			if flags.Changed(field.flag) {
				*field.old = *field.new
			}
		}
		if _, err := s.API.UpdateGroup(ctx, g); err != nil {
			return err
		}
		return showGroup(ctx, s, args[0])
	})
	return cmd
}
