package conversations

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const updateHelp = `Changes what the flags name, leaves the rest alone, and shows the conversation as it is
then. --metadata and --label set one value each and keep the others.

If somebody else changes the metadata at the same time, neither change is lost. With
--if-match nothing is changed unless the conversation still has that ETag, which
"conversations get" shows.`

const updateExamples = `  enqueue conversations update 5815170693595136 --name "Release call" --metadata stage=done
  enqueue conversations update 5815170693595136 --label team=blue --unset-label draft`

// mergeTries is how many times an update of the metadata is tried while the
// conversation changes between the read and the update.
const mergeTries = 10

// updateFlags are the flags of "conversations update".
type updateFlags struct {
	name, start, end string
	metadata, labels command.PairEdits
	ifMatch          string
	given            func(flag string) bool
}

func updateCommand(inv *session.Invocation) *cobra.Command {
	var e updateFlags
	cmd := &cobra.Command{
		Use:               "update ID",
		Short:             "Change a conversation",
		Long:              updateHelp,
		Example:           updateExamples,
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if err := updateConversation(ctx, s, args[0], e); err != nil {
				return err
			}
			return showConversation(ctx, s, args[0])
		}),
	}
	flags := cmd.Flags()
	flags.StringVar(&e.name, "name", "", "name of the conversation; empty takes it away")
	flags.StringVar(&e.start, "start", "", "when it began: RFC 3339, a day, or how long ago")
	flags.StringVar(&e.end, "end", "", "when it ended, likewise")
	flags.StringArrayVar(&e.metadata.Set, "metadata", nil, "KEY=VALUE to set in the metadata; may be repeated")
	flags.StringArrayVar(&e.metadata.Unset, "unset-metadata", nil, "KEY to take out of the metadata; may be repeated")
	flags.StringArrayVar(&e.labels.Set, "label", nil, "KEY=VALUE to set in the labels; may be repeated")
	flags.StringArrayVar(&e.labels.Unset, "unset-label", nil, "KEY to take out of the labels; may be repeated")
	flags.StringVar(&e.ifMatch, "if-match", "", "change it only if it has this ETag")
	e.given = flags.Changed
	return cmd
}

// updateConversation makes the changes. The labels are a resource of their own
// (/v2), so they take another request.
func updateConversation(ctx context.Context, s *session.Session, id string, e updateFlags) error {
	u, err := e.update(time.Now())
	if err != nil {
		return err
	}
	if u.Name != nil || u.Start != nil || u.End != nil || !e.metadata.IsZero() {
		if err := putConversation(ctx, s, id, u, e.metadata); err != nil {
			return err
		}
	} else if e.ifMatch != "" {
		return exit.Usagef("--if-match has no effect on labels alone")
	}
	if e.labels.IsZero() {
		return nil
	}
	labels, err := s.API.Labels(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.API.SetLabels(ctx, id, e.labels.Apply(labels))
	return err
}

// putConversation sends u. The API replaces the metadata as a whole, so the
// present metadata is read first, and the update is made only if the
// conversation still has the ETag it was read with.
func putConversation(ctx context.Context, s *session.Session, id string, u client.ConversationUpdate, metadata command.PairEdits) error {
	if metadata.IsZero() {
		_, err := s.API.UpdateConversation(ctx, id, u)
		return err
	}
	named := u.IfMatch != ""
	for try := 1; ; try++ {
		found, err := s.API.Conversation(ctx, id)
		if err != nil {
			return err
		}
		u.Metadata = metadata.Apply(found.Metadata)
		if !named {
			u.IfMatch = found.ETag
		}
		_, err = s.API.UpdateConversation(ctx, id, u)
		if named || try == mergeTries || !errors.Is(err, client.ErrChanged) {
			return err
		}
	}
}

// update returns the update that the flags describe, without the metadata.
func (e updateFlags) update(now time.Time) (client.ConversationUpdate, error) {
	u := client.ConversationUpdate{IfMatch: e.ifMatch}
	if err := errors.Join(e.metadata.Check("metadata"), e.labels.Check("label")); err != nil {
		return u, err
	}
	if e.given("name") {
		u.Name = &e.name
	}
	start, err := command.ParseTime("start", e.start, now)
	if err != nil {
		return u, err
	}
	end, err := command.ParseTime("end", e.end, now)
	if err != nil {
		return u, err
	}
	if !start.IsZero() {
		u.Start = &start
	}
	if !end.IsZero() {
		u.End = &end
	}
	if u.Name == nil && u.Start == nil && u.End == nil && e.metadata.IsZero() && e.labels.IsZero() {
		return u, exit.Usagef("there is nothing to change; name it, for instance with --name or --metadata")
	}
	return u, nil
}
