package catalog_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A seen analyzer keeps the input it was asked with.
type seen struct{ input *analysis.Input }

func (s seen) Analyze(_ context.Context, t jobs.Task) (analysis.Result, error) {
	*s.input = t.Input
	return analysis.Result{}, nil
}

func newEngine(tb testing.TB) *analysis.Engine {
	tb.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		tb.Fatal(err)
	}
	e, err := analysis.New(lex)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

func TestAnalyzerFillsIn(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	price := create(t, c.Trackers, catalog.Tracker{Name: "Price", Vocabulary: []string{"cost"}, ExcludeVocabulary: []string{"at all cost"}})
	promo := create(t, c.Trackers, catalog.Tracker{Name: "Promo", Vocabulary: []string{"sale", "offer"}})
	create(t, c.Entities, catalog.Entity{Type: "product", SubType: "phone", Values: []string{"X1", "X2"}})
	create(t, c.Entities, catalog.Entity{Type: "city", Values: []string{"Paris"}})

	type (
		tracker = analysis.Tracker
		entity  = analysis.CustomEntity
		options = analysis.Options
	)
	own := tracker{Name: "Own", Vocabulary: []string{"x"}}
	savedPrice := tracker{ID: price.ID, Name: "Price", Vocabulary: []string{"cost"}, ExcludeVocabulary: []string{"at all cost"}}
	savedPromo := tracker{ID: promo.ID, Name: "Promo", Vocabulary: []string{"sale", "offer"}, ExcludeVocabulary: []string{}}
	lyon := entity{CustomType: "city", Text: "Lyon", Value: "Lyon"}
	tests := []struct {
		name        string
		given, want options
	}{
		{"nothing", options{Name: "n"}, options{Name: "n"}},
		{"its own", options{Trackers: []tracker{own}}, options{Trackers: []tracker{own}}},
		{"by id", options{Trackers: []tracker{{ID: promo.ID}, own}}, options{Trackers: []tracker{savedPromo, own}}},
		{"by id, with other words", options{Trackers: []tracker{{ID: promo.ID, Name: "x", Vocabulary: []string{"y"}}}}, options{Trackers: []tracker{savedPromo}}},
		{"by id, twice", options{Trackers: []tracker{{ID: promo.ID}, {ID: promo.ID}}}, options{Trackers: []tracker{savedPromo}}},
		{"deleted since", options{Trackers: []tracker{{ID: "1"}, own}}, options{Trackers: []tracker{own}}},
		{"all", options{EnableAllTrackers: true}, options{EnableAllTrackers: true, Trackers: []tracker{savedPrice, savedPromo}}},
		{
			"all, and some of them",
			options{EnableAllTrackers: true, Trackers: []tracker{own, {ID: promo.ID}}},
			options{EnableAllTrackers: true, Trackers: []tracker{own, savedPromo, savedPrice}},
		},
		{"entities that are not wanted", options{Entities: []entity{lyon}}, options{Entities: []entity{lyon}}},
		{
			"entities",
			options{DetectEntities: true, Entities: []entity{lyon}},
			options{DetectEntities: true, Entities: []entity{lyon}}, // saved ones are beside them
		},
	}
	analyzer := newEngine(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got analysis.Input
			_, err := catalog.NewAnalyzer(seen{&got}, c, analyzer).Analyze(t.Context(), jobs.Task{Account: account, Input: analysis.Input{Options: tt.given}})
			if diff := cmp.Diff(tt.want, got.Options); diff != "" || err != nil {
				t.Errorf("%v; options (-want +got):\n%s", err, diff)
			}
		})
	}
}

// TestAnalyzerOfAnotherAccount makes sure that nothing of one account is
// looked for in the texts of another.
func TestAnalyzerOfAnotherAccount(t *testing.T) {
	t.Parallel()

	c, _ := newCatalog(t)
	saved := create(t, c.Trackers, before)
	create(t, c.Entities, catalog.Entity{Type: "city", Values: []string{"Paris"}})
	var got analysis.Input
	task := jobs.Task{Account: "another", Input: analysis.Input{Options: analysis.Options{
		EnableAllTrackers: true, DetectEntities: true, Trackers: []analysis.Tracker{{ID: saved.ID}},
	}}}
	task.Input.Utterances = []analysis.Utterance{{Text: saved.Vocabulary[0] + " in Paris."}}
	e := newEngine(t)
	if _, err := catalog.NewAnalyzer(seen{&got}, c, e).Analyze(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	if len(got.Options.Trackers) > 0 || len(got.Options.Entities) > 0 {
		t.Errorf("trackers %+v, entities %+v of another account were looked for", got.Options.Trackers, got.Options.Entities)
	}
	if entities, trackers := look(t, catalog.NewAnalyzer(jobs.Local{Engine: e}, c, e), task); len(entities) > 0 || len(trackers) > 0 {
		t.Errorf("found %q, %q of another account", entities, trackers)
	}
}

func TestAnalyzerWithoutCatalog(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		given analysis.Options
		want  string // the error
	}{
		{"nothing saved is wanted", analysis.Options{Trackers: []analysis.Tracker{{Name: "a", Vocabulary: []string{"b"}}}}, ""},
		{"a tracker is", analysis.Options{Trackers: []analysis.Tracker{{ID: "1"}}}, "the saved trackers could not be read"},
		{"all trackers are", analysis.Options{EnableAllTrackers: true}, "the saved trackers could not be read"},
		{"entities are", analysis.Options{DetectEntities: true}, "the saved entities could not be read"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got analysis.Input
			_, err := catalog.NewAnalyzer(seen{&got}, catalog.New(unavailableStore{}), nil).Analyze(t.Context(), jobs.Task{Account: account, Input: analysis.Input{Options: tt.given}})
			wantError(t, err, tt.want)
			if err == nil {
				return
			}
			if _, final := errors.AsType[*jobs.PermanentError](err); final || !errors.Is(err, jobs.ErrUnavailable) {
				t.Errorf("%v is not an error after which the attempt is repeated", err)
			}
		})
	}
}
