package summary

import (
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/terms"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Collection takes the sentences of a conversation and picks a summary. It
// is not for concurrent use.
type Collection struct {
	table     *terms.Table
	sentences []sentence
	stems     []int32   // of all sentences, one after the other
	frequency []int32   // by stem: in how many sentences it is
	rarity    []float64 // by stem: of its commonest form

	buffer []int32 // for the terms of a sentence
}

// A sentence is what is kept of one.
type sentence struct {
	from, to int  // its stems that carry meaning, each once and sorted
	words    int  // marks included
	half     bool // counts half
	english  bool // likely
}

// Collect returns a Collection without sentences.
func Collect(dictionary *terms.Dictionary) *Collection {
	return &Collection{table: dictionary.Table()}
}

// Add takes the next sentence. It keeps nothing of text.
func (c *Collection) Add(text []words.Word) {
	c.buffer = c.table.Append(c.buffer[:0], text)
	from := len(c.stems)
	for _, number := range c.buffer {
		if t := c.table.Term(number); t.Kind.Informs() {
			c.stems = append(c.stems, t.Stem)
			c.grow(t)
		}
	}
	slices.Sort(c.stems[from:])
	c.stems = c.stems[:from+len(slices.Compact(c.stems[from:]))]
	for _, stem := range c.stems[from:] {
		c.frequency[stem]++
	}
	c.sentences = append(c.sentences, sentence{
		from:    from,
		to:      len(c.stems),
		words:   len(c.buffer),
		english: c.table.English(c.buffer),
		half:    len(text) <= fragment || text[len(text)-1].Text == "?",
	})
}

// grow makes room for what is known of a term's stem.
func (c *Collection) grow(t *terms.Term) {
	for len(c.rarity) <= int(t.Stem) {
		c.rarity, c.frequency = append(c.rarity, 1), append(c.frequency, 0)
	}
	c.rarity[t.Stem] = min(c.rarity[t.Stem], t.Rarity)
}

// weights returns what each stem counts for.
func (c *Collection) weights() []float64 {
	weights := make([]float64, len(c.rarity))
	for stem, rarity := range c.rarity {
		weights[stem] = math.Sqrt(rarity) * math.Log1p(float64(c.frequency[stem]))
	}
	return weights
}

// English reports whether the sentence with a number is likely English.
func (c *Collection) English(n int) bool { return c.sentences[n].english }
