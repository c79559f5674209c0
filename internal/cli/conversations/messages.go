package conversations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const messagesHelp = `Messages prints what is stored of a conversation, one sentence per line with its time
and its speaker. With --follow it goes on with new ones as they come, until Ctrl-C.

For programs (-o json) it is the API's document, or with --follow one message per line.`

// maxFollowDelay is the longest wait of --follow between two reads.
const maxFollowDelay = time.Second

func messagesCommand(inv *session.Invocation) *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:               "messages ID",
		Short:             "Print the messages of a conversation",
		Long:              messagesHelp,
		Example:           "  enqueue messages 5815170693595136 --follow",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if follow {
				return followMessages(ctx, s, args[0])
			}
			return showMessages(ctx, s, args[0])
		}),
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with new messages as they come")
	return cmd
}

// readMessages returns the messages of a conversation as the API wrote them.
func readMessages(ctx context.Context, s *session.Session, id string) ([]json.RawMessage, error) {
	var answer struct {
		Messages []json.RawMessage `json:"messages"`
	}
	err := s.Decode(ctx, &answer, "v1", "conversations", id, "messages")
	return answer.Messages, err
}

func showMessages(ctx context.Context, s *session.Session, id string) error {
	if s.Out.JSON {
		var document json.RawMessage
		if err := s.Decode(ctx, &document, "v1", "conversations", id, "messages"); err != nil {
			return err
		}
		return s.Out.Document(document)
	}
	_, err := printNew(ctx, s, id, map[string]bool{})
	return err
}

// followMessages prints messages until it is interrupted, which is its normal
// end. A message may be stored with a time before those that were printed, so
// new ones are recognised by their id.
func followMessages(ctx context.Context, s *session.Session, id string) error {
	seen := map[string]bool{}
	delay := 50 * time.Millisecond
	for {
		found, err := printNew(ctx, s, id, seen)
		if err == nil {
			delay = min(2*delay, maxFollowDelay)
			if found {
				delay = 50 * time.Millisecond
			}
			select {
			case <-time.After(delay):
			case <-ctx.Done():
				err = context.Cause(ctx)
			}
		}
		if errors.Is(context.Cause(ctx), exit.ErrInterrupted) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// printNew prints the messages whose ids are not in seen, adds their ids, and
// reports whether there were any.
func printNew(ctx context.Context, s *session.Session, id string, seen map[string]bool) (found bool, err error) {
	stored, err := readMessages(ctx, s, id)
	if err != nil {
		return false, err
	}
	for _, raw := range stored {
		var m client.Message
		if err := json.Unmarshal(raw, &m); err != nil {
			return found, fmt.Errorf("read a message: %w", err)
		}
		if seen[m.ID] {
			continue
		}
		seen[m.ID], found = true, true
		if err := printMessage(s.Out, raw, m); err != nil {
			return found, err
		}
	}
	return found, nil
}

func printMessage(p output.Printer, raw json.RawMessage, m client.Message) error {
	if p.JSON {
		return p.Document(raw)
	}
	speaker := m.From.Name
	if speaker == "" {
		speaker = m.From.Email
	}
	if speaker != "" {
		speaker += ": "
	}
	return p.Linef("%s  %s", output.Time(m.Start), output.Clean(speaker+m.Text))
}
