package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"
)

const conversationHelp = `Conversation shows a conversation: its name, its times, its members, its metadata and
how many messages it has.`

func (a *app) conversationCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "conversation ID",
		Short:             "Show a conversation",
		Long:              conversationHelp,
		Example:           "  enqueue conversation 5815170693595136",
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect(cmd.Context())
			if err != nil {
				return err
			}
			return c.showConversation(cmd.Context(), a.output(), args[0])
		},
	}
}

// conversation is the answer to GET /v1/conversations/{id}.
type conversation struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Start    time.Time         `json:"startTime"`
	End      time.Time         `json:"endTime"`
	Members  []member          `json:"members"`
	Metadata map[string]string `json:"metadata"`
}

type member struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

// showConversation shows a conversation. For programs it is the API's
// document, with the number of messages as one more member.
func (c *client) showConversation(ctx context.Context, out output, id string) error {
	var document map[string]json.RawMessage
	if err := c.get(ctx, &document, "v1", "conversations", id); err != nil {
		return err
	}
	stored, err := c.messages(ctx, id)
	if err != nil {
		return err
	}
	count := strconv.Itoa(len(stored))
	if out.json {
		document["messageCount"] = json.RawMessage(count)
		return out.document(document)
	}
	conv, err := decode[conversation](document)
	if err != nil {
		return err
	}
	rows := [][]string{
		{"conversation", conv.ID},
		{"name", conv.Name},
		{"from", instant(conv.Start)},
		{"to", instant(conv.End)},
		{"messages", count},
	}
	for _, m := range conv.Members {
		rows = append(rows, []string{"member", m.Name, m.Email, m.ID})
	}
	for _, key := range slices.Sorted(maps.Keys(conv.Metadata)) {
		rows = append(rows, []string{"metadata", key, conv.Metadata[key]})
	}
	return out.table(rows)
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
