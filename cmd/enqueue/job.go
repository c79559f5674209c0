package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/spf13/cobra"
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
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.connect(cmd.Context())
			if err != nil {
				return err
			}
			if watch {
				return c.watchJob(cmd.Context(), a.output(), args[0], attempts)
			}
			return c.showJob(cmd.Context(), a.output(), args[0], attempts)
		},
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "show the status changes until the job is final")
	cmd.Flags().BoolVar(&attempts, "attempts", false, "show the webhook attempts too")
	return cmd
}

// showJob shows a job as it is now. For programs it is the API's document,
// with the attempts as one more member.
func (c *client) showJob(ctx context.Context, out output, id string, withAttempts bool) error {
	var document map[string]json.RawMessage
	if err := c.get(ctx, &document, "v1", "job", id); err != nil {
		return err
	}
	j, err := decode[job](document)
	if err != nil {
		return err
	}
	var attempts attemptList
	if withAttempts {
		if attempts, err = c.attempts(ctx, id); err != nil {
			return err
		}
		document["attempts"] = attempts.raw
	}
	switch {
	case out.json:
		err = out.document(document)
	default:
		err = out.job(j)
		if err == nil && withAttempts {
			err = out.attempts(attempts)
		}
	}
	if err != nil {
		return err
	}
	return j.failure()
}

// watchJob shows the changes of a job until it is final, then its attempts.
func (c *client) watchJob(ctx context.Context, out output, id string, withAttempts bool) error {
	final, ended := c.watch(ctx, id, time.Now(), out.change)
	if !withAttempts || !final.final() {
		return ended
	}
	attempts, err := c.attempts(ctx, id)
	if err == nil {
		err = out.attempts(attempts)
	}
	if err != nil {
		return err
	}
	return ended
}

func (o output) job(j job) error {
	rows := [][]string{
		{"job", j.ID},
		{"status", j.Status},
		{"conversation", j.ConversationID},
		{"accepted", instant(j.AcceptedAt)},
		{"started", instant(j.StartedAt)},
		{"finished", instant(j.FinishedAt)},
	}
	if j.Message != "" {
		rows = append(rows, []string{"reason", j.Message})
	}
	return o.table(rows)
}
