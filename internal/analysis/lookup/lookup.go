// Package lookup finds given phrases in text: whole words, whatever their case,
// and what stands between them as in the phrase but for blanks.
//
// A [Table] is made of any number of phrases in any script, and finds all of
// them at once with a look at each word and the few after it, so thousands of
// phrases cost what one does. Phrases of more than [Longest] words are found by
// none.
package lookup

import (
	"maps"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Longest is how many words and marks a phrase may have.
const Longest = 16

// A Hit is a place where a phrase stands.
type Hit struct {
	Phrases    []int // what was given to [New]: several phrases may read alike
	Start, End int   // in bytes
}

// A Table finds phrases. It does not change and may be shared.
type Table struct {
	phrases map[uint64][]int  // by the hash of their words
	texts   [][]string        // words, by phrase
	begins  map[uint64]uint16 // by the hash of a first word: a bit for each length of phrases
}

// New returns a Table of phrases, which hits name by their places.
func New(phrases []string) *Table {
	t := &Table{phrases: map[uint64][]int{}, begins: map[uint64]uint16{}, texts: make([][]string, len(phrases))}
	var said []words.Word
	for n, p := range phrases {
		said = words.Split(said[:0], p)
		if len(said) == 0 || len(said) > Longest {
			continue
		}
		hash := start
		for _, w := range said {
			t.texts[n] = append(t.texts[n], w.Lower)
			hash = add(hash, w.Lower)
		}
		t.phrases[hash] = append(t.phrases[hash], n)
		t.begins[add(start, said[0].Lower)] |= 1 << (len(said) - 1)
	}
	return t
}

// Find appends to to the hits in a text that was split into words, by where
// they begin, the longest first.
func (t *Table) Find(to []Hit, said []words.Word) []Hit {
	for i, first := range said {
		lengths := t.begins[add(start, first.Lower)]
		if lengths == 0 {
			continue
		}
		from, hash := len(to), start
		for n := 0; n < Longest && i+n < len(said) && lengths>>n != 0; n++ {
			hash = add(hash, said[i+n].Lower)
			if lengths&(1<<n) == 0 {
				continue
			}
			if found := t.same(t.phrases[hash], said[i:i+n+1]); len(found) > 0 {
				to = append(to, Hit{Phrases: found, Start: first.Start, End: said[i+n].End})
			}
		}
		slices.Reverse(to[from:])
	}
	return to
}

// same returns those of the phrases that are the words, and do not only have
// their hash.
func (t *Table) same(phrases []int, said []words.Word) []int {
	is := func(n int) bool {
		return slices.EqualFunc(t.texts[n], said, func(text string, w words.Word) bool { return text == w.Lower })
	}
	if !slices.ContainsFunc(phrases, func(n int) bool { return !is(n) }) {
		return phrases
	}
	return slices.DeleteFunc(slices.Clone(phrases), func(n int) bool { return !is(n) })
}

// Len returns how many different phrases there are.
func (t *Table) Len() int { return len(slices.Collect(maps.Keys(t.phrases))) }

// FNV-1a over words, with a mark after each.
const (
	start uint64 = 14695981039346656037
	prime uint64 = 1099511628211
)

func add(hash uint64, word string) uint64 {
	for i := range len(word) {
		hash = (hash ^ uint64(word[i])) * prime
	}
	return (hash ^ 0xff) * prime
}
