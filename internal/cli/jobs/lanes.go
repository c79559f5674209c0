package jobs

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const lanesHelp = `A lane is what a conversation has to do, job by job, or what is to be told of a job, event
by event. One is failing while its head is attempted again and again, and held when nothing
of it goes on until somebody says so.`

func lanesCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "lanes",
		Short: "List conversations in trouble, and have them go on",
		Long:  lanesHelp,
	}, listLanesCommand(inv), laneCommand(inv, "retry", "Attempt the head of a lane again, now"),
		laneCommand(inv, "resume", "Have a lane go on that is held"), laneCommand(inv, "skip", "Give the head of a lane up, and go on"))
}

func listLanesCommand(inv *session.Invocation) *cobra.Command {
	var state, cursor string
	var webhooks bool
	var limit int
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List lanes, those in trouble longest first",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}}
			for name, value := range map[string]string{"state": state, "cursor": cursor} {
				if value != "" {
					query.Set(name, value)
				}
			}
			if webhooks {
				query.Set("kind", "webhooks")
			}
			document, err := s.Get(ctx, query, "v1", "lanes")
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printLanes)
		}),
	}
	cmd.Flags().StringVar(&state, "state", "", "waiting, failing or held; default: the last two")
	cmd.Flags().StringVar(&cursor, "cursor", "", "where the page before ended")
	cmd.Flags().BoolVar(&webhooks, "webhooks", false, "of the webhooks of jobs, those that are held")
	cmd.Flags().IntVar(&limit, "limit", 50, "how many, 200 at most")
	return cmd
}

func laneCommand(inv *session.Invocation, verb, short string) *cobra.Command {
	return &cobra.Command{
		Use:               verb + " ID",
		Short:             short,
		Args:              command.OneID("lane"),
		ValidArgsFunction: inv.Offer("lane"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			document, err := s.Do(ctx, client.Request{Method: http.MethodPost, Path: []string{"v1", "lanes", args[0], verb}})
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printLane)
		}),
	}
}

// The documents of the API, as far as they are printed for people.
type (
	laneLine struct {
		Account, ID, State, Reason, Since, HeadJobID, NextAttemptAt string
		Waiting                                                     int64
		FailedAttempts                                              int
	}
	lanePage struct {
		Lanes      []laneLine
		NextCursor string
	}
)

func printLane(p output.Printer, l laneLine) error {
	return printLanes(p, lanePage{Lanes: []laneLine{l}})
}

func printLanes(p output.Printer, page lanePage) error {
	if len(page.Lanes) == 0 && page.NextCursor == "" {
		return p.Linef("no lanes")
	}
	rows := [][]string{{"LANE", "STATE", "SINCE", "WAITING", "HEAD JOB", "FAILED", "NEXT ATTEMPT", "REASON"}}
	owners := []string{"ACCOUNT"}
	for _, l := range page.Lanes {
		rows = append(rows, []string{
			l.ID, l.State, cmp.Or(l.Since, "-"), strconv.FormatInt(l.Waiting, 10), cmp.Or(l.HeadJobID, "-"),
			strconv.Itoa(l.FailedAttempts), cmp.Or(l.NextAttemptAt, "-"), cmp.Or(output.Clean(l.Reason), "-"),
		})
		owners = append(owners, l.Account)
	}
	if err := p.Table(owned(rows, owners)); err != nil || page.NextCursor == "" {
		return err
	}
	return p.Linef("more: --cursor %s", page.NextCursor)
}
