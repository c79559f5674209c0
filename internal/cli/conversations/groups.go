package conversations

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const groupsHelp = `A group is the conversations of which its criteria hold, whenever they are asked for.
The criteria are written as a filter is, see "enqueue conversations list --help".`

func groupsCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "groups",
		Short: "List, show, save, change and delete groups, and list their conversations",
		Long:  groupsHelp,
	}, groupListCommand(inv), groupGetCommand(inv), groupCreateCommand(inv), groupUpdateCommand(inv),
		command.Delete(inv, "group", "Its conversations stay.", "v1", "manage", "group"), groupConversationsCommand(inv))
}

func groupListCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "list",
		Short:             "List the groups",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			return session.Show(ctx, s, printGroups, "v1", "manage", "groups")
		}),
	}
}

func groupGetCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a group",
		Args:              command.OneID("group"),
		ValidArgsFunction: inv.Offer("group"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return showGroup(ctx, s, args[0])
		}),
	}
}

func showGroup(ctx context.Context, s *session.Session, id string) error {
	return session.Show(ctx, s, printGroup, "v1", "manage", "group", id)
}

func groupConversationsCommand(inv *session.Invocation) *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:               "conversations ID",
		Short:             "List the conversations of a group",
		Long:              listHelp,
		Example:           "  enqueue groups conversations 5815170693595136 --since 30d",
		Args:              command.OneID("group"),
		ValidArgsFunction: inv.Offer("group"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return listConversations(ctx, s, inv, f, args[0])
		}),
	}
	f.register(cmd)
	return cmd
}

type groupList struct {
	Groups []client.Group `json:"groups"`
}

// printGroups writes a table.
func printGroups(p output.Printer, list groupList) error {
	if len(list.Groups) == 0 {
		return p.Linef("no groups")
	}
	rows := [][]string{{"ID", "NAME", "CRITERIA"}}
	for _, g := range list.Groups {
		rows = append(rows, []string{g.ID, g.Name, g.Criteria})
	}
	return p.Table(rows)
}

type oneGroup struct {
	Group client.Group `json:"group"`
}

func printGroup(p output.Printer, one oneGroup) error {
	g := one.Group
	return p.Table([][]string{
		{"group", g.ID},
		{"name", g.Name},
		{"description", cmp.Or(g.Description, "-")},
		{"criteria", g.Criteria},
	})
}
