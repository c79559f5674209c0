package analysis

import (
	"fmt"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/tracking"
)

// TestVocabulariesAreKept has jobs bring the same vocabulary, and then so many
// that the first one has to go.
func TestVocabulariesAreKept(t *testing.T) {
	t.Parallel()

	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, err := tracking.New(lex)
	if err != nil {
		t.Fatal(err)
	}
	m := newVocabularyCache(model)
	bring := func(n int) Options {
		o := Options{Trackers: []Tracker{{Name: "t"}}}
		for i := range 13_000 { // 13 MiB by the estimate
			o.Trackers[0].Vocabulary = append(o.Trackers[0].Vocabulary, fmt.Sprint(n, i))
		}
		return o
	}
	first := m.vocabulary(bring(0)).trackers
	if m.vocabulary(bring(0)).trackers != first {
		t.Error("an equal vocabulary is prepared again")
	}
	for n := range 4 {
		m.vocabulary(bring(n))
	}
	if m.vocabulary(bring(0)).trackers != first {
		t.Error("a vocabulary is prepared again that there was room for")
	}
	for n := range 5 {
		m.vocabulary(bring(n + 1))
	}
	if m.vocabulary(bring(0)).trackers == first {
		t.Error("65 MiB of vocabularies and more are kept")
	}
}
