package catalog

import (
	"context"
	"fmt"
	"log/slog"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
)

// An Analyzer adds the saved items of the account to a job and passes it to
// another [jobs.Analyzer]: the trackers that the job names by id, or all of them,
// and the entities if it asks for entities.
//
// A tracker that was deleted after the job was accepted is left out. If the
// catalog cannot be read, the attempt fails and may be repeated.
type Analyzer struct {
	next    jobs.Analyzer
	catalog *Catalog
}

// NewAnalyzer returns an Analyzer in front of next.
func NewAnalyzer(next jobs.Analyzer, c *Catalog) *Analyzer {
	return &Analyzer{next: next, catalog: c}
}

// Analyze implements [jobs.Analyzer].
func (a *Analyzer) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	var err error
	options := &t.Input.Options
	if options.Trackers, err = a.trackers(ctx, t.Account, *options); err != nil {
		return analysis.Result{}, &failure{"the saved trackers could not be read", err}
	}
	if options.Entities, err = a.entities(ctx, t.Account, *options); err != nil {
		return analysis.Result{}, &failure{"the saved entities could not be read", err}
	}
	return a.next.Analyze(ctx, t)
}

// trackers returns the trackers of a job: its own and those it names by id, in
// its order, then the other saved ones if it asks for all.
func (a *Analyzer) trackers(ctx context.Context, account string, o analysis.Options) ([]analysis.Tracker, error) {
	ids := SavedIDs(o.Trackers)
	if len(ids) == 0 && !o.EnableAllTrackers {
		return o.Trackers, nil
	}
	saved, all, err := a.saved(ctx, account, ids, o.EnableAllTrackers)
	if err != nil {
		return nil, err
	}
	var found []analysis.Tracker
	for _, t := range o.Trackers {
		if t.ID == "" {
			found = append(found, t)
		} else if s, ok := saved[t.ID]; ok {
			found = append(found, asInput(s))
		}
	}
	for _, s := range all {
		if !slices.Contains(ids, s.ID) {
			found = append(found, asInput(s))
		}
	}
	return found, nil
}

// saved returns the trackers with the ids, and all of the account if every is
// set.
func (a *Analyzer) saved(ctx context.Context, account string, ids []string, every bool) (byID map[string]Tracker, all []Tracker, err error) {
	if !every {
		byID, err = a.catalog.Trackers.ByID(ctx, account, ids...)
		return byID, nil, err
	}
	all, err = a.catalog.Trackers.All(ctx, account)
	byID = make(map[string]Tracker, len(all))
	for _, t := range all {
		byID[t.ID] = t
	}
	return byID, all, err
}

// asInput returns a saved tracker as an input of the analysis.
func asInput(t Tracker) analysis.Tracker {
	return analysis.Tracker{ID: t.ID, Name: t.Name, Vocabulary: t.Vocabulary, ExcludeVocabulary: t.ExcludeVocabulary}
}

// entities returns the entities of a job: its own, then the saved ones.
func (a *Analyzer) entities(ctx context.Context, account string, o analysis.Options) ([]analysis.CustomEntity, error) {
	if !o.DetectEntities {
		return o.Entities, nil
	}
	saved, err := a.catalog.Entities.All(ctx, account)
	if err != nil {
		return nil, err
	}
	found := slices.Clone(o.Entities)
	for _, e := range saved {
		for _, v := range e.Values {
			found = append(found, analysis.CustomEntity{CustomType: e.Label(), Text: v, Value: v})
		}
	}
	return found, nil
}

// SavedIDs returns the ids of the trackers that name a saved one, each once.
func SavedIDs(trackers []analysis.Tracker) []string {
	var ids []string
	for _, t := range trackers {
		if t.ID != "" {
			ids = append(ids, t.ID)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// A failure is a failed attempt. Its text is for the job's owner. The cause may
// contain addresses, so it is only for the log.
type failure struct {
	text  string
	cause error
}

func (f *failure) Error() string { return f.text }

func (f *failure) Unwrap() error { return f.cause }

// LogValue adds the cause.
func (f *failure) LogValue() slog.Value {
	return slog.StringValue(fmt.Sprintf("%s: %v", f.text, f.cause))
}
