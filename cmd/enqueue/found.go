package main

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

func (a *app) insightsCommand() *cobra.Command {
	return foundCommand(a, "insights", "Print the questions, action items and follow-ups of a conversation", output.insights)
}

func (a *app) topicsCommand() *cobra.Command {
	return foundCommand(a, "topics", "Print what a conversation is about", output.topics)
}

func (a *app) summaryCommand() *cobra.Command {
	return foundCommand(a, "summary", "Print the messages that say most of a conversation", output.summary)
}

// foundCommand makes a command that shows what was found in a conversation, at
// the address of its own name.
func foundCommand[A any](a *app, name, short string, text func(output, A) error) *cobra.Command {
	return &cobra.Command{
		Use:               name + " ID",
		Short:             short,
		Example:           "  enqueue " + name + " 5815170693595136",
		Args:              oneID("conversation"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			document, err := s.read(ctx, nil, "v1", "conversations", args[0], name)
			if err != nil {
				return err
			}
			return show(s.out, document, func(found A) error { return text(s.out, found) })
		}),
	}
}

type insightList struct {
	Insights []client.Insight `json:"insights"`
}

func (o output) insights(list insightList) error {
	if len(list.Insights) == 0 {
		return o.linef("no insights")
	}
	rows := [][]string{{"TYPE", "SCORE", "ASSIGNEE", "DUE", "TEXT"}}
	for _, in := range list.Insights {
		due := "-"
		if !in.DueBy.IsZero() {
			due = in.DueBy.Format(time.DateOnly)
		}
		rows = append(rows, []string{in.Type, fmt.Sprintf("%.2f", in.Score), cmp.Or(in.Assignee.Name, in.Assignee.Email, "-"), due, in.Text})
	}
	return o.table(rows)
}

type topicList struct {
	Topics []client.Topic `json:"topics"`
}

func (o output) topics(list topicList) error {
	if len(list.Topics) == 0 {
		return o.linef("no topics")
	}
	rows := [][]string{{"SCORE", "MESSAGES", "TEXT"}}
	for _, t := range list.Topics {
		rows = append(rows, []string{fmt.Sprintf("%.2f", t.Score), strconv.Itoa(len(t.MessageIDs)), t.Text})
	}
	return o.table(rows)
}

type summaryList struct {
	Summary []client.SummaryItem `json:"summary"`
}

func (o output) summary(list summaryList) error {
	for _, s := range list.Summary {
		if err := o.linef("%s  %s", instant(s.Start), clean(s.Text)); err != nil {
			return err
		}
	}
	return nil
}
