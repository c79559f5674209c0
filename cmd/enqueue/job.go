package main

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const jobHelp = `Job shows a job: its status, its conversation, its times, and why it failed. With
--watch it shows each change of the status until the job is completed or failed, and
with --attempts the webhook deliveries of the job so far.

If the job has failed, the exit code is 7.`

func (a *app) jobCommand() *cobra.Command {
	var watch, attempts bool
	cmd := &cobra.Command{
		Use:               "job ID",
		Short:             "Show a job, or watch it to its end",
		Long:              jobHelp,
		Example:           "  enqueue job 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d --watch --attempts",
		Args:              oneID("job"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			if watch {
				return s.watchJob(ctx, args[0], attempts)
			}
			return s.showJob(ctx, args[0], attempts)
		}),
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "show the status changes until the job is final")
	cmd.Flags().BoolVar(&attempts, "attempts", false, "show the webhook attempts too")
	return cmd
}

// showJob shows a job as it is now. For programs it is the API's document,
// with the attempts as one more member.
func (s *session) showJob(ctx context.Context, id string, withAttempts bool) error {
	var document map[string]json.RawMessage
	if err := s.get(ctx, &document, "v1", "job", id); err != nil {
		return err
	}
	j, err := decode[client.Job](document)
	if err != nil {
		return err
	}
	var attempts attemptList
	if withAttempts {
		if attempts, err = s.attempts(ctx, id); err != nil {
			return err
		}
		document["attempts"] = attempts.raw
	}
	switch {
	case s.out.json:
		err = s.out.document(document)
	default:
		err = s.out.job(j)
		if err == nil && withAttempts {
			err = s.out.attempts(attempts)
		}
	}
	if err != nil {
		return err
	}
	return failure(j)
}

// watchJob shows the changes of a job until it is final, then its attempts.
func (s *session) watchJob(ctx context.Context, id string, withAttempts bool) error {
	final, ended := s.watch(ctx, id, time.Now(), s.out.change)
	if !withAttempts || !final.Status.Final() {
		return ended
	}
	attempts, err := s.attempts(ctx, id)
	if err == nil {
		err = s.out.attempts(attempts)
	}
	if err != nil {
		return err
	}
	return ended
}

func (o output) job(j client.Job) error {
	rows := [][]string{
		{"job", j.ID},
		{"status", string(j.Status)},
		{"conversation", j.ConversationID},
		{"accepted", instant(j.AcceptedAt)},
		{"started", instant(j.StartedAt)},
		{"finished", instant(j.FinishedAt)},
	}
	if len(j.Analyzers) > 0 {
		rows = append(rows, []string{"analyzers", strings.Join(j.Analyzers, ", ")})
	}
	if j.Message != "" {
		rows = append(rows, []string{"reason", j.Message})
	}
	return o.table(rows)
}
