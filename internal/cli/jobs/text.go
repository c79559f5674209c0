package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const textHelp = `Text submits text to a new conversation or, with --conversation, appends it to one.

The input is a file, or standard input. If it begins with { it is a JSON body of the
API (POST /v1/process/text) and is sent as it is. Else it is plain text:

  Ana Lima: Shall we ship on Friday?      a line with a name begins a message;
  I would rather wait.                    the lines below go on with it
  Ben <ben@example.com>: Friday is fine.  an address tells people of one name apart

What another program has exported is refused here: "enqueue import" takes it.

A blank line begins another message by the same speaker; text without names becomes
one message per paragraph.

While the API is busy or away the request is repeated (see --retry) under one
idempotency key, so it takes effect once. Repeating the whole command makes another
append, unless both are given the same --idempotency-key.`

const textExamples = `  enqueue text chat.txt --wait
  printf 'Ana: Hello.\nBen: Hi.\n' | enqueue text --conversation 5815170693595136
  enqueue text body.json --webhook-url http://127.0.0.1:9090/ -o json`

// textFlags are the flags of the command text.
type textFlags struct {
	conversation   string
	name           string
	webhookURL     string
	key            string
	plain          bool
	detectPhrases  bool
	detectEntities bool
	wait           bool
}

func textCommand(inv *session.Invocation) *cobra.Command {
	var f textFlags
	cmd := &cobra.Command{
		Use:     "text [FILE|-]",
		Short:   "Submit text to a new conversation, or append to one",
		Long:    textHelp,
		Example: textExamples,
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.conversation == "" && cmd.Flags().Changed("conversation") {
				return exit.Usagef("--conversation is empty; leave it out to begin a new conversation")
			}
			if strings.ContainsFunc(f.key, unicode.IsControl) {
				return exit.Usagef("--idempotency-key has a control character in it, perhaps a line break")
			}
			return submitText(cmd.Context(), inv, args, f, f.fields(cmd))
		},
	}
	flags := cmd.Flags()
	flags.StringVarP(&f.conversation, "conversation", "c", "", "append to the conversation with this id")
	flags.StringVar(&f.name, "name", "", "name of the conversation")
	flags.StringVar(&f.webhookURL, "webhook-url", "", "where the status changes of the job are POSTed")
	flags.BoolVar(&f.plain, "plain", false, "take the input as plain text, whatever it looks like")
	flags.BoolVar(&f.detectPhrases, "detect-phrases", false, "find phrases that call for action")
	flags.BoolVar(&f.detectEntities, "detect-entities", false, "find entities")
	flags.StringVar(&f.key, "idempotency-key", "", "the append takes effect once per key and day; random by default")
	flags.BoolVarP(&f.wait, "wait", "w", false, "show the status changes and end as the job does")
	return cmd
}

// fields returns the members of the request body that flags were given for.
func (f *textFlags) fields(cmd *cobra.Command) map[string]any {
	fields := map[string]any{}
	for _, field := range [...]struct {
		flag, name string
		value      any
	}{
		{"name", "name", f.name},
		{"webhook-url", "webhookUrl", f.webhookURL},
		{"detect-phrases", "detectPhrases", f.detectPhrases},
		{"detect-entities", "detectEntities", f.detectEntities},
	} {
		if cmd.Flags().Changed(field.flag) {
			fields[field.name] = field.value
		}
	}
	return fields
}

// submitText submits the input and prints the receipt, and with --wait the
// changes of the job.
func submitText(ctx context.Context, inv *session.Invocation, args []string, f textFlags, fields map[string]any) error {
	name := "-"
	if len(args) == 1 {
		name = args[0]
	}
	input, err := inv.ReadInput(name)
	if err != nil {
		return err
	}
	body, err := requestBody(input, f.plain, fields)
	if err != nil {
		return err
	}
	s, err := inv.Connect(ctx)
	if err != nil {
		return err
	}
	sent := time.Now()
	r, err := submit(ctx, s, f.conversation, body, f.key)
	if err != nil {
		return err
	}
	if err := printReceipt(s.Out, r); err != nil || !f.wait {
		return err
	}
	_, err = watch(ctx, s, r.JobID, sent)
	return err
}

// submit sends an append, or a new conversation if conversationID is empty. The
// body is sent as it is, because it may be the user's own JSON.
func submit(ctx context.Context, s *session.Session, conversationID string, body []byte, key string) (client.Receipt, error) {
	r := client.Request{
		Method:         http.MethodPost,
		Path:           []string{"v1", "process", "text"},
		Body:           body,
		IdempotencyKey: cmp.Or(key, rand.Text()),
	}
	if conversationID != "" {
		r.Method, r.Path = http.MethodPut, append(r.Path, conversationID)
	}
	answer, err := s.Do(ctx, r)
	if err != nil {
		return client.Receipt{}, err
	}
	var receipt client.Receipt
	if err := json.Unmarshal(answer, &receipt); err != nil {
		return client.Receipt{}, fmt.Errorf("read the answer to the append: %w", err)
	}
	if receipt.JobID == "" {
		return client.Receipt{}, errors.New("the answer to the append names no job; is --api the address of Turnwise?")
	}
	return receipt, nil
}

func printReceipt(p output.Printer, r client.Receipt) error {
	if p.JSON {
		return p.Document(r)
	}
	return p.Table([][]string{{"conversation", r.ConversationID}, {"job", r.JobID}})
}
