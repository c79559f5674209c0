// Package conversations has the commands that list, show, change and delete
// conversations and what belongs to them: messages, members, insights, topics,
// summaries, transcripts, and groups of conversations.
package conversations

import (
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// Commands returns the commands of the family.
func Commands(inv *session.Invocation) []*cobra.Command {
	return []*cobra.Command{
		conversationsCommand(inv),
		conversationCommand(inv),
		messagesCommand(inv),
		membersCommand(inv),
		transcriptCommand(inv),
		insightsCommand(inv),
		topicsCommand(inv),
		summaryCommand(inv),
		groupsCommand(inv),
	}
}

func conversationsCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "conversations",
		Short: "List, show, change and delete conversations",
	}, listCommand(inv), getCommand(inv), updateCommand(inv), deleteCommand(inv))
}

func deleteCommand(inv *session.Invocation) *cobra.Command {
	return command.Delete(inv, "conversation", "Its messages and insights go with it, and its unfinished jobs fail.", "v1", "conversations")
}
