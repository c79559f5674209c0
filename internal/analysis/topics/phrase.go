package topics

import (
	"iter"
	"slices"
)

// longest is how many terms a phrase has at most.
const longest = 3

// A phrase is a row of terms, or of their stems; zeros follow the last.
type phrase [longest]int32

func (p phrase) len() int {
	n := 0
	for n < longest && p[n] != 0 {
		n++
	}
	return n
}

// parts yields the phrases of up to most terms within a row.
func parts(row []int32, most int) iter.Seq[phrase] {
	return func(yield func(phrase) bool) {
		for length := 1; length <= min(most, len(row)); length++ {
			for from := 0; from+length <= len(row); from++ {
				var part phrase
				copy(part[:], row[from:from+length])
				if !yield(part) {
					return
				}
			}
		}
	}
}

// overlaps reports whether both have three terms, and two in common.
func (p phrase) overlaps(q phrase) bool {
	common := 0
	for _, stem := range p {
		if stem != 0 && slices.Contains(q[:], stem) {
			common++
		}
	}
	return common == longest-1 && p.len() == longest && q.len() == longest
}
