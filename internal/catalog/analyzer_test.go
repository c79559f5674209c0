package catalog_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/catalog"
	"github.com/turnwise/turnwise/internal/jobs"
)

// A seen analyzer keeps the options it was asked with.
type seen struct{ options *analysis.Options }

func (s seen) Analyze(_ context.Context, t jobs.Task) (analysis.Result, error) {
	*s.options = t.Input.Options
	return analysis.Result{}, nil
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
			options{DetectEntities: true, Entities: []entity{
				lyon,
				{CustomType: "phone", Text: "X1", Value: "X1"},
				{CustomType: "phone", Text: "X2", Value: "X2"},
				{CustomType: "city", Text: "Paris", Value: "Paris"},
			}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var got analysis.Options
			_, err := catalog.NewAnalyzer(seen{&got}, c).Analyze(t.Context(), jobs.Task{Account: account, Input: analysis.Input{Options: tt.given}})
			if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
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
	var got analysis.Options
	task := jobs.Task{Account: "another", Input: analysis.Input{Options: analysis.Options{
		EnableAllTrackers: true, DetectEntities: true, Trackers: []analysis.Tracker{{ID: saved.ID}},
	}}}
	if _, err := catalog.NewAnalyzer(seen{&got}, c).Analyze(t.Context(), task); err != nil {
		t.Fatal(err)
	}
	if len(got.Trackers) > 0 || len(got.Entities) > 0 {
		t.Errorf("trackers %+v, entities %+v of another account were looked for", got.Trackers, got.Entities)
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

			var got analysis.Options
			_, err := catalog.NewAnalyzer(seen{&got}, catalog.New(unavailableStore{})).Analyze(t.Context(), jobs.Task{Account: account, Input: analysis.Input{Options: tt.given}})
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
