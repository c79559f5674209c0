package tracking

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"sync/atomic"
	"unsafe"
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
	known   []atomic.Pointer[[]neighbor] // by word: itself and the words that are like it; nil until that is asked for
	cost    []int32                      // by word: how many grams a search for it looks at
	sizes   []float32                    // by word: the root of how many grams it has
	grams   []gram                       // by hash
	slots   []int32                      // by hash: where in grams it begins, plus one; 0 if it is none
	shift   int
}

// A gram is a few letters of a word.
type gram struct {
	hash uint32
	word int32
}

func newVocabulary() vocabulary { return vocabulary{numbers: map[string]int32{}} }

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
	v.cost = make([]int32, len(v.texts))
	v.shift = 32 - bits.Len(uint(2*len(v.grams)))
	v.slots = make([]int32, 1<<(32-v.shift))
	for from, to := 0, 0; from < len(v.grams); from = to {
		for to = from; to < len(v.grams) && v.grams[to].hash == v.grams[from].hash; {
			to++
		}
		if to-from > maxGramWords {
			continue
		}
		v.put(v.grams[from].hash, int32(from))
		for _, g := range v.grams[from:to] {
			v.cost[g.word] += int32(to - from)
		}
	}
	v.known = make([]atomic.Pointer[[]neighbor], len(v.texts))
}

// size returns about how many bytes the vocabulary takes, when half of its words
// were said that are like the usual number of others.
func (v *vocabulary) size() int {
	const aWord = 2*16 + 24 + 8 + 4 + 4 + 100 // texts and stems, number, the rest of the lists, neighbors
	size := cap(v.grams)*int(unsafe.Sizeof(gram{})) + 4*len(v.slots)
	for _, text := range v.texts {
		size += aWord + 2*len(text)
	}
	return size
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
