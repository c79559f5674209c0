package names_test

import (
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/names"
	"github.com/turnwise/turnwise/internal/analysis/names/corpus"
)

// TestMessages holds how well names are found in what people write and speak, in
// text that nothing was learned from or chosen by.
func TestMessages(t *testing.T) {
	t.Parallel()

	messages, err := corpus.Messages()
	if err != nil {
		t.Fatal(err)
	}
	tagger := newTagger(t)
	for _, form := range []struct {
		name string
		of   func(string) string
		all  float64 // least F1 of all types
		orgs float64 // least F1 of organisations
	}{
		{"messages", strings.Clone, 0.70, 0.70},
		{"messages, lower case", strings.ToLower, 0.55, 0.55},
	} {
		measure(t, tagger, form.name, messages, form.of)
		scores := corpus.Measure(tagger, messages, form.of)
		if all, orgs := scores[corpus.All].F1(), scores[names.Organization].F1(); all < form.all || orgs < form.orgs {
			t.Errorf("%s: F1 %.3f, of organisations %.3f; want %.2f and %.2f", form.name, all, orgs, form.all, form.orgs)
		}
	}
}
