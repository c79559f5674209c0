package words

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Names are the names of some people, who are looked up by the words of their names,
// however these are written. What a look takes does not grow with the number of names.
// They do not change and may be shared.
type Names struct {
	all    []string
	byWord map[string][]int32 // places in all of the names that have a word, in order
}

// NewNames returns the names.
func NewNames(all []string) *Names {
	n := &Names{all: all, byWord: make(map[string][]int32, 2*len(all))}
	for place, name := range all {
		for word := range strings.FieldsSeq(name) {
			key := folded(word)
			if of := n.byWord[key]; len(of) == 0 || of[len(of)-1] != int32(place) {
				n.byWord[key] = append(of, int32(place))
			}
		}
	}
	return n
}

// Has reports whether a word is one of a name. There may be no Names at all: then it is
// not.
func (n *Names) Has(w Word) bool {
	if n == nil || len(n.byWord) == 0 {
		return false
	}
	if len(w.Text) == len(w.Lower) && isASCII(w.Text) {
		return len(n.byWord[w.Lower]) > 0
	}
	return len(n.byWord[folded(w.Text)]) > 0
}

// With returns the names that have each of some words, in their order; none of no words.
func (n *Names) With(some ...string) (found []string) {
	if n == nil || len(some) == 0 {
		return nil
	}
	for _, place := range n.byWord[folded(some[0])] {
		if n.hasAll(place, some[1:]) {
			found = append(found, n.all[place])
		}
	}
	return found
}

func (n *Names) hasAll(place int32, some []string) bool {
	for _, word := range some {
		if _, has := slices.BinarySearch(n.byWord[folded(word)], place); !has {
			return false
		}
	}
	return true
}

// folded returns what all texts share that [strings.EqualFold] takes for the same.
func folded(word string) string {
	if isASCII(word) {
		return strings.ToLower(word)
	}
	return strings.Map(foldedRune, word)
}

// foldedRune returns the least of the letters that are the same but for their case, and
// of those of ASCII the small one.
func foldedRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	if 'A' <= least && least <= 'Z' {
		return least - 'A' + 'a'
	}
	return least
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
