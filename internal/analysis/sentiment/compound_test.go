package sentiment

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestLikeGovader compares the rules with those of govader, on sentences that are
// put together of what the rules look for.
func TestLikeGovader(t *testing.T) {
	t.Parallel()

	a := New()
	pieces := []string{
		"good", "GOOD", "bad", "Great,", "not", "never", "so", "this", "without", "doubt", "very", "VERY", "hardly", "kind", "of", "sort", "but", "BUT",
		"least", "at", "no", "nor", "or", "isn't", "the", "bomb", "to", "die", "for", "yeah", "right", ":)", ":-(", "!", "!!", "?", "??", "", "report", "just", "enough",
		"kiss", "death", "(love)", "wouldn't", "ok.", "I", "it's", "café", "awful!!!",
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		said := make([]string, 1+random.IntN(9))
		for i := range said {
			said[i] = pieces[random.IntN(len(pieces))]
		}
		sentence := strings.TrimSpace(strings.Join(said, " "))
		got, ok := a.compound(sentence)
		if want := a.vader.PolarityScores(sentence).Compound; !ok || math.Abs(got-want) > 1e-9 {
			t.Fatalf("compound(%q) = %v, %t, govader says %v", sentence, got, ok, want)
		}
	}
}
