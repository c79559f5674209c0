package sentiment

import (
	"maps"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jonreiter/govader"
)

// TestLikeGovader compares the rules with those of govader, on sentences that are
// put together of what the rules look for.
func TestLikeGovader(t *testing.T) {
	t.Parallel()

	a, vader := New(), govader.NewSentimentIntensityAnalyzer()
	pieces := []string{
		"good", "GOOD", "bad", "Great,", "not", "never", "so", "this", "without", "doubt", "very", "VERY", "hardly", "kind", "of", "sort", "but", "BUT",
		"least", "at", "no", "nor", "or", "isn't", "the", "bomb", "to", "die", "for", "yeah", "right", ":)", ":-(", "!", "!!", "?", "??", "", "report", "just", "enough",
		"😍", "😡!", "🙂🙂", "👍🏽", "hate😍", "I😡", "❤️", "É", "ÉTAT", "İ", "İgood", "\u212ailled", "\xff", "good\xff", "Ünlike",
		"kiss", "death", "(love)", "wouldn't", "ok.", "I", "it's", "café", "awful!!!",
	}
	random := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		said := make([]string, 1+random.IntN(9))
		for i := range said {
			said[i] = pieces[random.IntN(len(pieces))]
		}
		sentence := strings.TrimSpace(strings.Join(said, " "))
		got := a.compound(sentence)
		if want := vader.PolarityScores(sentence).Compound; math.Abs(got-want) > 1e-9 {
			t.Fatalf("compound(%q) = %v, govader says %v", sentence, got, want)
		}
	}
}

// TestListsOfGovader compares the lists, so that a later version of govader does not
// bring others unseen.
func TestListsOfGovader(t *testing.T) {
	t.Parallel()

	a, vader := New(), govader.NewSentimentIntensityAnalyzer()
	if !maps.Equal(a.lexicon, vader.Lexicon) || len(a.lexicon) < 7000 {
		t.Errorf("the lexicon has %d words and differs from govader's of %d", len(a.lexicon), len(vader.Lexicon))
	}
	if !maps.Equal(a.emoji, vader.EmojiDict) || len(a.emoji) < 3000 {
		t.Errorf("%d emoji differ from govader's %d", len(a.emoji), len(vader.EmojiDict))
	}
	if !maps.Equal(strengths, vader.Constants.BoosterDict) {
		t.Error("the words that strengthen and weaken differ from govader's")
	}
	if !maps.Equal(idioms, vader.Constants.SpecialCaseIdioms) {
		t.Error("the idioms differ from govader's")
	}
	want := map[string]bool{}
	for _, word := range vader.Constants.NegateList {
		want[word] = true
	}
	if !maps.Equal(negations, want) {
		t.Error("the negations differ from govader's")
	}
}
