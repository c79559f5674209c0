package manage

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

const trackersHelp = `A tracker is a name and a set of terms to watch for. Saved ones are used by appends that
ask for all trackers, or for one by its id.`

func trackersCommand(inv *session.Invocation) *cobra.Command {
	return command.Parent(&cobra.Command{
		Use:   "trackers",
		Short: "List, show, save, change and delete trackers",
		Long:  trackersHelp,
	}, trackerListCommand(inv), trackerGetCommand(inv), trackerCreateCommand(inv), trackerUpdateCommand(inv),
		command.Delete(inv, "tracker", "What it found before stays with its conversations.", "v1", "manage", "tracker"))
}

func trackerListCommand(inv *session.Invocation) *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:               "list",
		Short:             "List the saved trackers",
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, _ []string) error {
			query := url.Values{}
			if name != "" {
				query.Set("name", name)
			}
			document, err := s.Get(ctx, query, "v1", "manage", "trackers")
			if err != nil {
				return err
			}
			return output.Show(s.Out, document, printTrackers)
		}),
	}
	cmd.Flags().StringVar(&name, "name", "", "only the one with this name")
	return cmd
}

func trackerGetCommand(inv *session.Invocation) *cobra.Command {
	return &cobra.Command{
		Use:               "get ID",
		Short:             "Show a tracker",
		Args:              command.OneID("tracker"),
		ValidArgsFunction: inv.Offer("tracker"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			return showTracker(ctx, s, args[0])
		}),
	}
}

func showTracker(ctx context.Context, s *session.Session, id string) error {
	return session.Show(ctx, s, printTracker, "v1", "manage", "tracker", id)
}

type trackerList struct {
	Trackers []client.Tracker `json:"trackers"`
}

// printTrackers writes a table.
func printTrackers(p output.Printer, list trackerList) error {
	if len(list.Trackers) == 0 {
		return p.Linef("no trackers")
	}
	rows := [][]string{{"ID", "NAME", "VOCABULARY"}}
	for _, t := range list.Trackers {
		rows = append(rows, []string{t.ID, t.Name, cmp.Or(strings.Join(t.Vocabulary, ", "), "-")})
	}
	return p.Table(rows)
}

type oneTracker struct {
	Tracker client.Tracker `json:"tracker"`
}

func printTracker(p output.Printer, one oneTracker) error {
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
		add("updated", output.Time(t.UpdatedOn))
	}
	return p.Table(rows)
}
