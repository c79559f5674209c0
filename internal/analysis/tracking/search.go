package tracking

import (
	"cmp"
	"math"
	"slices"
)

const (
	alike        = 0.4 // how alike words of other stems must be to count as shared
	related      = 0.3 // how alike words of the same stem are at least; it spares most of the stemming
	start        = 3   // bytes that words of the same stem begin with, likewise
	maxNeighbors = 100 // similar words that are kept of a word, the most similar ones
)

// none is the number of no word, and of no intent.
const none = -1

// A neighbor is a word that is like another.
type neighbor struct {
	word  int32
	alike float32 // 1 if it has the same stem
}

// A search has what looking for neighbors needs.
type search struct {
	shared  []uint8 // by word: how many grams it shares; zeros between two searches
	touched []int32 // words that share any
	grams   []uint32
	found   []neighbor
	cost    int // of the last search: how many grams were looked at
}

func (v *vocabulary) newSearch() search {
	return search{shared: make([]uint8, len(v.texts))}
}

// neighbors returns a word itself and the words that are like it. They are looked
// for when they are asked for first: not every word of a vocabulary is ever said,
// and those who make up one a second do not have it all worked out.
func (v *vocabulary) neighbors(number int32, s *search) []neighbor {
	if known := v.known[number].Load(); known != nil {
		return *known
	}
	found := append([]neighbor{{number, 1}}, v.search(v.texts[number], v.stems[number], number, s)...)
	v.known[number].Store(&found)
	return found
}

// search looks for words other than self that are like one with the given stem,
// which is found out if it is needed and empty.
func (v *vocabulary) search(text, root string, self int32, s *search) []neighbor {
	v.share(text, s)
	s.found = s.found[:0]
	size := float32(math.Sqrt(float64(len(s.grams))))
	for _, other := range s.touched {
		share := float32(s.shared[other]) / (size * v.sizes[other])
		s.shared[other] = 0
		if share < related || other == self {
			continue
		}
		if sameStart(text, v.texts[other]) {
			if root == "" {
				root = stem(text)
			}
			if v.stems[other] == root {
				share = 1
			}
		}
		if share >= alike {
			s.found = append(s.found, neighbor{other, share})
		}
	}
	if len(s.found) > maxNeighbors {
		slices.SortFunc(s.found, func(a, b neighbor) int {
			return cmp.Or(cmp.Compare(b.alike, a.alike), cmp.Compare(a.word, b.word))
		})
		s.found = s.found[:maxNeighbors]
	}
	return s.found
}

// share counts the grams that words share with a text.
func (v *vocabulary) share(text string, s *search) {
	s.grams, s.touched = grams(s.grams, text), s.touched[:0]
	s.cost = len(s.grams)
	for _, h := range s.grams {
		for _, g := range v.with(h) {
			if g.hash != h {
				break
			}
			s.cost++
			if s.shared[g.word] == 0 {
				s.touched = append(s.touched, g.word)
			}
			s.shared[g.word]++
		}
	}
}

func sameStart(a, b string) bool {
	return len(a) >= start && len(b) >= start && a[:start] == b[:start]
}
