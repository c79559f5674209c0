package manage

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
	"github.com/turnwise/turnwise/internal/cli/command"
	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/cli/output"
	"github.com/turnwise/turnwise/internal/cli/session"
)

// trackerFlags are the flags that describe a tracker.
type trackerFlags struct {
	name, description     string
	categories, languages []string
	vocabulary, exclude   []string
	file                  string
	given                 func(flag string) bool
}

func (f *trackerFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.description, "description", "", "what it is for")
	flags.StringArrayVar(&f.vocabulary, "vocabulary", nil, "term to watch for; may be repeated")
	flags.StringArrayVar(&f.exclude, "exclude", nil, "term to leave alone; may be repeated")
	flags.StringArrayVar(&f.categories, "category", nil, "category; may be repeated")
	flags.StringArrayVar(&f.languages, "language", nil, "language, such as en-US; may be repeated")
	flags.StringVar(&f.file, "file", "", "JSON file that says it all, - for standard input; instead of the other flags")
	f.given = flags.Changed
}

// fileOnly refuses flags together with --file.
func (f *trackerFlags) fileOnly(others ...string) error {
	for _, flag := range append(others, "description", "vocabulary", "exclude", "category", "language") {
		if f.given(flag) {
			return exit.Usagef("--file and --%s exclude each other", flag)
		}
	}
	return nil
}

const trackerCreateHelp = `Saves a tracker and shows it. With --file it is the JSON document of one tracker or an
array of them, of which all are saved or none:

  {"name": "Discount", "vocabulary": ["discount", "lower the price"]}`

func trackerCreateCommand(inv *session.Invocation) *cobra.Command {
	var f trackerFlags
	cmd := &cobra.Command{
		Use:               "create [NAME]",
		Short:             "Save a tracker",
		Long:              trackerCreateHelp,
		Example:           `  enqueue trackers create Discount --vocabulary discount --vocabulary "lower the price"`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			if f.file != "" {
				if len(args) == 1 {
					return exit.Usagef("--file has the name of the tracker; leave NAME out")
				}
				return createTrackersFrom(ctx, s, inv, f)
			}
			if len(args) == 0 || len(f.vocabulary) == 0 {
				return exit.Usagef("a tracker needs a NAME and at least one --vocabulary, or a --file")
			}
			made, err := s.API.CreateTracker(ctx, client.Tracker{
				Name: args[0], Description: f.description, Categories: f.categories, Languages: f.languages,
				Vocabulary: f.vocabulary, ExcludeVocabulary: f.exclude,
			})
			if err != nil {
				return err
			}
			return showTracker(ctx, s, made.ID)
		}),
	}
	f.register(cmd)
	return cmd
}

// createTrackersFrom saves the trackers of the file, which is sent as it is.
func createTrackersFrom(ctx context.Context, s *session.Session, inv *session.Invocation, f trackerFlags) error {
	body, err := trackerFile(ctx, inv, f)
	if err != nil {
		return err
	}
	document, err := s.Do(ctx, client.Request{Method: http.MethodPost, Path: []string{"v1", "manage", "trackers"}, Body: body})
	if err != nil {
		return err
	}
	if bytes.HasPrefix(body, []byte("[")) {
		return output.Show(s.Out, document, printTrackers)
	}
	return output.Show(s.Out, document, printTracker)
}

// trackerFile returns the JSON of --file.
func trackerFile(ctx context.Context, inv *session.Invocation, f trackerFlags, others ...string) ([]byte, error) {
	if err := f.fileOnly(others...); err != nil {
		return nil, err
	}
	content, err := inv.ReadInput(ctx, f.file)
	if err != nil {
		return nil, err
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
	if !json.Valid(content) {
		return nil, exit.Usagef("--file %s is not JSON", f.file)
	}
	return content, nil
}

const trackerUpdateHelp = `Changes what the flags name, leaves the rest alone, and shows the tracker as it is then.
A list, such as the vocabulary, is replaced as a whole. With --file it is a JSON object
of the members to change.`

func trackerUpdateCommand(inv *session.Invocation) *cobra.Command {
	var f trackerFlags
	cmd := &cobra.Command{
		Use:               "update ID",
		Short:             "Change a tracker",
		Long:              trackerUpdateHelp,
		Example:           `  enqueue trackers update 4476908732794496 --vocabulary discount --vocabulary rebate`,
		Args:              command.OneID("tracker"),
		ValidArgsFunction: inv.Offer("tracker"),
		RunE: inv.WithSession(func(ctx context.Context, s *session.Session, args []string) error {
			u, err := trackerUpdate(ctx, inv, f)
			if err != nil {
				return err
			}
			if _, err := s.API.UpdateTracker(ctx, args[0], u); err != nil {
				return err
			}
			return showTracker(ctx, s, args[0])
		}),
	}
	cmd.Flags().StringVar(&f.name, "name", "", "another name")
	f.register(cmd)
	return cmd
}

// trackerUpdate returns the update that the flags or the file describe.
func trackerUpdate(ctx context.Context, inv *session.Invocation, f trackerFlags) (client.TrackerUpdate, error) {
	u := client.TrackerUpdate{
		Categories: f.categories, Languages: f.languages, Vocabulary: f.vocabulary, ExcludeVocabulary: f.exclude,
	}
	if f.given("name") {
		u.Name = &f.name
	}
	if f.given("description") {
		u.Description = &f.description
	}
	if f.file != "" {
		content, err := trackerFile(ctx, inv, f, "name")
		if err != nil {
			return u, err
		}
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.DisallowUnknownFields() // a misspelt name would be an update that does nothing
		if err := decoder.Decode(&u); err != nil {
			return u, exit.Usagef("--file %s: %w", f.file, err)
		}
	}
	if u.IsZero() {
		return u, exit.Usagef("there is nothing to change; name it, for instance with --name or --vocabulary")
	}
	return u, nil
}
