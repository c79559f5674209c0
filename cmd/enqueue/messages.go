package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const messagesHelp = `Messages prints what is stored of a conversation, one sentence per line with its time
and its speaker. With --follow it goes on with new ones as they come, until Ctrl-C.

For programs (-o json) it is the API's document, or with --follow one message per line.`

// followEvery is how often --follow looks for more.
const followEvery = time.Second

func (a *app) messagesCommand() *cobra.Command {
	var follow bool
	cmd := &cobra.Command{
		Use:               "messages ID",
		Short:             "Print the messages of a conversation",
		Long:              messagesHelp,
		Example:           "  enqueue messages 5815170693595136 --follow",
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			if follow {
				return s.followMessages(ctx, args[0])
			}
			return s.showMessages(ctx, args[0])
		}),
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with new messages as they come")
	return cmd
}

// messages returns the messages of a conversation as the API wrote them.
func (s *session) messages(ctx context.Context, id string) ([]json.RawMessage, error) {
	var answer struct {
		Messages []json.RawMessage `json:"messages"`
	}
	err := s.get(ctx, &answer, "v1", "conversations", id, "messages")
	return answer.Messages, err
}

func (s *session) showMessages(ctx context.Context, id string) error {
	if s.out.json {
		var document json.RawMessage
		if err := s.get(ctx, &document, "v1", "conversations", id, "messages"); err != nil {
			return err
		}
		return s.out.document(document)
	}
	_, err := s.newMessages(ctx, id, map[string]bool{})
	return err
}

// followMessages prints messages until it is interrupted, which is how it is
// meant to end. A message may be stored with a time before those that were
// printed, so they are told apart by id.
func (s *session) followMessages(ctx context.Context, id string) error {
	seen := map[string]bool{}
	delay := 50 * time.Millisecond
	for {
		found, err := s.newMessages(ctx, id, seen)
		if err == nil {
			delay = min(2*delay, followEvery)
			if found {
				delay = 50 * time.Millisecond
			}
			err = pause(ctx, delay)
		}
		if errors.Is(context.Cause(ctx), errInterrupted) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// newMessages prints the messages that are not among the seen, adds them, and
// reports whether there were any.
func (s *session) newMessages(ctx context.Context, id string, seen map[string]bool) (found bool, err error) {
	stored, err := s.messages(ctx, id)
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
		if err := s.out.message(raw, m); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (o output) message(raw json.RawMessage, m client.Message) error {
	if o.json {
		return o.document(raw)
	}
	speaker := m.From.Name
	if speaker == "" {
		speaker = m.From.Email
	}
	if speaker != "" {
		speaker += ": "
	}
	return o.linef("%s  %s", instant(m.Start), clean(speaker+m.Text))
}
