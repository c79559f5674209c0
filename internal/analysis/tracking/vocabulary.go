package tracking

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// maxGramWords is how many words of a vocabulary a gram may be in to be of use. Without
// it a vocabulary of thousands of words that all look alike would take quadratic
// time. A gram of that many words tells little anyway.
const maxGramWords = 2_000

// A vocabulary knows words, and which of them are like another.
type vocabulary struct {
	numbers map[string]int32
	texts   []string
	stems   []string
	known   [][]neighbor // by word: itself and the words that are like it
	sizes   []float32    // by word: the root of how many grams it has
	grams   []gram       // by hash
	slots   []int32      // by hash: where in grams it begins, plus one; 0 if it is none
	shift   int
}

// A gram is a few letters of a word.
type gram struct {
	hash uint32
	word int32
}

// add returns the number of a word, new or not.
func (v *vocabulary) add(text string) int32 {
	number, ok := v.numbers[text]
	if ok {
		return number
	}
	number = int32(len(v.texts))
	v.numbers[text] = number
	v.texts = append(v.texts, text)
	v.stems = append(v.stems, stem(text))
	of := grams(nil, text)
	v.sizes = append(v.sizes, float32(math.Sqrt(float64(len(of)))))
	for _, h := range of {
		v.grams = append(v.grams, gram{h, number})
	}
	return number
}

// build makes the vocabulary ready to be asked.
func (v *vocabulary) build() {
	slices.SortFunc(v.grams, func(a, b gram) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.word, b.word))
	})
	v.shift = 32 - bits.Len(uint(2*len(v.grams)))
	v.slots = make([]int32, 1<<(32-v.shift))
	for from, to := 0, 0; from < len(v.grams); from = to {
		for to = from; to < len(v.grams) && v.grams[to].hash == v.grams[from].hash; {
			to++
		}
		if to-from <= maxGramWords {
			v.put(v.grams[from].hash, int32(from))
		}
	}
	s := v.newSearch()
	v.known = make([][]neighbor, len(v.texts))
	for i, text := range v.texts {
		self := int32(i)
		v.known[i] = append([]neighbor{{self, 1}}, v.search(text, v.stems[i], self, &s)...)
	}
}

// put notes where the grams of a hash begin.
func (v *vocabulary) put(hash uint32, at int32) {
	slot := v.slot(hash)
	for v.slots[slot] != 0 {
		slot = (slot + 1) % len(v.slots)
	}
	v.slots[slot] = at + 1
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
