package webhooks

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
	"github.com/turnwise/turnwise/internal/webhook"
)

const triggerHelp = `Trigger has a webhook arrive at a URL.

Without --event it submits a short text with the URL as its webhookUrl: a real job,
whose events the worker delivers. With --event it sends one event of a job that does
not exist, made and signed here, and shows what the receiver answers; no worker is
asked. The exit code is 1 if the receiver does not take it.

The event is signed with the secret of the try-out unless --secret or
TURNWISE_WEBHOOK_SECRET names another one. To see what a receiver does with an event
that comes again, give the same --job and --sequence twice.`

const triggerExamples = `  enqueue trigger http://127.0.0.1:9090/
  enqueue trigger https://example.com/hook --event completed --secret whsec_…
  enqueue trigger http://127.0.0.1:9090/ --event failed --job 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d --sequence 2`

// triggerFlags are the flags of the command trigger.
type triggerFlags struct {
	event    string
	secrets  []string
	job      string
	sequence int64
}

func triggerCommand(inv *session.Invocation) *cobra.Command {
	var f triggerFlags
	cmd := &cobra.Command{
		Use:               "trigger URL",
		Short:             "Have a webhook sent to a URL: those of a real job, or one event",
		Long:              triggerHelp,
		Example:           triggerExamples,
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := webhook.CheckURL(args[0]); err != nil {
				return exit.Usagef("the URL %w", err)
			}
			if f.event == "" {
				return triggerJob(cmd.Context(), inv, args[0])
			}
			return triggerEvent(cmd.Context(), inv, args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.event, "event", "", "send one event of this status: "+strings.Join(statuses(), ", "))
	flags.StringSliceVar(&f.secrets, "secret", nil, "secret to sign with, or several; default: the try-out's [TURNWISE_WEBHOOK_SECRET]")
	flags.StringVar(&f.job, "job", "", "job that the event is of; a random one by default")
	flags.Int64Var(&f.sequence, "sequence", 0, "sequence of the event; that of its status by default")
	return cmd
}

func statuses() []string {
	return []string{string(client.Scheduled), string(client.InProgress), string(client.Completed), string(client.Failed)}
}

// triggerJob submits a text whose job sends its events to a URL.
func triggerJob(ctx context.Context, inv *session.Invocation, url string) error {
	s, err := inv.Connect(ctx)
	if err != nil {
		return err
	}
	r, err := s.API.SubmitText(ctx, client.Append{
		Messages:   []client.NewMessage{{Content: "Hello. Did this webhook arrive?", From: client.Speaker{Name: "Trigger"}}},
		WebhookURL: url,
	})
	if err != nil {
		return err
	}
	if s.Out.JSON {
		return s.Out.Document(r)
	}
	inv.Warn("its events are on their way; enqueue job %s --attempts shows what became of them", r.JobID)
	return s.Out.Table([][]string{{"conversation", r.ConversationID}, {"job", r.JobID}})
}

// triggerEvent sends one event to a URL.
func triggerEvent(ctx context.Context, inv *session.Invocation, url string, f triggerFlags) error {
	secrets, err := signingSecrets(inv, f.secrets)
	if err != nil {
		return err
	}
	e, err := f.made(url)
	if err != nil {
		return err
	}
	// The URL is that of whoever has typed it, on their own machine.
	everywhere := webhook.NewGuard([]netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")})
	sender := webhook.NewSender(func(context.Context, string) ([]webhook.Secret, error) { return secrets, nil }, everywhere, webhook.SenderOptions{})
	defer sender.Close()
	r := sender.Send(ctx, e, 1)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := printAttempt(inv.Printer(), r.Attempt); err != nil {
		return err
	}
	if r.Outcome != webhook.Delivered {
		return fmt.Errorf("the receiver did not take the event: %s", cmp.Or(r.Attempt.Error, http.StatusText(r.Attempt.Code), "no answer"))
	}
	return nil
}

// made returns the event of the flags.
func (f triggerFlags) made(url string) (webhook.Event, error) {
	n := slices.Index(statuses(), f.event)
	if n < 0 {
		return webhook.Event{}, exit.Usagef("--event is %q, want one of %s", f.event, strings.Join(statuses(), ", "))
	}
	if f.sequence < 0 {
		return webhook.Event{}, exit.Usagef("--sequence is %d, want 1 or more", f.sequence)
	}
	return webhook.Event{
		JobID:          cmp.Or(f.job, uuid.NewString()),
		ConversationID: "1000000000000001",
		URL:            url,
		Status:         f.event,
		Sequence:       cmp.Or(f.sequence, min(int64(n)+1, 3)),
		OccurredAt:     time.Now(),
	}, nil
}

// signingSecrets returns what to sign with: the secrets that were given, or that
// of the try-out.
func signingSecrets(inv *session.Invocation, given []string) ([]webhook.Secret, error) {
	if own := inv.Tryout().WebhookSecret; len(given) == 0 && own != "" {
		given = []string{own}
	}
	if len(given) == 0 {
		return nil, exit.Usagef("there is no secret to sign with: pass --secret, or start the worker's try-out first")
	}
	var secrets []webhook.Secret
	for _, text := range given {
		s, err := webhook.ParseSecret(text)
		if err != nil {
			return nil, exit.Usagef("--secret: %w", err)
		}
		secrets = append(secrets, s)
	}
	return secrets, nil
}

// printAttempt prints what became of an attempt.
func printAttempt(p output.Printer, a webhook.Attempt) error {
	if p.JSON {
		return p.Document(a)
	}
	rows := [][]string{{"event", a.EventID}, {"status", a.Status}, {"outcome", string(a.Outcome)}}
	if a.Code != 0 {
		rows = append(rows, []string{"answer", strings.TrimSpace(strconv.Itoa(a.Code) + " " + a.Answer)})
	}
	if a.Error != "" {
		rows = append(rows, []string{"error", a.Error})
	}
	return p.Table(append(rows, []string{"took", fmt.Sprintf("%.1f ms", a.Total)}))
}
