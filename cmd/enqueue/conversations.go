package main

import "github.com/spf13/cobra"

func (a *app) conversationsCommand() *cobra.Command {
	return family(&cobra.Command{
		Use:   "conversations",
		Short: "List, show, change and delete conversations",
	}, a.conversationsListCommand(), a.conversationGetCommand(), a.conversationUpdateCommand(), a.conversationDeleteCommand())
}
