package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const jobHelp = `Job shows a job: its status, its conversation, its times, and why it failed. With
--watch it shows each change of the status until the job is completed or failed, and
with --attempts the webhook deliveries of the job so far.

If the job has failed, the exit code is 7.`

func jobCommand(inv *session.Invocation) *cobra.Command {
	var watch, attempts bool
	cmd := &cobra.Command{
		Use:               "job ID",
		Short:             "Show a job, or watch it to its end",
		Long:              jobHelp,
		Example:           "  enqueue job 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d --watch --attempts",
		Args:              command.OneID("job"),
		ValidArgsFunction: inv.Offer("job"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if watch {
				return watchJob(ctx, s, args[0], attempts)
			}
			return showJob(ctx, s, args[0], attempts)
		}),
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "show the status changes until the job is final")
	cmd.Flags().BoolVar(&attempts, "attempts", false, "show the webhook attempts too")
	return cmd
}

// showJob shows a job as it is now. For programs it is the API's document,
// with the attempts as one more member.
func showJob(ctx context.Context, s *session.Session, id string, withAttempts bool) error {
	var document map[string]json.RawMessage
	if err := s.Decode(ctx, &document, "v1", "job", id); err != nil {
		return err
	}
	j, err := decode[client.Job](document)
	if err != nil {
		return err
	}
	var attempts attemptList
	if withAttempts {
		if attempts, err = readAttempts(ctx, s, id); err != nil {
			return err
		}
		document["attempts"] = attempts.raw
	}
	switch {
	case s.Out.JSON:
		err = s.Out.Document(document)
	default:
		err = printJob(s.Out, j)
		if err == nil && withAttempts {
			err = printAttempts(s.Out, attempts)
		}
	}
	if err != nil {
		return err
	}
	return failure(j)
}

// watchJob shows the changes of a job until it is final, then its attempts.
func watchJob(ctx context.Context, s *session.Session, id string, withAttempts bool) error {
	final, ended := watch(ctx, s, id, time.Now())
	if !withAttempts || !final.Status.Final() {
		return ended
	}
	attempts, err := readAttempts(ctx, s, id)
	if err == nil {
		err = printAttempts(s.Out, attempts)
	}
	if err != nil {
		return err
	}
	return ended
}

// decode reads the fields of T from a document of the API.
func decode[T any](document map[string]json.RawMessage) (T, error) {
	var v T
	raw, err := json.Marshal(document)
	if err == nil {
		err = json.Unmarshal(raw, &v)
	}
	if err != nil {
		return v, fmt.Errorf("read the answer: %w", err)
	}
	return v, nil
}

func printJob(p output.Printer, j client.Job) error {
	rows := [][]string{
		{"job", j.ID},
		{"status", string(j.Status)},
		{"conversation", j.ConversationID},
		{"accepted", output.Time(j.AcceptedAt)},
		{"started", output.Time(j.StartedAt)},
		{"finished", output.Time(j.FinishedAt)},
	}
	if len(j.Analyzers) > 0 {
		rows = append(rows, []string{"analyzers", strings.Join(j.Analyzers, ", ")})
	}
	if j.Message != "" {
		rows = append(rows, []string{"reason", j.Message})
	}
	return p.Table(rows)
}
