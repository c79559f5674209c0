package summary

import (
	"cmp"
	"math"
	"slices"
)

// Of the parts of a long conversation.
const (
	long      = 100 // sentences from which on it has parts
	share     = 20  // that many stretches to be compared would fill it
	narrowest = 8   // sentences of such a stretch at least
	widest    = 60  // and at most
	fewParts  = 3   // and a third as many as the summary has sentences, if that is more
)

// A gap is a place between two sentences where another part may begin.
type gap struct {
	at    int     // the sentence behind it
	alike float64 // what is before it to what is behind it
	depth float64 // by how much less alike than the places around
}

// parts returns where the parts of a long conversation begin, in order: at the places where
// what was said before has least in common with what comes next, compared with the places
// around. It is nil for a short one. It looks four times at each sentence.
func (c *Collection) parts(weights []float64, size int) []int {
	n := len(c.sentences)
	if n < long || size < fewParts {
		return nil
	}
	stretch := min(widest, max(narrowest, n/share))
	gaps := c.gaps(weights, stretch)
	slices.SortFunc(gaps, func(a, b gap) int { return cmp.Or(cmp.Compare(b.depth, a.depth), cmp.Compare(a.at, b.at)) })
	starts := []int{0}
	for _, g := range gaps {
		if len(starts) == max(fewParts, size/3) || g.depth <= 0 {
			break
		}
		if !slices.ContainsFunc(starts, func(start int) bool { return max(start-g.at, g.at-start) < stretch }) {
			starts = append(starts, g.at)
		}
	}
	slices.Sort(starts)
	return starts
}

// gaps returns the places that are half a stretch apart, with how alike both sides are.
func (c *Collection) gaps(weights []float64, stretch int) []gap {
	var gaps []gap
	before, behind := make([]float64, len(weights)), make([]float64, len(weights))
	for at := stretch; at+stretch <= len(c.sentences); at += stretch / 2 {
		c.count(before, at-stretch, at, 1)
		c.count(behind, at, at+stretch, 1)
		gaps = append(gaps, gap{at: at, alike: c.cosine(weights, before, behind, at-stretch, at, at+stretch)})
		c.count(before, at-stretch, at, -1)
		c.count(behind, at, at+stretch, -1)
	}
	for i := range gaps {
		left, right := gaps[i].alike, gaps[i].alike
		for k := i - 1; k >= 0 && gaps[k].alike >= left; k-- {
			left = gaps[k].alike
		}
		for k := i + 1; k < len(gaps) && gaps[k].alike >= right; k++ {
			right = gaps[k].alike
		}
		gaps[i].depth = left + right - 2*gaps[i].alike
	}
	return gaps
}

// count adds the stems of the sentences from one to another so many times.
func (c *Collection) count(counts []float64, from, to int, times float64) {
	for _, s := range c.sentences[from:to] {
		for _, stem := range c.stems[s.from:s.to] {
			counts[stem] += times
		}
	}
}

// cosine returns how alike the counted stems of two stretches are, which meet at a sentence.
func (c *Collection) cosine(weights, before, behind []float64, from, at, to int) float64 {
	common, left, right := 0.0, 0.0, 0.0
	for n, s := range c.sentences[from:to] {
		for _, stem := range c.stems[s.from:s.to] {
			square := weights[stem] * weights[stem]
			if from+n < at {
				common += square * behind[stem]
				left += square * before[stem]
			} else {
				right += square * behind[stem]
			}
		}
	}
	return common / math.Sqrt(max(left*right, 1e-9))
}

// partOf returns the part that a sentence is in.
func partOf(starts []int, sentence int) int {
	at, found := slices.BinarySearch(starts, sentence)
	if !found {
		at--
	}
	return at
}
