package webhooks

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const webhooksHelp = `An event of a job, and how it stands, is a delivery. The endpoint is where it goes: scheme,
host and port. What was given up is dead; it is kept, and can be sent again.`

func webhooksCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "webhooks",
		Short: "List deliveries and endpoints, send again, pause, test",
		Long:  webhooksHelp,
	}, deliveriesCommand(inv), deliveryCommand(inv), endpointsCommand(inv), pauseCommand(inv, "pause", "Send nothing to an endpoint until it is resumed"),
		pauseCommand(inv, "resume", "Ask an endpoint again, at once"), resendCommand(inv), resendsCommand(inv), cancelCommand(inv),
		purgeCommand(inv), testCommand(inv), secretsCommand(inv))
}

const deliveriesHelp = `Lists what waits at all endpoints, or what the flags say. --dead lists what was given up;
--job and --conversation list all, whatever became of it: what was delivered has no other
list. A line "more:" has the --cursor of the next page.`

func deliveriesCommand(inv *session.Invocation) *cobra.Command {
	params := map[string]*string{}
	var dead bool
	var limit int
	cmd := &cobra.Command{
		Use:               "deliveries",
		Short:             "List deliveries",
		Long:              deliveriesHelp,
		Example:           "  enqueue webhooks deliveries --dead --from 2026-05-01T00:00:00Z\n  enqueue webhooks deliveries --job JOB",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}}
			for name, value := range params {
				if *value != "" {
					query.Set(name, *value)
				}
			}
			if dead {
				query.Set("state", "dead")
			}
			document, err := s.Get(ctx, query, "v1", "webhooks", "deliveries")
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printDeliveries)
		}),
	}
	for _, f := range [][3]string{
		{"job", "jobId", "those of a job"},
		{"conversation", "conversationId", "those of a conversation"},
		{"endpoint", "endpointId", "those of an endpoint, by its id"},
		{"state", "state", "pending, retrying, delivered or dead"},
		{"from", "from", "given up at this time or later, with --dead"},
		{"to", "to", "and until then"},
		{"cursor", "cursor", "where the page before ended"},
	} {
		params[f[1]] = cmd.Flags().String(f[0], "", f[2])
	}
	cmd.Flags().BoolVar(&dead, "dead", false, "the same as --state dead")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many, 200 at most")
	return cmd
}

func deliveryCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "delivery ID",
		Short:             "Show a delivery with its attempts",
		Args:              command.OneID("delivery"),
		ValidArgsFunction: inv.Offer("delivery"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return session.Show(ctx, s, printDelivery, "v1", "webhooks", "deliveries", args[0])
		}),
	}
}

func endpointsCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "endpoints",
		Short:             "List where events go, and how that stands",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			return session.Show(ctx, s, printEndpoints, "v1", "webhooks", "endpoints")
		}),
	}
}

func pauseCommand(inv *session.Invocation, verb, short string) *cobra.Command {
	return &cobra.Command{
		Use:               verb + " ENDPOINT",
		Short:             short,
		Args:              command.OneID("endpoint"),
		ValidArgsFunction: inv.Offer("endpoint"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return change(ctx, s, http.MethodPost, nil, printEndpoint, "endpoints", args[0], verb)
		}),
	}
}

const resendHelp = `Sends an event again, by its id, that was delivered or given up. With --all or --endpoint it
sends again what is dead of the account or of the endpoint, since a time if --since says one:
in the background, at a --rate. "enqueue webhooks resends" shows how far it is.`

func resendCommand(inv *session.Invocation) *cobra.Command {
	var all bool
	var body resendRequest
	cmd := &cobra.Command{
		Use:               "resend [ID]",
		Short:             "Send an event again, or all that are dead",
		Long:              resendHelp,
		Example:           "  enqueue webhooks resend 6fa9bc98-5f9c-400f-8f84-30f0a5f37dde_2\n  enqueue webhooks resend --all --since 2026-05-01T00:00:00Z --rate 20",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			many := all || body.Endpoint != ""
			if many == (len(args) == 1) {
				return usage("resend takes the ID of a delivery, or --all, or --endpoint")
			}
			if !many {
				return change(ctx, s, http.MethodPost, nil, printDelivery, "deliveries", args[0], "resend")
			}
			text, err := json.Marshal(body)
			if err != nil {
				return err
			}
			return change(ctx, s, http.MethodPost, text, printResend, "resends")
		}),
	}
	cmd.Flags().BoolVar(&all, "all", false, "what is dead of the account")
	cmd.Flags().StringVar(&body.Endpoint, "endpoint", "", "what is dead of an endpoint, by its id")
	cmd.Flags().StringVar(&body.Since, "since", "", "given up at this time or later")
	cmd.Flags().IntVar(&body.Rate, "rate", 0, "events a second, 500 at most; default: 100")
	return cmd
}

func resendsCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "resends [ID]",
		Short:             "Show how far a resend is, or list them",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if len(args) == 1 {
				return session.Show(ctx, s, printResend, "v1", "webhooks", "resends", args[0])
			}
			return session.Show(ctx, s, printResends, "v1", "webhooks", "resends")
		}),
	}
}

func cancelCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "cancel RESEND",
		Short:             "Cancel a resend",
		Args:              command.OneID("resend"),
		ValidArgsFunction: inv.Offer("resend"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return change(ctx, s, http.MethodDelete, nil, printResend, "resends", args[0])
		}),
	}
}

func purgeCommand(inv *session.Invocation) *cobra.Command {
	var before string
	cmd := &cobra.Command{
		Use:               "purge ENDPOINT",
		Short:             "Drop what is dead of an endpoint",
		Args:              command.OneID("endpoint"),
		ValidArgsFunction: inv.Offer("endpoint"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			query := url.Values{}
			if before != "" {
				query.Set("before", before)
			}
			document, err := s.Do(ctx, client.Request{Method: http.MethodDelete, Path: []string{"v1", "webhooks", "endpoints", args[0], "dead"}, Query: query})
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printDropped)
		}),
	}
	cmd.Flags().StringVar(&before, "before", "", "only what was given up until then")
	return cmd
}

func testCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "test URL",
		Short:             "Have a test event sent to a URL by the worker",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			text, err := json.Marshal(map[string]string{"url": args[0]})
			if err != nil {
				return err
			}
			return change(ctx, s, http.MethodPost, text, printDelivery, "test")
		}),
	}
}

// change sends a request that changes something, and prints the answer.
func change[A any](ctx context.Context, s *session.Session, method string, body []byte, text func(output.Printer, A) error, path ...string) error {
	document, err := s.Do(ctx, client.Request{Method: method, Path: append([]string{"v1", "webhooks"}, path...), Body: body})
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, text)
}
