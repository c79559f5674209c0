package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/spf13/cobra"

	"github.com/turnwise/turnwise/client"
)

// trackerFlags are the flags that say what a tracker is.
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
	f.given = func(flag string) bool { return flags.Lookup(flag).Changed }
}

// alone refuses flags beside --file.
func (f *trackerFlags) alone(others ...string) error {
	for _, flag := range append(others, "description", "vocabulary", "exclude", "category", "language") {
		if f.given(flag) {
			return usagef("--file and --%s exclude each other", flag)
		}
	}
	return nil
}

const trackerCreateHelp = `Saves a tracker and shows it. With --file it is the JSON document of one tracker or an
array of them, of which all are saved or none:

  {"name": "Discount", "vocabulary": ["discount", "lower the price"]}`

func (a *app) trackerCreateCommand() *cobra.Command {
	var f trackerFlags
	cmd := &cobra.Command{
		Use:               "create [NAME]",
		Short:             "Save a tracker",
		Long:              trackerCreateHelp,
		Example:           `  enqueue trackers create Discount --vocabulary discount --vocabulary "lower the price"`,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			if f.file != "" {
				if len(args) == 1 {
					return usagef("--file has the name of the tracker; leave NAME out")
				}
				return a.createTrackersFrom(ctx, s, f)
			}
			if len(args) == 0 || len(f.vocabulary) == 0 {
				return usagef("a tracker needs a NAME and at least one --vocabulary, or a --file")
			}
			made, err := s.api.CreateTracker(ctx, client.Tracker{
				Name: args[0], Description: f.description, Categories: f.categories, Languages: f.languages,
				Vocabulary: f.vocabulary, ExcludeVocabulary: f.exclude,
			})
			if err != nil {
				return err
			}
			return s.showTracker(ctx, made.ID)
		}),
	}
	f.register(cmd)
	return cmd
}

// createTrackersFrom saves what is in the file, which is sent as it is.
func (a *app) createTrackersFrom(ctx context.Context, s *session, f trackerFlags) error {
	body, err := a.trackerFile(f)
	if err != nil {
		return err
	}
	document, err := s.do(ctx, client.Request{Method: http.MethodPost, Path: []string{"v1", "manage", "trackers"}, Body: body})
	if err != nil {
		return err
	}
	if bytes.HasPrefix(body, []byte("[")) {
		return show(s.out, document, s.out.trackers)
	}
	return show(s.out, document, s.out.tracker)
}

// trackerFile returns the JSON of --file.
func (a *app) trackerFile(f trackerFlags, others ...string) ([]byte, error) {
	if err := f.alone(others...); err != nil {
		return nil, err
	}
	content, err := a.readInput(f.file)
	if err != nil {
		return nil, err
	}
	content = bytes.TrimSpace(bytes.TrimPrefix(content, []byte("\ufeff")))
	if !json.Valid(content) {
		return nil, usagef("--file %s is not JSON", f.file)
	}
	return content, nil
}

const trackerUpdateHelp = `Changes what the flags name, leaves the rest alone, and shows the tracker as it is then.
A list, such as the vocabulary, is replaced as a whole. With --file it is a JSON object
of the members to change.`

func (a *app) trackerUpdateCommand() *cobra.Command {
	var f trackerFlags
	cmd := &cobra.Command{
		Use:               "update ID",
		Short:             "Change a tracker",
		Long:              trackerUpdateHelp,
		Example:           `  enqueue trackers update 4476908732794496 --vocabulary discount --vocabulary rebate`,
		Args:              oneID("tracker"),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: a.calls(func(ctx context.Context, s *session, args []string) error {
			u, err := a.trackerUpdate(f)
			if err != nil {
				return err
			}
			if _, err := s.api.UpdateTracker(ctx, args[0], u); err != nil {
				return err
			}
			return s.showTracker(ctx, args[0])
		}),
	}
	cmd.Flags().StringVar(&f.name, "name", "", "another name")
	f.register(cmd)
	return cmd
}

// trackerUpdate returns what the flags or the file say.
func (a *app) trackerUpdate(f trackerFlags) (client.TrackerUpdate, error) {
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
		content, err := a.trackerFile(f, "name")
		if err != nil {
			return u, err
		}
		decoder := json.NewDecoder(bytes.NewReader(content))
		decoder.DisallowUnknownFields() // a misspelt name would be an update that does nothing
		if err := decoder.Decode(&u); err != nil {
			return u, usagef("--file %s: %w", f.file, err)
		}
	}
	if u.IsZero() {
		return u, usagef("there is nothing to change; name it, for instance with --name or --vocabulary")
	}
	return u, nil
}
