package names_test

import (
	"flag"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

var data = flag.String("names.data", "", "folder with WNUT17, BTC and wikigold to measure on")

// TestEval measures names by exact span and type on text that was used neither
// in training nor to choose what the model is made of:
//
//	go test ./internal/analysis/names -run Eval -v -names.data DIR
func TestEval(t *testing.T) {
	if *data == "" {
		t.Skip("no data to measure on: name a folder with -names.data")
	}
	test, err := corpus.LoadTest(*data)
	if err != nil {
		t.Fatal(err)
	}
	messages, err := corpus.Messages()
	if err != nil {
		t.Fatal(err)
	}
	tagger := newTagger(t)
	for _, set := range []struct {
		name      string
		sentences []names.Sentence
		least     float64
	}{
		{"WNUT17 test", test.Web, 0.45},
		{"wikigold, last fifth", test.Wiki, 0.66},
		{"messages", messages, 0.66},
	} {
		as := measure(t, tagger, set.name, set.sentences, strings.Clone)
		lower := measure(t, tagger, set.name+", lower case", set.sentences, strings.ToLower)
		if as < set.least || lower < 0.8*as {
			t.Errorf("%s: F1 %.3f, in lower case %.3f; want %.2f and 0.8 of it", set.name, as, lower, set.least)
		}
	}
}

func measure(t *testing.T, tagger *names.Tagger, name string, sentences []names.Sentence, form func(string) string) float64 {
	t.Helper()
	scores := corpus.Measure(tagger, sentences, form)
	for _, kind := range []names.Type{names.Person, names.Organization, names.Location, corpus.All} {
		s := scores[kind]
		t.Logf("%-32s %-13s P %.3f R %.3f F1 %.3f (%d)", name, kind, s.Precision(), s.Recall(), s.F1(), s.Given)
	}
	return scores[corpus.All].F1()
}

func newTagger(tb testing.TB) *names.Tagger {
	tb.Helper()
	tagger, err := names.New(newLexicon(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return tagger
}
