package phrases

import (
	"iter"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A token is a word of a text as a table knows it.
type token struct {
	word       int32 // none if unknown
	start, end int
}

// A Search is a text in which the phrases of a table are looked for.
type Search struct {
	table  *Table
	tokens []token
	pieces []piece
	folded []byte
}

// Search begins to look for the phrases of the table in a text. The caller closes
// the search.
func (t *Table) Search(text []words.Word) *Search {
	s := t.searches.Get().(*Search)
	s.table = t
	s.read(text)
	return s
}

// Close ends the search.
func (s *Search) Close() { s.table.searches.Put(s) }

// Starts returns at how many places a phrase may begin. They are the same for all
// tables.
func (s *Search) Starts() int { return len(s.tokens) }

// Longest returns the longest phrase that begins at a place, and the first place
// behind it. It returns the place itself if there is none.
func (s *Search) Longest(start int) (longest Match, next int) {
	next = start
	for m := range s.at(start) {
		longest = m
	}
	for next < len(s.tokens) && s.tokens[next].start < longest.End {
		next++
	}
	return longest, next
}

// at yields the phrases that begin at a place, the shortest first.
func (s *Search) at(start int) iter.Seq[Match] {
	return func(yield func(Match) bool) {
		t, state := s.table, int32(0)
		for _, token := range s.tokens[start:] {
			if token.word == none {
				return
			}
			if state = t.states.next(state, token.word); state == none {
				return
			}
			found := t.phrases[t.first[state]:t.first[state+1]]
			if len(found) > 0 && !yield(Match{Phrases: found, Start: s.tokens[start].start, End: token.end}) {
				return
			}
		}
	}
}

// read fills in the tokens of a text.
func (s *Search) read(text []words.Word) {
	s.pieces = cut(s.pieces[:0], text)
	s.tokens = slices.Grow(s.tokens[:0], len(s.pieces))
	for _, p := range s.pieces {
		var word int32
		if isASCII(p.lower) {
			word = s.table.words.find(p.lower)
		} else {
			s.folded = fold(s.folded[:0], p.lower)
			word = s.table.words.find(string(s.folded))
		}
		s.tokens = append(s.tokens, token{word, p.start, p.end})
	}
	clear(s.pieces) // a search keeps no text alive
}
