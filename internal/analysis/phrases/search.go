package phrases

import (
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
	w := walk{start: start, at: start}
	for m, ok := s.next(&w); ok; m, ok = s.next(&w) {
		longest = m
	}
	for next < len(s.tokens) && s.tokens[next].start < longest.End {
		next++
	}
	return longest, next
}

// A walk goes through the phrases that begin at a place, the shortest first. It is
// no iterator, which would allocate at every word.
type walk struct {
	start, at int
	state     int32
}

// next returns the next phrase of a walk; ok is false if there is none.
func (s *Search) next(w *walk) (m Match, ok bool) {
	t := s.table
	for w.at < len(s.tokens) {
		token := s.tokens[w.at]
		if token.word == none {
			return m, false
		}
		if w.state = t.states.next(w.state, token.word); w.state == none {
			return m, false
		}
		w.at++
		if found := t.phrases[t.first[w.state]:t.first[w.state+1]]; len(found) > 0 {
			return Match{Phrases: found, Start: s.tokens[w.start].start, End: token.end}, true
		}
	}
	return m, false
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
