package foreign

import "github.com/turnwise/turnwise/internal/analysis/words"

// English is the language that all else is made for.
const English = "en"

// languages are those that are told apart, English first.
func languages() []string { return []string{English, "de", "es", "fr", "pt"} }

// A Count says how many words of a text are common in each language.
type Count [5]int

// Add adds the words of a text.
func (f *Finder) Add(c *Count, said []words.Word) {
	for _, w := range said {
		for bits, n := f.common[w.Lower], 0; bits != 0; bits, n = bits>>1, n+1 {
			c[n] += int(bits & 1)
		}
	}
}

// Language returns the language that has most, and whether it is sure: with a
// lead of two words or more. It is "" if no word is known.
func (c *Count) Language() (language string, sure bool) {
	best, second := 0, -1
	for n := 1; n < len(c); n++ {
		switch {
		case c[n] > c[best]:
			best, second = n, best
		case second < 0 || c[n] > c[second]:
			second = n
		}
	}
	if c[best] == 0 {
		return "", false
	}
	return languages()[best], c[best] >= c[second]+2
}
