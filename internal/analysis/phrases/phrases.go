// Package phrases finds many given phrases in a text at once, word for word.
//
// A phrase is found where all of its words stand in their order, whatever the
// case, with nothing but blanks between them. Words are those of package words,
// but
//
//   - the 's of "Acme's" is a word of its own, so "Acme" is found in it;
//   - a hyphen that joins two words is none, so "follow up" is "follow-up";
//   - ’ is ', and ς is σ;
//   - . , ! ? ; : at the end of a phrase do not count.
//
// Every other mark counts: "C++" is not found in "C". In scripts that write no
// blanks a word is a character, or a run of katakana. Letters that Unicode can
// compose in two ways are not the same.
//
// Finding takes one look-up a word, and one more for every word that goes on
// with a phrase; phrases of more than [MaxWords] words are not found.
package phrases

import (
	"slices"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// MaxWords is how many words a phrase may have.
const MaxWords = 32

// A Match is a place where a phrase stands.
type Match struct {
	Phrases    []int32 // which, by their order; several if they have the same words. Not to be changed
	Start, End int     // in bytes
}

// A Table finds phrases. It does not change and may be shared.
type Table struct {
	words   map[string]int32
	steps   map[step]int32 // to the state after a word
	ends    [][]int32      // by state: the phrases that end there
	buffers sync.Pool      // of *buffer
}

// A step goes on from a state with a word. The state before all words is 0.
type step struct{ state, word int32 }

// A token is a word of a text as the table knows it.
type token struct {
	word       int32 // none if unknown
	start, end int
}

const none = -1

// A buffer is the working memory of a search.
type buffer struct {
	tokens []token
	pieces []piece
	folded []byte
}

// New returns a Table of phrases. One without words is never found.
func New(texts []string) *Table {
	t := &Table{words: map[string]int32{}, steps: map[step]int32{}, ends: make([][]int32, 1)}
	t.buffers.New = func() any { return new(buffer) }
	var r buffer
	var split []words.Word
	for i, text := range texts {
		split = words.Split(split[:0], text)
		r.pieces = trim(cut(r.pieces[:0], split))
		if n := len(r.pieces); n == 0 || n > MaxWords {
			continue
		}
		state := int32(0)
		for _, p := range r.pieces {
			r.folded = fold(r.folded[:0], p.lower)
			state = t.extend(state, r.folded)
		}
		t.ends[state] = append(t.ends[state], int32(i))
	}
	return t
}

// extend returns the state after a word, new or not.
func (t *Table) extend(state int32, folded []byte) int32 {
	word, ok := t.words[string(folded)]
	if !ok {
		word = int32(len(t.words))
		t.words[string(folded)] = word
	}
	next, ok := t.steps[step{state, word}]
	if !ok {
		next = int32(len(t.ends))
		t.steps[step{state, word}] = next
		t.ends = append(t.ends, nil)
	}
	return next
}

// Find appends to to all places where phrases stand, also within one another:
// by where they begin, then by their length.
func (t *Table) Find(to []Match, text []words.Word) []Match {
	if len(t.words) == 0 {
		return to
	}
	r := t.buffers.Get().(*buffer)
	defer t.buffers.Put(r)
	t.read(r, text)
	for i := range r.tokens {
		state := int32(0)
		for _, token := range r.tokens[i:] {
			if token.word == none {
				break
			}
			next, ok := t.steps[step{state, token.word}]
			if !ok {
				break
			}
			state = next
			if found := t.ends[state]; found != nil {
				to = append(to, Match{Phrases: found, Start: r.tokens[i].start, End: token.end})
			}
		}
	}
	return to
}

// read fills in the tokens of a text.
func (t *Table) read(r *buffer, text []words.Word) {
	r.pieces = cut(r.pieces[:0], text)
	r.tokens = slices.Grow(r.tokens[:0], len(r.pieces))
	for _, p := range r.pieces {
		word, ok := int32(0), false
		if isASCII(p.lower) {
			word, ok = t.words[p.lower]
		} else {
			r.folded = fold(r.folded[:0], p.lower)
			word, ok = t.words[string(r.folded)]
		}
		if !ok {
			word = none
		}
		r.tokens = append(r.tokens, token{word, p.start, p.end})
	}
	clear(r.pieces) // a buffer keeps no text alive
}
