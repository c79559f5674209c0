package conversations

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

func membersCommand(inv *session.Invocation) *cobra.Command {
	list := memberListCommand(inv, "list ID")
	return command.Parent(memberListCommand(inv, "members ID"), list, memberUpdateCommand(inv))
}

func memberListCommand(inv *session.Invocation, use string) *cobra.Command {
	return &cobra.Command{
		Use:               use,
		Short:             "List the members of a conversation",
		Example:           "  enqueue members 5815170693595136",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return session.Show(ctx, s, printMembers, "v1", "conversations", args[0], "members")
		}),
	}
}

const memberUpdateHelp = `Gives a member another name or e-mail address. Messages and insights then show these.
A member that has the same address already becomes one with this one.`

func memberUpdateCommand(inv *session.Invocation) *cobra.Command {
	var m client.Member
	cmd := &cobra.Command{
		Use:               "update ID MEMBER",
		Short:             "Change a member of a conversation",
		Long:              memberUpdateHelp,
		Example:           `  enqueue members update 5815170693595136 8c1f5f0e-0b39-5b4c-9a0c-5b8f2f6e7a01 --name "Ana Lima"`,
		Args:              command.TwoIDs("conversation", "member"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if m.Name == "" && m.Email == "" {
				return exit.Usagef("there is nothing to change; pass --name or --email")
			}
			m.ID = args[1]
			return updateMember(ctx, s, args[0], m)
		}),
	}
	cmd.Flags().StringVar(&m.Name, "name", "", "name of the member")
	cmd.Flags().StringVar(&m.Email, "email", "", "e-mail address of the member")
	return cmd
}

// updateMember changes a member. The API requires a name, so the present one is
// sent if none is given.
func updateMember(ctx context.Context, s *session.Session, conversationID string, m client.Member) error {
	if m.Name == "" {
		all, err := s.API.Members(ctx, conversationID)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(known client.Member) bool { return known.ID == m.ID })
		if i < 0 {
			return &exit.APIError{Status: http.StatusNotFound, Message: "the conversation has no member with this id"}
		}
		m.Name = cmp.Or(all[i].Name, all[i].Email, m.Email)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("encode the member: %w", err)
	}
	document, err := s.Do(ctx, client.Request{
		Method:     http.MethodPut,
		Path:       []string{"v1", "conversations", conversationID, "members", m.ID},
		Body:       body,
		Repeatable: true,
	})
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, func(p output.Printer, _ json.RawMessage) error {
		return p.Linef("updated the member %s", output.Clean(m.ID))
	})
}

type memberList struct {
	Members []client.Member `json:"members"`
}

// printMembers writes a table.
func printMembers(p output.Printer, list memberList) error {
	if len(list.Members) == 0 {
		return p.Linef("no members")
	}
	rows := [][]string{{"ID", "NAME", "EMAIL"}}
	for _, m := range list.Members {
		rows = append(rows, []string{m.ID, cmp.Or(m.Name, "-"), cmp.Or(m.Email, "-")})
	}
	return p.Table(rows)
}
