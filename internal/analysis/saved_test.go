package analysis_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
)

// TestSavedApart finds the same whether trackers and entities are compiled
// together, or some of them are saved ones.
func TestSavedApart(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	all := []analysis.Tracker{
		{ID: "1", Name: "Price", Vocabulary: []string{"price", "how much is it"}, ExcludeVocabulary: []string{"price list"}},
		{ID: "2", Name: "Cancel", Vocabulary: []string{"I want to cancel the contract", "price"}},
		{ID: "3", Name: "Call", Vocabulary: []string{"call me", "the price"}},
	}
	entities := []analysis.CustomEntity{
		{CustomType: "thing", Text: "price list"}, {CustomType: "thing", Text: "contract", Value: "Agreement"}, {CustomType: "other", Text: "Contract"}, {CustomType: "other", Text: "the price"},
	}
	in := analysis.Input{JobID: "1", AcceptedAt: monday, Utterances: []analysis.Utterance{{
		Text: "The price, the price list. I would like to cancel my contract! Please call me about the price.",
	}}}
	in.Options = analysis.Options{DetectEntities: true, Trackers: all, Entities: entities}
	want := analyzed(e, in)

	saved := analysis.NewEntityBuilder()
	for _, x := range entities[2:] {
		saved.Add(x)
	}
	in.Options.Entities, in.Saved.Entities = entities[:2], saved.Entities()
	tests := []struct {
		name   string
		saved  []analysis.Tracker
		places []int
	}{
		{name: "none is saved"},
		{name: "all are saved", saved: all},
		{name: "the first are saved", saved: all[:2], places: []int{0, 1}},
		{name: "the last are saved, in another order", saved: []analysis.Tracker{all[2], all[1]}, places: []int{2, 1}},
		{name: "more are saved", saved: []analysis.Tracker{{Vocabulary: []string{"the"}}, all[0], {Vocabulary: []string{"price"}}}, places: []int{-1, 0, -1}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			in := in
			if tt.saved != nil {
				in.Saved.Trackers, in.Saved.Places = e.CompileTrackers(tt.saved), tt.places
			}
			if diff := cmp.Diff(want, analyzed(e, in)); diff != "" {
				t.Errorf("compiled apart (-together +apart):\n%s", diff)
			}
		})
	}
}

// TestSavedEntitiesOnlyIfAsked has saved entities beside a job that asks for none.
func TestSavedEntitiesOnlyIfAsked(t *testing.T) {
	t.Parallel()

	b := analysis.NewEntityBuilder()
	b.Add(analysis.CustomEntity{CustomType: "thing", Text: "contract"})
	r := analyzed(newEngine(t), analysis.Input{JobID: "1", AcceptedAt: monday, Saved: analysis.Saved{Entities: b.Entities()}, Utterances: []analysis.Utterance{{Text: "Sign the contract."}}})
	if found := r.Sentences[0].Entities; len(found) > 0 {
		t.Errorf("found %v", found)
	}
}

// TestManyEntitiesAreSmall compiles as many entities as an account can save.
func TestManyEntitiesAreSmall(t *testing.T) {
	t.Parallel()

	b := analysis.NewEntityBuilder()
	for n := range 500_000 {
		b.Add(analysis.CustomEntity{CustomType: fmt.Sprint(n / 1000), Text: fmt.Sprintf("item%x", n)})
	}
	made := b.Entities()
	if size := made.Size(); size > 32<<20 {
		t.Errorf("500,000 entities take %d bytes, want 32 MiB at most", size)
	}
	in := analysis.Input{JobID: "1", AcceptedAt: monday, Utterances: []analysis.Utterance{{Text: "We sold ITEM7a11f."}}}
	in.Options.DetectEntities, in.Saved.Entities = true, made
	r := analyzed(newEngine(t), in)
	want := []conversation.Entity{{Type: "custom", Custom: "499", Text: "ITEM7a11f", Value: "item7a11f", Offset: 8, Score: 1}}
	if diff := cmp.Diff(want, r.Sentences[0].Entities); diff != "" {
		t.Errorf("entities (-want +got):\n%s", diff)
	}
}

// A countdown is a context that is done after it was asked some times.
type countdown struct {
	context.Context //nolint:containedctx // it is one

	left int
}

func (c *countdown) Err() error {
	if c.left--; c.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestAnalyzeStops has an analysis that nobody wants any more after some of its
// messages were split, and after some of its sentences were read.
func TestAnalyzeStops(t *testing.T) {
	t.Parallel()

	e := newEngine(t)
	in := analysis.Input{JobID: "1", AcceptedAt: monday, Utterances: slices.Repeat([]analysis.Utterance{{Text: strings.Repeat("Why? ", 10)}}, 100)}
	for _, after := range []int{0, 50, 150, 1099} {
		ctx := &countdown{Context: t.Context(), left: after}
		r, err := e.Analyze(ctx, in)
		if !errors.Is(err, context.Canceled) || len(r.Sentences) > 0 || ctx.left != -1 {
			t.Errorf("after %d looks at its context: %d sentences, %v, %d more looks", after, len(r.Sentences), err, -1-ctx.left)
		}
	}
	if _, err := e.Analyze(&countdown{Context: t.Context(), left: 1100}, in); err != nil {
		t.Errorf("an analysis whose context is not done: %v", err)
	}
}

// TestSpeakersOfLongTalk has somebody speak after two others did for long.
func TestSpeakersOfLongTalk(t *testing.T) {
	t.Parallel()

	in := analysis.Input{JobID: "1", AcceptedAt: monday}
	for n := range 80 {
		in.Utterances = append(in.Utterances, analysis.Utterance{From: conversation.Speaker{Name: []string{"Ann", "Bob"}[n%2]}, Text: "Yes."})
	}
	in.Utterances = append(in.Utterances,
		analysis.Utterance{From: conversation.Speaker{Name: "Zyx"}, Text: "Yes."},
		analysis.Utterance{From: conversation.Speaker{Name: "Ann"}, Text: "zyx will send the report tomorrow."})
	r := analyzed(newEngine(t), in)
	if len(r.Insights) != 1 || r.Insights[0].Assignee != "Zyx" {
		t.Errorf("insights %+v, want one for Zyx", r.Insights)
	}
}
