package tracking

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// alike is how alike two words of other stems must be to count as shared.
const alike = 0.4

// A vocabulary knows words, and which of them are like another.
type vocabulary struct {
	numbers map[string]int32
	stems   []string
	sizes   []float32 // by word: the root of how many grams it has
	grams   []gram    // by hash
	slots   []int32   // by hash: where in grams it begins, plus one; 0 if it is none
	shift   int
}

// A gram is a few letters of a word.
type gram struct {
	hash uint32
	word int32
}

// A neighbor is a word that is like another.
type neighbor struct {
	word  int32
	alike float32 // alike to 1
}

// add returns the number of a word, new or not.
func (v *vocabulary) add(text string) int32 {
	number, ok := v.numbers[text]
	if ok {
		return number
	}
	number = int32(len(v.stems))
	v.numbers[text] = number
	v.stems = append(v.stems, stem(text))
	of := grams(nil, text)
	v.sizes = append(v.sizes, float32(math.Sqrt(float64(len(of)))))
	for _, h := range of {
		v.grams = append(v.grams, gram{h, number})
	}
	return number
}

// seal makes the vocabulary ready to be asked.
func (v *vocabulary) seal() {
	slices.SortFunc(v.grams, func(a, b gram) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
	})
	v.shift = 32 - bits.Len(uint(2*len(v.grams)))
	v.slots = make([]int32, 1<<(32-v.shift))
	for i, g := range v.grams {
		if i > 0 && v.grams[i-1].hash == g.hash {
			continue
		}
		slot := v.slot(g.hash)
		for v.slots[slot] != 0 {
			slot = (slot + 1) % len(v.slots)
		}
		v.slots[slot] = int32(i) + 1
	}
}

func (v *vocabulary) slot(hash uint32) int {
	return int(hash * 0x9e3779b1 >> v.shift)
}

// with returns the grams of a hash, and of those after it.
func (v *vocabulary) with(hash uint32) []gram {
	for slot := v.slot(hash); v.slots[slot] != 0; slot = (slot + 1) % len(v.slots) {
		if at := v.slots[slot] - 1; v.grams[at].hash == hash {
			return v.grams[at:]
		}
	}
	return nil
}

// counts are of shared grams, by word of a vocabulary. All are zero between
// two questions.
type counts struct {
	of      []uint8
	touched []int32
	grams   []uint32
}

// near appends to to the words that are like one.
func (v *vocabulary) near(to []neighbor, text string, c *counts) []neighbor {
	same, known := v.numbers[text]
	if known {
		to = append(to, neighbor{same, 1})
	}
	c.grams, c.touched = grams(c.grams, text), c.touched[:0]
	for _, h := range c.grams {
		for _, g := range v.with(h) {
			if g.hash != h {
				break
			}
			if c.of[g.word] == 0 {
				c.touched = append(c.touched, g.word)
			}
			c.of[g.word]++
		}
	}
	size, root := float32(math.Sqrt(float64(len(c.grams)))), ""
	for _, other := range c.touched {
		shared := float32(c.of[other]) / (size * v.sizes[other])
		c.of[other] = 0
		if shared < alike || known && other == same {
			continue
		}
		if root == "" {
			root = stem(text)
		}
		if v.stems[other] == root {
			shared = 1
		}
		to = append(to, neighbor{other, shared})
	}
	return to
}
