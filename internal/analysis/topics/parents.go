package topics

import (
	"cmp"
	"math/bits"
	"slices"
)

// findParents gives every topic its parents.
func findParents(found []finding, messages int) {
	sets := make([]set, len(found))
	for n := range found {
		sets[n] = newSet(found[n].messages, messages)
	}
	for n := range found {
		child := &found[n]
		covering, parents := -1, []*finding(nil)
		for m := range found {
			parent := &found[m]
			switch {
			case m == n:
			case contains(child.stems, parent.stems):
				parents = append(parents, parent)
			case covers(parent, child, sets[m], sets[n]) &&
				(covering < 0 || len(parent.messages) < len(found[covering].messages)):
				covering = m
			}
		}
		slices.SortStableFunc(parents, func(a, b *finding) int { return cmp.Compare(len(b.stems), len(a.stems)) })
		if covering >= 0 {
			parents = append(parents, &found[covering])
		}
		for _, p := range parents {
			child.Parents = append(child.Parents, p.Text)
		}
	}
}

// contains reports whether the row part is in the longer row all.
func contains(all, part []int32) bool {
	for from := 0; len(part) < len(all) && from+len(part) <= len(all); from++ {
		if slices.Equal(all[from:from+len(part)], part) {
			return true
		}
	}
	return false
}

// covers reports whether parent is at least twice as frequent as child and in
// four fifths of its messages, which are three or more.
func covers(parent, child *finding, p, c set) bool {
	n := len(child.messages)
	return n >= 3 && len(parent.messages) >= 2*n && 5*p.common(c) >= 4*n
}

// A set of messages has a bit for each.
type set []uint64

func newSet(members []int32, size int) set {
	s := make(set, (size+63)/64)
	for _, m := range members {
		s[m/64] |= 1 << (m % 64)
	}
	return s
}

// common returns how many members both have.
func (s set) common(other set) int {
	n := 0
	for i, word := range s {
		n += bits.OnesCount64(word & other[i])
	}
	return n
}
