package conversations

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

func insightsCommand(inv *session.Invocation) *cobra.Command {
	return analysisCommand(inv, "insights", "Print the questions, action items and follow-ups of a conversation", printInsights)
}

func topicsCommand(inv *session.Invocation) *cobra.Command {
	return analysisCommand(inv, "topics", "Print what a conversation is about", printTopics)
}

func summaryCommand(inv *session.Invocation) *cobra.Command {
	return analysisCommand(inv, "summary", "Print the messages that say most of a conversation", printSummary)
}

// analysisCommand makes a command that shows results of the analysis of a
// conversation. Its name is the last segment of their path as well.
func analysisCommand[A any](inv *session.Invocation, name, short string, text func(output.Printer, A) error) *cobra.Command {
	return &cobra.Command{
		Use:               name + " ID",
		Short:             short,
		Example:           "  enqueue " + name + " 5815170693595136",
		Args:              command.OneID("conversation"),
		ValidArgsFunction: inv.Offer("conversation"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return session.Show(ctx, s, text, "v1", "conversations", args[0], name)
		}),
	}
}

type insightList struct {
	Insights []client.Insight `json:"insights"`
}

func printInsights(p output.Printer, list insightList) error {
	if len(list.Insights) == 0 {
		return p.Linef("no insights")
	}
	rows := [][]string{{"TYPE", "SCORE", "ASSIGNEE", "DUE", "TEXT"}}
	for _, in := range list.Insights {
		due := "-"
		if !in.DueBy.IsZero() {
			due = in.DueBy.Format(time.DateOnly)
		}
		rows = append(rows, []string{in.Type, fmt.Sprintf("%.2f", in.Score), cmp.Or(in.Assignee.Name, in.Assignee.Email, "-"), due, in.Text})
	}
	return p.Table(rows)
}

type topicList struct {
	Topics []client.Topic `json:"topics"`
}

func printTopics(p output.Printer, list topicList) error {
	if len(list.Topics) == 0 {
		return p.Linef("no topics")
	}
	rows := [][]string{{"SCORE", "MESSAGES", "TEXT"}}
	for _, t := range list.Topics {
		rows = append(rows, []string{fmt.Sprintf("%.2f", t.Score), strconv.Itoa(len(t.MessageIDs)), t.Text})
	}
	return p.Table(rows)
}

type summaryList struct {
	Summary []client.SummaryItem `json:"summary"`
}

func printSummary(p output.Printer, list summaryList) error {
	for _, s := range list.Summary {
		if err := p.Linef("%s  %s", output.Time(s.Start), output.Clean(s.Text)); err != nil {
			return err
		}
	}
	return nil
}
