package corpus_test

import (
	"math"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

func TestScore(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name                  string
		score                 corpus.Score
		precision, recall, f1 float64
	}{
		{name: "nothing there, nothing found"},
		{name: "nothing found", score: corpus.Score{Given: 3}},
		{name: "all found", score: corpus.Score{Right: 3, Found: 3, Given: 3}, precision: 1, recall: 1, f1: 1},
		{name: "some", score: corpus.Score{Right: 1, Found: 2, Given: 4}, precision: 0.5, recall: 0.25, f1: 1.0 / 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			p, r, f := tt.score.Precision(), tt.score.Recall(), tt.score.F1()
			if p != tt.precision || r != tt.recall || math.Abs(f-tt.f1) > 1e-12 {
				t.Errorf("%+v: precision %v, recall %v, F1 %v; want %v, %v, %v", tt.score, p, r, f, tt.precision, tt.recall, tt.f1)
			}
		})
	}
}

// TestMeasure compares with labels that are wrong on purpose: a span too
// short, a type that is another, a name that is none, a name left out.
func TestMeasure(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	tagger, err := names.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	sentence := names.Sentence{Words: strings.Fields("John Smith works at Microsoft in London .")}
	sentence.Types, sentence.Begins = tagger.Label(sentence.Words)
	got := corpus.Measure(tagger, []names.Sentence{sentence}, strings.Clone)
	if want := (corpus.Score{Right: 3, Found: 3, Given: 3}); got[corpus.All] != want {
		t.Fatalf("against its own labels %+v, want %+v", got[corpus.All], want)
	}
	sentence.Types[1] = ""             // a span that is shorter
	sentence.Types[4] = names.Location // another type
	sentence.Types[7], sentence.Begins[7] = names.Location, true
	got = corpus.Measure(tagger, []names.Sentence{sentence}, strings.Clone)
	for kind, want := range map[names.Type]corpus.Score{
		names.Person:       {Found: 1, Given: 1},
		names.Organization: {Found: 1},
		names.Location:     {Right: 1, Found: 1, Given: 3},
		corpus.All:         {Right: 1, Found: 3, Given: 4},
	} {
		if got[kind] != want {
			t.Errorf("%q: %+v, want %+v", kind, got[kind], want)
		}
	}
}
