package conversations

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const conversationHelp = `Shows a conversation: its name, its times, its members, its metadata, its labels, how
many messages it has, and its ETag, which "conversations update --if-match" takes.`

// conversationCommand is the short form of "conversations get".
func conversationCommand(inv *session.Invocation) *cobra.Command {
	cmd := getCommand(inv)
	cmd.Use = "conversation ID"
	cmd.Short = `Show a conversation; short for "conversations get"`
	cmd.Example = "  enqueue conversation 5815170693595136"
	return cmd
}

func getCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a conversation",
		Long:              conversationHelp,
		Example:           "  enqueue conversations get 5815170693595136",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return showConversation(ctx, s, args[0])
		}),
	}
}

// showConversation shows a conversation. For programs it is the API's
// document, with the number of messages, the labels and the ETag as more
// members.
func showConversation(ctx context.Context, s *session.Session, id string) error {
	conv, err := s.API.Conversation(ctx, id)
	if err != nil {
		return err
	}
	stored, err := readMessages(ctx, s, id)
	if err != nil {
		return err
	}
	labels, err := s.API.Labels(ctx, id)
	if err != nil {
		return err
	}
	if s.Out.JSON {
		document := map[string]any{"messageCount": len(stored), "labels": labels, "etag": conv.ETag}
		return s.Out.Document(extended(conv.Document, document))
	}
	return printConversation(s.Out, conv, len(stored), labels)
}

// extended returns the members of a document together with those of more.
func extended(document json.RawMessage, more map[string]any) map[string]any {
	all := map[string]any{}
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal(document, &members) // the client has decoded it before
	for name, value := range members {
		all[name] = value
	}
	maps.Copy(all, more)
	return all
}

func printConversation(p output.Printer, conv client.Conversation, messages int, labels map[string]string) error {
	rows := [][]string{
		{"conversation", conv.ID},
		{"name", conv.Name},
		{"from", output.Time(conv.Start)},
		{"to", output.Time(conv.End)},
		{"messages", strconv.Itoa(messages)},
		{"etag", conv.ETag},
	}
	for _, m := range conv.Members {
		rows = append(rows, []string{"member", m.Name, m.Email, m.ID})
	}
	rows = append(rows, pairRows("metadata", conv.Metadata)...)
	rows = append(rows, pairRows("label", labels)...)
	return p.Table(rows)
}

// pairRows makes a row of each pair, in order of the keys.
func pairRows(what string, pairs map[string]string) [][]string {
	var rows [][]string
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		rows = append(rows, []string{what, key, pairs[key]})
	}
	return rows
}

// names lists members for one cell of a table.
func names(members []client.Member) string {
	all := make([]string, len(members))
	for i, m := range members {
		all[i] = m.Name
		if m.Name == "" {
			all[i] = m.Email
		}
	}
	return strings.Join(all, ", ")
}
