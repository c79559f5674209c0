package tracking

import (
	"fmt"
	"strings"
	"testing"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestSee(t *testing.T) {
	t.Parallel()

	model := shipped(t)
	distinct := func(n int) (all string) {
		for i := range n {
			all += fmt.Sprintf(" z%dz", i)
		}
		return all
	}
	long := strings.Repeat("x", maxLetters+1)
	tests := []struct {
		name, text, word string
		times            int
		shared, vector   bool
	}{
		{name: "a word", text: "the Price, please", word: "price", times: 1, shared: true, vector: true},
		{name: "one of the commonest", text: "the price", word: "the", times: 1, vector: true},
		{name: "a mark", text: "the price!", word: "!"},
		{name: "twice", text: "the price is the price", word: "price", times: 1, shared: true, vector: true},
		{name: "again after a while", text: "price" + distinct(shortly) + " price price", word: "price", times: 2, shared: true, vector: true},
		{name: "what is", text: "what’s up", word: "what", times: 1, shared: true, vector: true},
		{name: "is not", text: "it isn't", word: "not", times: 1, shared: true, vector: true},
		{name: "possessive", text: "London's prices", word: "london", times: 1, shared: true, vector: true},
		{name: "unknown", text: "the qwyjibo", word: "qwyjibo", times: 1, shared: true},
		{name: "a number", text: "in 77.5 days", word: "77.5", times: 1},
		{name: "too long to be known", text: long, word: long, times: 1, shared: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			times := 0
			for _, w := range model.parse(nil, words.Split(nil, tt.text)) {
				if w.text != tt.word {
					continue
				}
				times++
				if (w.shared > 0) != tt.shared || (w.vector != nil) != tt.vector || w.weight <= 0 {
					t.Errorf("see(%q) has %q weigh %.2f, as a shared word %.2f, with a vector of %d; want shared %t, vector %t",
						tt.text, w.text, w.weight, w.shared, len(w.vector), tt.shared, tt.vector)
				}
			}
			if times != tt.times {
				t.Errorf("see(%q) has %q %d times, want %d", tt.text, tt.word, times, tt.times)
			}
		})
	}
}

// TestAccent checks that words do not count by their rarity alone.
func TestAccent(t *testing.T) {
	t.Parallel()

	model := shipped(t)
	accent := func(text string) float32 {
		w := model.lookUp(text)
		return w.weight / w.rarity
	}
	if please, price := accent("please"), accent("price"); please > price/2 {
		t.Errorf("please has an accent of %.2f, price of %.2f; want less than half", please, price)
	}
	if unknown := accent("qwyjibo"); unknown != 1 {
		t.Errorf("the accent of an unknown word is %.2f, want 1", unknown)
	}
}
