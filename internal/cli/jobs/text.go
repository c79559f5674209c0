package jobs

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
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
one message per paragraph. Line breaks within a message are kept. "Ana 00:05: Hello."
and "[00:05] Ana: Hello." say when it was said, from --start on. Text that is too long
for one append is sent as several, in order.

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
	webhookEvents  []string
	key            string
	plain          bool
	start          string
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
	flags.StringSliceVar(&f.webhookEvents, "webhook-events", nil, "of which of them: scheduled, in_progress, completed, failed; default: as the account has it")
	flags.BoolVar(&f.plain, "plain", false, "take the input as plain text, whatever it looks like")
	flags.StringVar(&f.start, "start", "", "when a text with times in it began; default: when the file was written, or now")
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
		{"webhook-events", "webhookEvents", f.webhookEvents},
		{"detect-phrases", "detectPhrases", f.detectPhrases},
		{"detect-entities", "detectEntities", f.detectEntities},
	} {
		if cmd.Flags().Changed(field.flag) {
			fields[field.name] = field.value
		}
	}
	return fields
}

// submitText submits the input and prints the receipts, and with --wait the
// changes of the jobs.
func submitText(ctx context.Context, inv *session.Invocation, args []string, f textFlags, fields map[string]any) error {
	name := "-"
	if len(args) == 1 {
		name = args[0]
	}
	in, err := f.read(ctx, inv, name)
	if err != nil {
		return err
	}
	bodies, notes, err := requestBodies(in, fields)
	if err != nil {
		return err
	}
	if longest := mostKey - len("-999999"); len(bodies) > 1 && len(f.key) > longest {
		return exit.Usagef("--idempotency-key has %d characters; this input needs %d appends, and a key of at most %d for them", len(f.key), len(bodies), longest)
	}
	for _, note := range notes {
		inv.Warn("%s", note)
	}
	s, err := inv.Connect(ctx)
	if err != nil {
		return err
	}
	sent := time.Now()
	receipts, err := submitAll(ctx, inv, s, f, bodies)
	if err != nil || !f.wait {
		return err
	}
	for _, r := range receipts {
		if _, err := watch(ctx, s, r.JobID, sent); err != nil {
			return err
		}
	}
	return nil
}

// mostKey is how long an idempotency key may be.
const mostKey = 255

// read reads the file, or standard input if name is "-". The times of a text count
// from --start, else from when the file was written, else from now.
func (f *textFlags) read(ctx context.Context, inv *session.Invocation, name string) (input, error) {
	began, err := command.ParseTime("start", f.start, time.Now())
	if err != nil {
		return input{}, err
	}
	content, err := inv.ReadInput(ctx, name)
	if err != nil {
		return input{}, err
	}
	if began.IsZero() {
		began = time.Now()
		if info, err := os.Stat(name); err == nil && name != "-" {
			began = info.ModTime()
		}
		began = began.UTC().Truncate(time.Second)
	}
	return input{content, f.plain, began}, nil
}

// submitAll submits the bodies in order, each as an append to the conversation of
// the first one, and prints the receipts. The jobs of a conversation are done in the
// order in which they are accepted, so that none has to wait for the one before.
func submitAll(ctx context.Context, inv *session.Invocation, s *session.Session, f textFlags, bodies [][]byte) ([]client.Receipt, error) {
	var receipts []client.Receipt
	conversation, base := f.conversation, cmp.Or(f.key, rand.Text())
	for i, body := range bodies {
		key := base
		if i > 0 {
			key = fmt.Sprintf("%s-%d", base, i+1)
		}
		r, err := submit(ctx, s, conversation, body, key)
		if err != nil {
			if i > 0 {
				inv.Warn("%d of %d parts were accepted; to send only the rest, repeat the command with --idempotency-key %s within a day", i, len(bodies), base)
			}
			return receipts, err
		}
		if err := printReceipt(s.Out, r, i == 0); err != nil {
			return receipts, err
		}
		conversation, receipts = r.ConversationID, append(receipts, r)
	}
	return receipts, nil
}

// submit sends an append, or a new conversation if conversationID is empty. The
// body is sent as it is, because it may be the user's own JSON.
func submit(ctx context.Context, s *session.Session, conversationID string, body []byte, key string) (client.Receipt, error) {
	r := client.Request{
		Method:         http.MethodPost,
		Path:           []string{"v1", "process", "text"},
		Body:           body,
		IdempotencyKey: key,
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

// printReceipt prints a receipt. Of those of one conversation only the first names it.
func printReceipt(p output.Printer, r client.Receipt, first bool) error {
	switch {
	case p.JSON:
		return p.Document(r)
	case first:
		return p.Table([][]string{{"conversation", r.ConversationID}, {"job", r.JobID}})
	default:
		return p.Linef("job           %s", r.JobID)
	}
}
