package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

func (a *app) membersCommand() *cobra.Command {
	list := a.membersListCommand("list ID")
	return family(a.membersListCommand("members ID"), list, a.memberUpdateCommand())
}

func (a *app) membersListCommand(use string) *cobra.Command {
	return &cobra.Command{
		Use:               use,
		Short:             "List the members of a conversation",
		Example:           "  enqueue members 5815170693595136",
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			document, err := s.read(ctx, nil, "v1", "conversations", args[0], "members")
			if err != nil {
				return err
			}
			return show(s.out, document, s.out.members)
		}),
	}
}

const memberUpdateHelp = `Gives a member another name or e-mail address. Messages and insights then show these.
A member that has the same address already becomes one with this one.`

func (a *app) memberUpdateCommand() *cobra.Command {
	var m client.Member
	cmd := &cobra.Command{
		Use:               "update ID MEMBER",
		Short:             "Change a member of a conversation",
		Long:              memberUpdateHelp,
		Example:           `  enqueue members update 5815170693595136 8c1f5f0e-0b39-5b4c-9a0c-5b8f2f6e7a01 --name "Ana Lima"`,
		Args:              twoIDs("conversation", "member"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			if m.Name == "" && m.Email == "" {
				return usagef("there is nothing to change; pass --name or --email")
			}
			m.ID = args[1]
			return s.updateMember(ctx, args[0], m)
		}),
	}
	cmd.Flags().StringVar(&m.Name, "name", "", "name of the member")
	cmd.Flags().StringVar(&m.Email, "email", "", "e-mail address of the member")
	return cmd
}

// updateMember changes a member. The API demands a name, so the present one
// is sent where none is given.
func (s *session) updateMember(ctx context.Context, conversationID string, m client.Member) error {
	if m.Name == "" {
		all, err := s.api.Members(ctx, conversationID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(known client.Member) bool { return known.ID == m.ID })
		if i < 0 {
			return &apiError{Status: http.StatusNotFound, Message: "the conversation has no member with this id"}
		}
		m.Name = cmp.Or(all[i].Name, all[i].Email, m.Email)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the member: %w", err)
	}
	document, err := s.do(ctx, client.Request{
		Method:     http.MethodPut,
		Path:       []string{"v1", "conversations", conversationID, "members", m.ID},
		Body:       body,
		Repeatable: true,
	})
	if err != nil {
		return err
	}
	return show(s.out, document, func(json.RawMessage) error {
		return s.out.linef("updated the member %s", clean(m.ID))
	})
}

type memberList struct {
	Members []client.Member `json:"members"`
}

// members writes a table.
func (o output) members(list memberList) error {
	if len(list.Members) == 0 {
		return o.linef("no members")
	}
	rows := [][]string{{"ID", "NAME", "EMAIL"}}
	for _, m := range list.Members {
		rows = append(rows, []string{m.ID, cmp.Or(m.Name, "-"), cmp.Or(m.Email, "-")})
	}
	return o.table(rows)
}
