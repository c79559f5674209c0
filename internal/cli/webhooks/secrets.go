package webhooks

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const secretsHelp = `Secrets lists what your webhooks are signed with, and replaces it.

A new secret signs beside the old ones of its scheme until the overlap is over, so
that receivers can be given it without losing an event. It is shown once.`

const secretsExamples = `  enqueue webhooks secrets
  enqueue webhooks secrets rotate --overlap 48h
  enqueue webhooks secrets rotate --scheme v1a     a key pair: receivers get the public key only
  enqueue webhooks secrets end 0a7dc21f4be8`

// secret is a secret as the API answers it.
type secret struct {
	ID        string    `json:"id"`
	Scheme    string    `json:"scheme"`
	Source    string    `json:"source"`
	Secret    string    `json:"secret"`
	PublicKey string    `json:"publicKey"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt"`
}

// secretsPath is where the API has the secrets.
func secretsPath(more ...string) []string {
	return append([]string{"v1", "webhooks", "secrets"}, more...)
}

func secretsCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:               "secrets",
		Short:             "List and replace what your webhooks are signed with",
		Long:              secretsHelp,
		Example:           secretsExamples,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			return session.Show(ctx, s, printSecrets, secretsPath()...)
		}),
	}, rotateCommand(inv), endCommand(inv))
}

func printSecrets(p output.Printer, list struct{ Secrets []secret }) error {
	rows := [][]string{{"ID", "SCHEME", "SOURCE", "CREATED", "EXPIRES", "PUBLIC KEY"}}
	for _, s := range list.Secrets {
		rows = append(rows, []string{s.ID, s.Scheme, s.Source, date(s.CreatedAt), date(s.ExpiresAt), s.PublicKey})
	}
	return p.Table(rows)
}

// date writes a time for people, and nothing for none.
func date(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04:05Z")
}

func rotateCommand(inv *session.Invocation) *cobra.Command {
	var scheme string
	var overlap time.Duration
	cmd := &cobra.Command{
		Use:               "rotate",
		Short:             "Make a secret that replaces those of its scheme",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if overlap < 0 {
				return exit.Usagef("--overlap is %s, want 0s or more", overlap)
			}
			s, err := inv.Connect(cmd.Context())
			if err != nil {
				return err
			}
			return rotate(cmd.Context(), s, scheme, overlap)
		},
	}
	cmd.Flags().StringVar(&scheme, "scheme", "v1", "v1 for a shared secret, v1a for a key pair (ed25519)")
	cmd.Flags().DurationVar(&overlap, "overlap", 24*time.Hour, "how long those that are replaced sign still; 0s ends them at once")
	return cmd
}

func rotate(ctx context.Context, s *session.Session, scheme string, overlap time.Duration) error {
	body, err := json.Marshal(map[string]any{"scheme": scheme, "overlapSeconds": overlap.Seconds()})
	if err != nil {
		return fmt.Errorf("write the request for a secret: %w", err)
	}
	document, err := s.Do(ctx, client.Request{Method: http.MethodPost, Path: secretsPath(), Body: body})
	if err != nil {
		return err
	}
	return output.Show(s.Out, document, func(p output.Printer, made secret) error {
		rows := [][]string{{"id", made.ID}, {"scheme", made.Scheme}}
		if made.Secret != "" {
			rows = append(rows, []string{"secret", made.Secret + "  (not shown again)"})
		}
		if made.PublicKey != "" {
			rows = append(rows, []string{"public key", made.PublicKey})
		}
		return p.Table(rows)
	})
}

func endCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "end ID",
		Short:             "Have a secret sign no longer",
		Args:              cobra.ExactArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if strings.TrimSpace(args[0]) == "" {
				return exit.Usagef("the id of the secret is empty")
			}
			_, err := s.Do(ctx, client.Request{Method: http.MethodDelete, Path: secretsPath(args[0])})
			if err != nil || s.Out.JSON {
				return err
			}
			return s.Out.Linef("ended %s", output.Clean(args[0]))
		}),
	}
}
