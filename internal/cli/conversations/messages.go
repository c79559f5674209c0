package conversations

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
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

// The waits of --follow between two reads: the first after a message, then twice
// as long each time.
const (
	minFollowDelay = 50 * time.Millisecond
	maxFollowDelay = time.Second
)

// followPage is how many messages --follow reads at once.
const followPage = 1000

func messagesCommand(inv *session.Invocation) *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:               "messages ID",
		Short:             "Print the messages of a conversation",
		Long:              messagesHelp,
		Example:           "  enqueue messages 5815170693595136 --follow",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
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
	stored, err := readMessages(ctx, s, id)
	if err != nil {
		return err
	}
	for _, raw := range stored {
		if err := printRaw(s.Out, raw); err != nil {
			return err
		}
	}
	return nil
}

// followMessages prints messages until it is interrupted, which is its normal
// end.
func followMessages(ctx context.Context, s *session.Session, id string) error {
	f := follower{session: s, id: id, seen: map[string]bool{}}
	delay := minFollowDelay
	for {
		found, err := f.printNew(ctx)
		if err == nil {
			delay = min(2*delay, maxFollowDelay)
			if found {
				delay = minFollowDelay
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

// A follower prints the messages of a conversation as they come. It asks for what
// is behind the cursor of the last answer. An API without cursors answers all
// messages each time, of which the new ones have new ids: a message may be stored
// with a time before those that were printed.
type follower struct {
	session *session.Session
	id      string
	cursor  string
	seen    map[string]bool // ids, of an API without cursors
}

// printNew prints the messages that have come, and reports whether there were any.
func (f *follower) printNew(ctx context.Context) (found bool, err error) {
	for more := true; more; {
		query := url.Values{"limit": {strconv.Itoa(followPage)}}
		if f.cursor != "" {
			query.Set("cursor", f.cursor)
		}
		document, err := f.session.Get(ctx, query, "v1", "conversations", f.id, "messages")
		if err != nil {
			return found, err
		}
		var part struct {
			Messages []json.RawMessage `json:"messages"`
			Cursor   string            `json:"cursor"`
			More     bool              `json:"more"`
		}
		if err := json.Unmarshal(document, &part); err != nil {
			return found, fmt.Errorf("read messages: %w", err)
		}
		for _, raw := range part.Messages {
			printed, err := f.print(raw, part.Cursor != "")
			if err != nil {
				return found, err
			}
			found = found || printed
		}
		f.cursor, more = part.Cursor, part.More && part.Cursor != ""
	}
	return found, nil
}

// print prints a message unless it was printed before, which needs no look if it
// is known to be new.
func (f *follower) print(raw json.RawMessage, fresh bool) (printed bool, err error) {
	if !fresh {
		var m struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(raw, &m); err != nil {
			return false, fmt.Errorf("read a message: %w", err)
		}
		if f.seen[m.ID] {
			return false, nil
		}
		f.seen[m.ID] = true
	}
	return true, printRaw(f.session.Out, raw)
}

func printRaw(p output.Printer, raw json.RawMessage) error {
	var m client.Message
	if err := json.Unmarshal(raw, &m); err != nil {
		return fmt.Errorf("read a message: %w", err)
	}
	return printMessage(p, raw, m)
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
