package summary

import (
	"cmp"
	"math"
	"slices"
)

// Fitted on meetings; the evaluation test prints what comes of them.
const (
	padding  = 10   // words that a sentence counts as longer than it is
	fragment = 7    // words and marks of a sentence that counts half
	novelty  = 0.75 // what a sentence loses at most for what was said before
	pool     = 10   // sentences that are compared for each that is picked
)

// Size returns how many sentences the summary of n has: half the square root,
// rounded up, and never more than 20. That is 2 of 5, 4 of 40, 10 of 400.
func Size(n int) int { return min(20, int(math.Ceil(math.Sqrt(float64(n))/2))) }

// A choice is a sentence that may be picked.
type choice struct {
	number int // of the sentence, from 0
	worth  float64
	stems  []int32
	alike  float64 // to the most similar one that was picked
	picked bool
}

// Pick returns which sentences say most, by their numbers from 0 in the order
// of [Collection.Add]: size of them, or all if there are less.
func (c *Collection) Pick(size int) []int {
	weights := c.weights()
	choices := c.best(weights, pool*size)
	var picked []int
	for len(picked) < min(size, len(choices)) {
		taken := next(choices)
		taken.picked = true
		picked = append(picked, taken.number)
		for i := range choices {
			if o := &choices[i]; !o.picked {
				o.alike = max(o.alike, alike(weights, o.stems, taken.stems))
			}
		}
	}
	slices.Sort(picked)
	return picked
}

// best returns the sentences that are worth most, the best first.
func (c *Collection) best(weights []float64, size int) []choice {
	choices := make([]choice, len(c.sentences))
	for n, s := range c.sentences {
		stems := c.stems[s.from:s.to]
		worth := 0.0
		for _, stem := range stems {
			worth += weights[stem]
		}
		if s.half {
			worth /= 2
		}
		choices[n] = choice{number: n, worth: worth / float64(s.words+padding), stems: stems}
	}
	slices.SortFunc(choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.number, b.number))
	})
	return choices[:min(len(choices), max(0, size))]
}

// next returns the choice that adds most, of those that are left. The first
// choice is worth most.
func next(choices []choice) *choice {
	var best *choice
	top := math.Inf(-1)
	for i := range choices {
		c := &choices[i]
		if adds := c.worth - novelty*c.alike*choices[0].worth; !c.picked && adds > top {
			best, top = c, adds
		}
	}
	return best
}

// alike returns the share of the weight of two sentences' stems that both
// have.
func alike(weights []float64, a, b []int32) float64 {
	common, total := 0.0, 0.0
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			total += weights[a[0]]
			a = a[1:]
		case b[0] < a[0]:
			total += weights[b[0]]
			b = b[1:]
		default:
			common += weights[a[0]]
			total += weights[a[0]]
			a, b = a[1:], b[1:]
		}
	}
	for _, stem := range a {
		total += weights[stem]
	}
	for _, stem := range b {
		total += weights[stem]
	}
	return common / max(total, 1e-9)
}
