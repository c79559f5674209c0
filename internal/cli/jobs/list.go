package jobs

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

func jobsCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "jobs",
		Short: "List jobs, show what became of one, cancel it or send it again",
		Long: `Lists the jobs of the account by their status, and shows one with its attempts, its
events and their deliveries. What waits can be cancelled, and what has failed sent again.`,
	}, listCommand(inv), showCommand(inv), cancelCommand(inv), retryCommand(inv))
}

const listHelp = `Lists jobs in the order in which they came into their status, the last ones first. A job
that has ended is listed for as long as the server keeps jobs. A line "more:" has the --cursor
of the next page. With --error, or of a conversation, a page may be short and have more.
With the operator's token they are those of --account, or of all accounts.`

func listCommand(inv *session.Invocation) *cobra.Command {
	params := map[string]*string{}
	var oldest, counts bool
	var limit int
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List jobs",
		Long:              listHelp,
		Example:           "  enqueue jobs list --status failed --error \"no luck\"\n  enqueue jobs list --conversation CONVERSATION --oldest",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}}
			for name, value := range params {
				if *value != "" {
					query.Set(name, *value)
				}
			}
			if oldest {
				query.Set("order", "oldest")
			}
			if counts {
				query.Set("counts", "true")
			}
			document, err := s.Get(ctx, query, "v1", "jobs")
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printJobs)
		}),
	}
	for _, f := range [][3]string{
		{"status", "status", "scheduled, in_progress, completed or failed"},
		{"conversation", "conversationId", "those of a conversation"},
		{"error", "error", "failed with a reason that has this text in it"},
		{"from", "from", "in their status since this time or later"},
		{"to", "to", "and until then"},
		{"cursor", "cursor", "where the page before ended"},
	} {
		params[f[1]] = cmd.Flags().String(f[0], "", f[2])
	}
	cmd.Flags().BoolVar(&oldest, "oldest", false, "the first ones first")
	cmd.Flags().BoolVar(&counts, "counts", false, "count all jobs by status, too")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many, 200 at most")
	return cmd
}

func showCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID",
		Short:             "Show a job with its attempts, its events and their deliveries",
		Args:              command.OneID("job"),
		ValidArgsFunction: inv.Offer("job"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return session.Show(ctx, s, printDetail, "v1", "jobs", args[0])
		}),
	}
}

const cancelHelp = `Cancels a job that waits. Its text is gone at once, and will not be appended. The job keeps
its place, and is failed when its turn comes.`

func cancelCommand(inv *session.Invocation) *cobra.Command {
	return changeCommand(inv, "cancel ID", "Cancel a job that waits", cancelHelp, printDetail)
}

const retryHelp = `Sends a job that has failed again, as a new job at the end of its conversation. Within a day
a job is sent again once, however often the command is repeated.`

func retryCommand(inv *session.Invocation) *cobra.Command {
	return changeCommand(inv, "retry ID", "Send a job that has failed again, as a new one", retryHelp, printRetried)
}

// changeCommand returns a command that does what its name says to a job.
func changeCommand[A any](inv *session.Invocation, use, short, long string, text func(output.Printer, A) error) *cobra.Command {
	verb, _, _ := strings.Cut(use, " ")
	return &cobra.Command{
		Use:               use,
		Short:             short,
		Long:              long,
		Args:              command.OneID("job"),
		ValidArgsFunction: inv.Offer("job"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			document, err := s.Do(ctx, client.Request{Method: http.MethodPost, Path: []string{"v1", "jobs", args[0], verb}})
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, text)
		}),
	}
}

func printRetried(p output.Printer, r struct{ ConversationID, JobID string }) error {
	return p.Table([][]string{{"conversation", r.ConversationID}, {"job", r.JobID}})
}

// The documents of the API, as far as they are printed for people.
type (
	jobPage struct {
		Jobs []struct {
			Account, ID, ConversationID, Status, Since, Message string
		}
		NextCursor string
		Counts     map[string]int64
	}
	detail struct {
		raw client.Job

		Sequence       int64
		Lane           *struct{ Ahead, Behind int64 }
		FailedAttempts int
		NextAttemptAt  string
		CancelledAt    string
		Failures       []struct{ At, Reason string }
		Events         []jobEvent
	}
	jobEvent struct {
		Sequence                                   int64
		Status, State, OccurredAt, NextAt, EndedAt string
		Attempts                                   []attempt
	}
)

// UnmarshalJSON reads the fields that a job has everywhere, too.
func (d *detail) UnmarshalJSON(text []byte) error {
	type plain detail
	err := json.Unmarshal(text, (*plain)(d))
	return cmp.Or(err, json.Unmarshal(text, &d.raw))
}

func printJobs(p output.Printer, page jobPage) error {
	if len(page.Counts) > 0 {
		row := [][]string{{"SCHEDULED", "IN PROGRESS", "COMPLETED", "FAILED"}, nil}
		for _, s := range []string{"scheduled", "in_progress", "completed", "failed"} {
			row[1] = append(row[1], strconv.FormatInt(page.Counts[s], 10))
		}
		if err := p.Table(row); err != nil {
			return err
		}
	}
	if len(page.Jobs) == 0 && page.NextCursor == "" {
		return p.Linef("no jobs")
	}
	rows, owners := [][]string{{"JOB", "CONVERSATION", "STATUS", "SINCE", "REASON"}}, []string{"ACCOUNT"}
	for _, j := range page.Jobs {
		rows = append(rows, []string{j.ID, j.ConversationID, j.Status, cmp.Or(j.Since, "-"), cmp.Or(output.Clean(j.Message), "-")})
		owners = append(owners, j.Account)
	}
	if err := p.Table(owned(rows, owners)); err != nil || page.NextCursor == "" {
		return err
	}
	return p.Linef("more: --cursor %s", page.NextCursor)
}

// owned returns rows with whose they are before them, if that is told: to the operator.
func owned(rows [][]string, owners []string) [][]string {
	if len(owners) < 2 || owners[1] == "" {
		return rows
	}
	for n := range rows {
		rows[n] = slices.Insert(rows[n], 0, owners[n])
	}
	return rows
}

func printDetail(p output.Printer, d detail) error {
	if err := printJob(p, d.raw); err != nil {
		return err
	}
	if d.CancelledAt != "" {
		if err := p.Linef("it was cancelled at %s", d.CancelledAt); err != nil {
			return err
		}
	}
	if d.Lane != nil {
		if err := p.Linef("%d jobs of the conversation are before it, %d behind it", d.Lane.Ahead, d.Lane.Behind); err != nil {
			return err
		}
	}
	if d.NextAttemptAt != "" {
		if err := p.Linef("%d attempts failed, the next one is at %s", d.FailedAttempts, d.NextAttemptAt); err != nil {
			return err
		}
	}
	if len(d.Failures) > 0 {
		rows := [][]string{{"ATTEMPT FAILED", "REASON"}}
		for _, f := range d.Failures {
			rows = append(rows, []string{f.At, output.Clean(f.Reason)})
		}
		if err := p.Table(rows); err != nil {
			return err
		}
	}
	return printEvents(p, d.Events)
}

func printEvents(p output.Printer, events []jobEvent) error {
	if len(events) == 0 {
		return nil
	}
	rows := [][]string{{"EVENT", "STATUS", "STATE", "WHEN", "ATTEMPTS", "LAST ERROR"}}
	for _, e := range events {
		last := "-"
		if n := len(e.Attempts); n > 0 && e.Attempts[n-1].Error != "" {
			last = output.Clean(e.Attempts[n-1].Error)
		}
		rows = append(rows, []string{
			strconv.FormatInt(e.Sequence, 10), e.Status, e.State, cmp.Or(e.NextAt, e.EndedAt, e.OccurredAt, "-"), strconv.Itoa(len(e.Attempts)), last,
		})
	}
	return p.Table(rows)
}
