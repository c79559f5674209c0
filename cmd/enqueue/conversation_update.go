package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const conversationUpdateHelp = `Changes what the flags name, leaves the rest alone, and shows the conversation as it is
then. --metadata and --label set one value each and keep the others.

If somebody else changes the metadata at the same time, neither change is lost. With
--if-match nothing is changed unless the conversation still has that ETag, which
"conversations get" shows.`

const conversationUpdateExamples = `  enqueue conversations update 5815170693595136 --name "Release call" --metadata stage=done
  enqueue conversations update 5815170693595136 --label team=blue --unset-label draft`

// mergeTries is how often an update of the metadata is made anew because the
// conversation has changed since it was read.
const mergeTries = 10

// conversationEdits are the flags of "conversations update".
type conversationEdits struct {
	name, start, end string
	metadata, labels pairEdits
	ifMatch          string
	given            func(flag string) bool
}

func (a *app) conversationUpdateCommand() *cobra.Command {
	var e conversationEdits
	cmd := &cobra.Command{
		Use:               "update ID",
		Short:             "Change a conversation",
		Long:              conversationUpdateHelp,
		Example:           conversationUpdateExamples,
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			if err := s.updateConversation(ctx, args[0], e); err != nil {
				return err
			}
			return s.showConversation(ctx, args[0])
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&e.name, "name", "", "name of the conversation; empty takes it away")
	flags.StringVar(&e.start, "start", "", "when it began: RFC 3339, a day, or how long ago")
	flags.StringVar(&e.end, "end", "", "when it ended, likewise")
	flags.StringArrayVar(&e.metadata.set, "metadata", nil, "KEY=VALUE to set in the metadata; may be repeated")
	flags.StringArrayVar(&e.metadata.unset, "unset-metadata", nil, "KEY to take out of the metadata; may be repeated")
	flags.StringArrayVar(&e.labels.set, "label", nil, "KEY=VALUE to set in the labels; may be repeated")
	flags.StringArrayVar(&e.labels.unset, "unset-label", nil, "KEY to take out of the labels; may be repeated")
	flags.StringVar(&e.ifMatch, "if-match", "", "change it only if it has this ETag")
	e.given = func(flag string) bool { return flags.Lookup(flag).Changed }
	return cmd
}

// updateConversation makes the changes. The labels belong to the other API, so
// they take a request of their own.
func (s *session) updateConversation(ctx context.Context, id string, e conversationEdits) error {
	u, err := e.update(time.Now())
	if err != nil {
		return err
	}
	if u.Name != nil || u.Start != nil || u.End != nil || !e.metadata.none() {
		if err := s.putConversation(ctx, id, u, e.metadata); err != nil {
			return err
		}
	} else if e.ifMatch != "" {
		return usagef("--if-match has no effect on labels alone")
	}
	if e.labels.none() {
		return nil
	}
	labels, err := s.api.Labels(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.api.SetLabels(ctx, id, e.labels.apply(labels))
	return err
}

// putConversation sends u. The API replaces the metadata as a whole, so what
// is kept of it is read first, and the update holds only for what was read.
func (s *session) putConversation(ctx context.Context, id string, u client.ConversationUpdate, metadata pairEdits) error {
	if metadata.none() {
		_, err := s.api.UpdateConversation(ctx, id, u)
		return err
	}
	named := u.IfMatch != ""
	for try := 1; ; try++ {
		found, err := s.api.Conversation(ctx, id)
		if err != nil {
			return err
		}
		u.Metadata = metadata.apply(found.Metadata)
		if !named {
			u.IfMatch = found.ETag
		}
		_, err = s.api.UpdateConversation(ctx, id, u)
		if named || try == mergeTries || !errors.Is(err, client.ErrChanged) {
			return err
		}
	}
}

// update returns what the flags say, but for the metadata.
func (e conversationEdits) update(now time.Time) (client.ConversationUpdate, error) {
	u := client.ConversationUpdate{IfMatch: e.ifMatch}
	if err := errors.Join(e.metadata.check("metadata"), e.labels.check("label")); err != nil {
		return u, err
	}
	if e.given("name") {
		u.Name = &e.name
	}
	start, err := moment("start", e.start, now)
	if err != nil {
		return u, err
	}
	end, err := moment("end", e.end, now)
	if err != nil {
		return u, err
	}
	if !start.IsZero() {
		u.Start = &start
	}
	if !end.IsZero() {
		u.End = &end
	}
	if u.Name == nil && u.Start == nil && u.End == nil && e.metadata.none() && e.labels.none() {
		return u, usagef("there is nothing to change; name it, for instance with --name or --metadata")
	}
	return u, nil
}
