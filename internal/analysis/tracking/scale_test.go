package tracking_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// TestManyTerms compiles 500 trackers of 50 terms.
func TestManyTerms(t *testing.T) {
	t.Parallel()

	trackers := make([]tracking.Tracker, 500)
	for i := range trackers {
		for j := range 50 {
			trackers[i].Vocabulary = append(trackers[i].Vocabulary, fmt.Sprintf("we need %s from the %s store", spell(j), spell(1000+i)))
		}
	}
	matcher := newModel(t).Compile(trackers)
	got := found(matcher, "Today we need "+spell(49)+" from the "+spell(1499)+" store.", 1)
	if want := []string{fmt.Sprintf("499.49 we need %s from the %s store@6", spell(49), spell(1499))}; !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}

// spell returns a word of letters for a number.
func spell(n int) string {
	word := []byte("word")
	for ; n > 0; n /= 26 {
		word = append(word, byte('a'+n%26))
	}
	return string(word)
}

// TestCrowdedSentence has a sentence that is made of what many trackers look for.
func TestCrowdedSentence(t *testing.T) {
	t.Parallel()

	trackers := slices.Repeat([]tracking.Tracker{{Vocabulary: []string{"ask"}}}, 100)
	sentence := words.Split(nil, strings.Repeat("ask ", 1000))
	got := newModel(t).Compile(trackers).Find(nil, sentence, 0.5)
	if len(got) != 10_000 || got[9999].End > 400 {
		t.Errorf("%d matches, want the first 10000 of 100000", len(got))
	}
}

// TestHostile finds in texts, and with vocabularies, that a search which
// compares each with each would not come to an end with.
func TestHostile(t *testing.T) {
	t.Parallel()

	model := newModel(t)
	var alike, distinct strings.Builder
	var terms []string
	for i := range 25_000 {
		terms = append(terms, spell(i)) // each of which looks like every other
	}
	for i := range 10_000 {
		fmt.Fprintf(&alike, "%s ", spell(30_000+i))
		fmt.Fprintf(&distinct, "x%d ", i)
	}
	texts := []string{
		strings.Repeat("a", 64<<10), strings.Repeat("a ", 32<<10), strings.Repeat("ab ", 20<<10), strings.Repeat("👍", 10_000),
		"e" + strings.Repeat("\u0301", 32<<10), strings.Repeat("سعر ", 9<<10), distinct.String(), alike.String(),
	}
	begin := time.Now()
	matcher := model.Compile([]tracking.Tracker{
		{Vocabulary: terms, Exclude: []string{strings.Repeat("a", 40), strings.Repeat("ab ", 30), "👍", "é", "a"}},
	})
	for _, text := range texts {
		split := words.Split(nil, text)
		matcher.Find(nil, split, 0.5)
		model.Compile([]tracking.Tracker{{Vocabulary: []string{text}}}).Find(nil, split, 0)
	}
	if took := time.Since(begin); took > time.Minute {
		t.Errorf("took %s, want seconds", took)
	}
}
