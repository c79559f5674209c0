package tracking

import (
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/lexicon"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// shipped returns the model of the binary.
func shipped(t *testing.T) *Model {
	t.Helper()
	lex, err := lexicon.Load()
	if err != nil {
		t.Fatal(err)
	}
	model, err := New(lex)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

// TestCover checks that of two words that are like one of a term the liker one
// counts, whichever comes first.
func TestCover(t *testing.T) {
	t.Parallel()

	model := shipped(t)
	tests := map[string]float64{
		"subscriptions":                  1,
		"subscripton":                    0.73,
		"subscripton, the subscriptions": 1,
		"subscriptions, the subscripton": 1,
		"prescriptions":                  0.54,
	}
	matcher := model.Compile([]Tracker{{Vocabulary: []string{"the subscription"}}})
	for text, want := range tests {
		r := matcher.Read(nil, Unlimited)
		r.read(words.Split(nil, text))
		r.cover(0)
		if _, got := r.nearest(&matcher.groups[0]); got < want-0.01 || got > want+0.01 {
			t.Errorf("%q covers %.2f of the term, want %.2f", text, got, want)
		}
	}
}

func TestDot(t *testing.T) {
	t.Parallel()

	var a, b vector
	want := 0.0
	for i := range a {
		a[i], b[i] = float32(i), float32(2*i+1)
		want += float64(i * (2*i + 1))
	}
	if got := a.dot(&b); got != want {
		t.Errorf("dot = %v, want %v", got, want)
	}
}
