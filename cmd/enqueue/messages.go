package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
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
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect(cmd.Context())
			if err != nil {
				return err
			}
			if follow {
				return c.followMessages(cmd.Context(), a.output(), args[0])
			}
			return c.showMessages(cmd.Context(), a.output(), args[0])
		},
	}
	cmd.Flags().BoolVarP(&follow, "follow", "f", false, "go on with new messages as they come")
	return cmd
}

// message is a stored sentence.
type message struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	From struct {
		Name  string `json:"name"`
		Email string `json:"email"`
	} `json:"from"`
	Start time.Time `json:"startTime"`
}

// messages returns the messages of a conversation as the API wrote them.
func (c *client) messages(ctx context.Context, id string) ([]json.RawMessage, error) {
	var answer struct {
		Messages []json.RawMessage `json:"messages"`
	}
	err := c.get(ctx, &answer, "v1", "conversations", id, "messages")
	return answer.Messages, err
}

func (c *client) showMessages(ctx context.Context, out output, id string) error {
	if out.json {
		var document json.RawMessage
		if err := c.get(ctx, &document, "v1", "conversations", id, "messages"); err != nil {
			return err
		}
		return out.document(document)
	}
	_, err := c.newMessages(ctx, out, id, map[string]bool{})
	return err
}

// followMessages prints messages until it is interrupted, which is how it is
// meant to end. A message may be stored with a time before those that were
// printed, so they are told apart by id.
func (c *client) followMessages(ctx context.Context, out output, id string) error {
	seen := map[string]bool{}
	delay := 50 * time.Millisecond
	for {
		found, err := c.newMessages(ctx, out, id, seen)
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
func (c *client) newMessages(ctx context.Context, out output, id string, seen map[string]bool) (found bool, err error) {
	stored, err := c.messages(ctx, id)
	if err != nil {
		return false, err
	}
	for _, raw := range stored {
		var m message
		if err := json.Unmarshal(raw, &m); err != nil {
			return found, fmt.Errorf("read a message: %w", err)
		}
		if seen[m.ID] {
			continue
		}
		seen[m.ID], found = true, true
		if err := out.message(raw, m); err != nil {
			return found, err
		}
	}
	return found, nil
}

func (o output) message(raw json.RawMessage, m message) error {
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
