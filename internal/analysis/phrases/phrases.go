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
// with a phrase, whatever else the table holds; phrases of more than [MaxWords]
// words are not found. A table is a tree of words rather than an automaton over
// bytes, such as that of Aho and Corasick: it needs a few bytes a word, while an
// automaton needs some for each letter, and would have to be told afterwards where
// words begin and end.
package phrases

import (
	"iter"
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// MaxWords is how many words a phrase may have.
const MaxWords = 32

// none is the number of no word, of no state and of no phrase.
const none = -1

// A Match is a place where a phrase stands.
type Match struct {
	Phrases    []int32 // which, by their order; several if they have the same words. Not to be changed
	Start, End int     // in bytes
}

// A Table finds phrases. It does not change and may be shared.
type Table struct {
	words    dictionary
	states   states
	first    []int32 // by state: where in phrases its own begin, which end where those of the next one begin
	phrases  []int32
	searches sync.Pool // of *Search
}

// New returns a Table of phrases. One without words is never found.
func New(texts []string) *Table {
	b := NewBuilder()
	for _, text := range texts {
		b.Add(text)
	}
	return b.Table()
}

// Size returns how many bytes the table takes.
func (t *Table) Size() int { return t.words.size() + t.states.size() + 4*(cap(t.first)+cap(t.phrases)) }

// All yields all places where phrases stand, also within one another: by where
// they begin, then by their length.
func (t *Table) All(text []words.Word) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		s := t.Search(text)
		defer s.Close()
		for i := range s.tokens {
			w := walk{start: i, at: i}
			for m, ok := s.next(&w); ok; m, ok = s.next(&w) {
				if !yield(m) {
					return
				}
			}
		}
	}
}
