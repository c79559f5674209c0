package main

import (
	"cmp"
	"context"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const groupsHelp = `A group is the conversations of which its criteria hold, whenever they are asked for.
The criteria are written as a filter is, see "enqueue conversations list --help".`

func (a *app) groupsCommand() *cobra.Command {
	return family(&cobra.Command{
		Use:   "groups",
		Short: "List, show, save, change and delete groups, and list their conversations",
		Long:  groupsHelp,
	}, a.groupsListCommand(), a.groupGetCommand(), a.groupCreateCommand(), a.groupUpdateCommand(),
		a.deleteCommand("group", "Its conversations stay.", "v1", "manage", "group"), a.groupConversationsCommand())
}

func (a *app) groupsListCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "list",
		Short:             "List the groups",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, _ []string) error {
			document, err := s.read(ctx, nil, "v1", "manage", "groups")
			if err != nil {
				return err
			}
			return show(s.out, document, s.out.groups)
		}),
	}
}

func (a *app) groupGetCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a group",
		Args:              oneID("group"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			return s.showGroup(ctx, args[0])
		}),
	}
}

func (s *session) showGroup(ctx context.Context, id string) error {
	document, err := s.read(ctx, nil, "v1", "manage", "group", id)
	if err != nil {
		return err
	}
	return show(s.out, document, s.out.group)
}

func (a *app) groupConversationsCommand() *cobra.Command {
	var f listFlags
	cmd := &cobra.Command{
		Use:               "conversations ID",
		Short:             "List the conversations of a group",
		Long:              listHelp,
		Example:           "  enqueue groups conversations 5815170693595136 --since 30d",
		Args:              oneID("group"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			return s.listConversations(ctx, a, f, "v1", "groups", args[0], "conversations")
		}),
	}
	f.register(cmd)
	return cmd
}

type groupList struct {
	Groups []client.Group `json:"groups"`
}

// groups writes a table.
func (o output) groups(list groupList) error {
	if len(list.Groups) == 0 {
		return o.linef("no groups")
	}
	rows := [][]string{{"ID", "NAME", "CRITERIA"}}
	for _, g := range list.Groups {
		rows = append(rows, []string{g.ID, g.Name, g.Criteria})
	}
	return o.table(rows)
}

type oneGroup struct {
	Group client.Group `json:"group"`
}

func (o output) group(one oneGroup) error {
	g := one.Group
	return o.table([][]string{
		{"group", g.ID},
		{"name", g.Name},
		{"description", cmp.Or(g.Description, "-")},
		{"criteria", g.Criteria},
	})
}
