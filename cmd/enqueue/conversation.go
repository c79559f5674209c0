package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const conversationHelp = `Shows a conversation: its name, its times, its members, its metadata, its labels, how
many messages it has, and its ETag, which "conversations update --if-match" takes.`

// conversationCommand is the short form of "conversations get".
func (a *app) conversationCommand() *cobra.Command {
	cmd := a.conversationGetCommand()
	cmd.Use = "conversation ID"
	cmd.Short = `Show a conversation; short for "conversations get"`
	cmd.Example = "  enqueue conversation 5815170693595136"
	return cmd
}

func (a *app) conversationGetCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a conversation",
		Long:              conversationHelp,
		Example:           "  enqueue conversations get 5815170693595136",
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			return s.showConversation(ctx, args[0])
		}),
	}
}

// showConversation shows a conversation. For programs it is the API's
// document, with the number of messages, the labels and the ETag as more
// members.
func (s *session) showConversation(ctx context.Context, id string) error {
	conv, err := s.api.Conversation(ctx, id)
	if err != nil {
		return err
	}
	stored, err := s.messages(ctx, id)
	if err != nil {
		return err
	}
	labels, err := s.api.Labels(ctx, id)
	if err != nil {
		return err
	}
	if s.out.json {
		document := map[string]any{"messageCount": len(stored), "labels": labels, "etag": conv.ETag}
		return s.out.document(extended(conv.Document, document))
	}
	return s.out.conversation(conv, len(stored), labels)
}

// extended returns the members of a document and of more.
func extended(document json.RawMessage, more map[string]any) map[string]any {
	all := map[string]any{}
	members := map[string]json.RawMessage{}
	_ = json.Unmarshal(document, &members) // it has been read before
	for name, value := range members {
		all[name] = value
	}
	maps.Copy(all, more)
	return all
}

func (o output) conversation(conv client.Conversation, messages int, labels map[string]string) error {
	rows := [][]string{
		{"conversation", conv.ID},
		{"name", conv.Name},
		{"from", instant(conv.Start)},
		{"to", instant(conv.End)},
		{"messages", strconv.Itoa(messages)},
		{"etag", conv.ETag},
	}
	for _, m := range conv.Members {
		rows = append(rows, []string{"member", m.Name, m.Email, m.ID})
	}
	rows = append(rows, pairRows("metadata", conv.Metadata)...)
	rows = append(rows, pairRows("label", labels)...)
	return o.table(rows)
}

// pairRows makes a row of each pair, in order of the keys.
func pairRows(what string, pairs map[string]string) [][]string {
	var rows [][]string
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		rows = append(rows, []string{what, key, pairs[key]})
	}
	return rows
}

// names lists who takes part, for one cell of a table.
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

// decode reads the fields of T from a document of the API.
func decode[T any](document map[string]json.RawMessage) (T, error) {
	var v T
	raw, err := json.Marshal(document)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		return v, fmt.Errorf("read the answer: %w", err)
	}
	return v, nil
}
