package runon

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// What a word is read as that the vocabulary lacks.
const (
	none   = iota // no word: before the first, behind the last
	mark          // a mark
	number        // has a digit
	person        // the name of someone who speaks
	short         // has three letters at most
	other

	firstEnding                    // and the other endings
	firstKin    = firstEnding + 14 // and the other clusters of words that are used alike
	classes     = firstKin + kins

	kins = 256
)

// endings are what words that the vocabulary lacks are told apart by, the first that fits.
func endings() [14]string {
	return [...]string{"ing", "ed", "ly", "tion", "ness", "ment", "able", "est", "ous", "al", "er", "ive", "n't", "s"}
}

// classOf returns what a word is read as that the vocabulary lacks.
func classOf(word string) uint16 {
	if strings.ContainsAny(word, "0123456789") {
		return number
	}
	if len(word) <= 3 {
		return short
	}
	for n, ending := range endings() {
		if strings.HasSuffix(word, ending) {
			return firstEnding + uint16(n)
		}
	}
	return other
}

// A reading is what the words of a passage are read as, and what they add.
type reading struct {
	ids  []uint16
	rows []*row
}

func (m *Model) read(said []words.Word, isName func(words.Word) bool) reading {
	r := reading{make([]uint16, len(said)), make([]*row, len(said))}
	for i, w := range said {
		id, known := m.ids[w.Lower]
		switch {
		case isName != nil && isName(w):
			id = person
		case known:
		case w.IsMark():
			id = mark
		default:
			id = classOf(w.Lower)
		}
		r.ids[i], r.rows[i] = id, m.row(id)
	}
	return r
}

// at returns a word of a passage, none beyond its ends.
func at(ids []uint16, i int) uint16 {
	if i < 0 || i >= len(ids) {
		return none
	}
	return ids[i]
}

// secondOf returns the second word of the sentence from start on, at a place.
func secondOf(ids []uint16, start, place int) uint16 {
	if start+1 >= place {
		return none
	}
	return ids[start+1]
}

// pairs are the rows of words around a place that have weights of their own.
const pairs = 5

// pairsAt returns the numbers of the weights of the rows of words around a place.
func pairsAt(ids []uint16, i int) [pairs]uint32 {
	a, b, c, d := at(ids, i-2), at(ids, i-1), at(ids, i), at(ids, i+1)
	return [pairs]uint32{
		pair(1, 0, b, c), pair(2, 0, a, b), pair(3, 0, c, d), pair(4, a, b, c), pair(5, b, c, d),
	}
}

// pair mixes words by the multiplication that FNV-1a has.
func pair(kind uint32, words ...uint16) uint32 {
	h := 2166136261 ^ kind
	for _, w := range words {
		h = (h ^ uint32(w)) * 16777619
		h ^= h >> 15
	}
	return h % wide
}
