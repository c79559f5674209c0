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
// and the entities if it asks for entities. They are compiled once for as long as
// they stay the same.
//
// A tracker that was deleted after the job was accepted is left out. If the
// catalog cannot be read, the attempt fails and may be repeated.
type Analyzer struct {
	next  jobs.Analyzer
	shelf *shelf
}

// NewAnalyzer returns an Analyzer in front of next, which looks for what it is
// given with the engine.
func NewAnalyzer(next jobs.Analyzer, c *Catalog, e *analysis.Engine) *Analyzer {
	return &Analyzer{next: next, shelf: newShelf(c, e)}
}

// Analyze implements [jobs.Analyzer].
func (a *Analyzer) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	if err := a.addTrackers(ctx, &t.Input, t.Account); err != nil {
		return analysis.Result{}, &failure{"the saved trackers could not be read", err}
	}
	if t.Input.Options.DetectEntities {
		saved, err := a.shelf.of(ctx, t.Account, EntityKind)
		if err != nil {
			return analysis.Result{}, &failure{"the saved entities could not be read", err}
		}
		t.Input.Saved.Entities = saved.entities
	}
	return a.next.Analyze(ctx, t)
}

// addTrackers adds the saved trackers of a job: those that it names by id in its
// order, and the others behind all of its own if it asks for all.
func (a *Analyzer) addTrackers(ctx context.Context, in *analysis.Input, account string) error {
	o := &in.Options
	if len(SavedIDs(o.Trackers)) == 0 && !o.EnableAllTrackers {
		return nil
	}
	saved, err := a.shelf.of(ctx, account, TrackerKind)
	if err != nil {
		return err
	}
	if len(o.Trackers) == 0 {
		o.Trackers, in.Saved.Trackers = saved.trackers.List(), saved.trackers
		return nil
	}
	places := slices.Repeat([]int{-1}, len(saved.places))
	var all []analysis.Tracker
	add := func(n int) {
		if places[n] < 0 {
			places[n], all = len(all), append(all, saved.trackers.List()[n])
		}
	}
	for _, t := range o.Trackers {
		if n, ok := saved.places[t.ID]; ok {
			add(n)
		} else if t.ID == "" {
			all = append(all, t)
		}
	}
	for n := range places {
		if o.EnableAllTrackers {
			add(n)
		}
	}
	o.Trackers, in.Saved.Trackers, in.Saved.Places = all, saved.trackers, places
	return nil
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
