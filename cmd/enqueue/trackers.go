package main

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

const trackersHelp = `A tracker is a name and a set of terms to watch for. Saved ones are used by appends that
ask for all trackers, or for one by its id.`

func (a *app) trackersCommand() *cobra.Command {
	return family(&cobra.Command{
		Use:   "trackers",
		Short: "List, show, save, change and delete trackers",
		Long:  trackersHelp,
	}, a.trackersListCommand(), a.trackerGetCommand(), a.trackerCreateCommand(), a.trackerUpdateCommand(),
		a.deleteCommand("tracker", "What it found before stays with its conversations.", "v1", "manage", "tracker"))
}

func (a *app) trackersListCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List the saved trackers",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, _ []string) error {
			query := url.Values{}
			if name != "" {
				query.Set("name", name)
			}
			document, err := s.read(ctx, query, "v1", "manage", "trackers")
			if err != nil {
				return err
			}
			return show(s.out, document, s.out.trackers)
		}),
	}
	cmd.Flags().StringVar(&name, "name", "", "only the one with this name")
	return cmd
}

func (a *app) trackerGetCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a tracker",
		Args:              oneID("tracker"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			return s.showTracker(ctx, args[0])
		}),
	}
}

func (s *session) showTracker(ctx context.Context, id string) error {
	document, err := s.read(ctx, nil, "v1", "manage", "tracker", id)
	if err != nil {
		return err
	}
	return show(s.out, document, s.out.tracker)
}

type trackerList struct {
	Trackers []client.Tracker `json:"trackers"`
}

// trackers writes a table.
func (o output) trackers(list trackerList) error {
	if len(list.Trackers) == 0 {
		return o.linef("no trackers")
	}
	rows := [][]string{{"ID", "NAME", "VOCABULARY"}}
	for _, t := range list.Trackers {
		rows = append(rows, []string{t.ID, t.Name, cmp.Or(strings.Join(t.Vocabulary, ", "), "-")})
	}
	return o.table(rows)
}

type oneTracker struct {
	Tracker client.Tracker `json:"tracker"`
}

func (o output) tracker(one oneTracker) error {
	t := one.Tracker
	rows := [][]string{{"tracker", t.ID}, {"name", t.Name}}
	add := func(what string, values ...string) {
		for _, value := range values {
			if value != "" {
				rows = append(rows, []string{what, value})
			}
		}
	}
	add("description", t.Description)
	add("category", t.Categories...)
	add("language", t.Languages...)
	add("term", t.Vocabulary...)
	add("not", t.ExcludeVocabulary...)
	if !t.UpdatedOn.IsZero() {
		add("updated", instant(t.UpdatedOn))
	}
	return o.table(rows)
}
