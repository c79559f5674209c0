package catalog_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/store"
)

// look returns the custom entities and the trackers that are found.
func look(t *testing.T, a jobs.Analyzer, task jobs.Task) (entities, trackers []string) {
	t.Helper()
	r, err := a.Analyze(t.Context(), task)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Sentences {
		for _, e := range s.Entities {
			if e.Type == "custom" {
				entities = append(entities, e.Custom+":"+e.Text)
			}
		}
		for _, m := range s.Matches {
			trackers = append(trackers, m.Name+":"+m.Term)
		}
	}
	return entities, trackers
}

// everything asks for all that is saved in a text.
func everything(text string) jobs.Task {
	return jobs.Task{Account: account, Input: analysis.Input{
		Utterances: []analysis.Utterance{{Text: text}}, Options: analysis.Options{EnableAllTrackers: true, DetectEntities: true},
	}}
}

// TestChangesAreSeen has another process change what is saved. Each job that
// begins after a change is worked with it.
func TestChangesAreSeen(t *testing.T) {
	t.Parallel()

	c, s := newCatalog(t)
	e := newEngine(t)
	worker := catalog.NewAnalyzer(jobs.Local{Engine: e}, catalog.New(s), e)
	wanted := func(after string, entities, trackers []string) {
		t.Helper()
		for range 2 { // compiled, and kept
			gotEntities, gotTrackers := look(t, worker, everything("We sell paint and paper."))
			if !slices.Equal(gotEntities, entities) || !slices.Equal(gotTrackers, trackers) {
				t.Errorf("%s: found %q, %q, want %q, %q", after, gotEntities, gotTrackers, entities, trackers)
			}
		}
	}
	wanted("nothing is saved", nil, nil)
	paint := create(t, c.Entities, catalog.Entity{Type: "goods", Values: []string{"paint"}})
	sell := create(t, c.Trackers, catalog.Tracker{Name: "Sell", Vocabulary: []string{"paint"}})
	wanted("items were created", []string{"goods:paint"}, []string{"Sell:paint"})
	paint.Values, sell.Vocabulary = []string{"paper"}, []string{"paper"}
	if _, err := c.Entities.Replace(t.Context(), account, paint.ID, paint); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Trackers.Patch(t.Context(), account, sell.ID, []catalog.Op{{Op: "replace", Path: "/vocabulary", Values: []string{"paper"}}}); err != nil {
		t.Fatal(err)
	}
	wanted("items were changed", []string{"goods:paper"}, []string{"Sell:paper"})
	if err := c.Entities.Delete(t.Context(), account, paint.ID); err != nil {
		t.Fatal(err)
	}
	wanted("an entity was deleted", nil, []string{"Sell:paper"})
	if err := c.Trackers.Delete(t.Context(), account, sell.ID); err != nil {
		t.Fatal(err)
	}
	wanted("a tracker was deleted", nil, nil)
}

// TestJobsOwnComeFirst has a job bring an entity that is saved under another type,
// and a tracker beside a saved one.
func TestJobsOwnComeFirst(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	e := newEngine(t)
	create(t, c.Entities, catalog.Entity{Type: "goods", SubType: "colour", Values: []string{"paint", "green paper"}})
	saved := create(t, c.Trackers, catalog.Tracker{Name: "Saved", Vocabulary: []string{"paint", "paper"}})
	create(t, c.Trackers, catalog.Tracker{Name: "Other", Vocabulary: []string{"paper"}})
	task := everything("Paint, green paper.")
	task.Input.Options.EnableAllTrackers = false
	task.Input.Options.Entities = []analysis.CustomEntity{{CustomType: "mine", Text: "paint"}, {CustomType: "mine", Text: "green"}}
	task.Input.Options.Trackers = []analysis.Tracker{{Name: "Mine", Vocabulary: []string{"paint", "green"}}, {ID: saved.ID}}
	entities, trackers := look(t, catalog.NewAnalyzer(jobs.Local{Engine: e}, c, e), task)
	if want := []string{"mine:Paint", "colour:green paper"}; !slices.Equal(entities, want) {
		t.Errorf("entities %q, want %q", entities, want)
	}
	if want := []string{"Mine:paint", "Saved:paint", "Mine:green", "Saved:paper"}; !slices.Equal(trackers, want) {
		t.Errorf("trackers %q, want %q", trackers, want)
	}
}

// countingStore counts how often all items are read.
type countingStore struct {
	*store.Store

	reads *atomic.Int64
}

func (s countingStore) Items(ctx context.Context, account string, kind catalog.Kind) ([]catalog.Record, error) {
	s.reads.Add(1)
	return s.Store.Items(ctx, account, kind)
}

// TestCompiledOnce works many jobs at once, and then more, with what is saved.
func TestCompiledOnce(t *testing.T) {
	t.Parallel()

	c, s := newCatalog(t)
	e := newEngine(t)
	for n := range 3 {
		create(t, c.Entities, catalog.Entity{Type: fmt.Sprint(n), Values: []string{"paint"}})
	}
	create(t, c.Trackers, catalog.Tracker{Name: "Sell", Vocabulary: []string{"paint"}})
	var reads atomic.Int64
	worker := catalog.NewAnalyzer(jobs.Local{Engine: e}, catalog.New(countingStore{s, &reads}), e)
	for range 3 {
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if _, err := worker.Analyze(t.Context(), everything("Paint.")); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	if n := reads.Load(); n != 2 {
		t.Errorf("items were read %d times, want once of each kind", n)
	}
}
