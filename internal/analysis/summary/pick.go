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

// Size returns how many sentences the summary of n has: three and one more for each
// dozen, up to seven. More of a long meeting say less in common with what people wrote of it.
func Size(n int) int {
	return min(n, 7, 3+n/dozen)
}

const dozen = 12

// A choice is a sentence that may be picked.
type choice struct {
	number int // of the sentence, from 0
	worth  float64
	stems  []int32
	alike  float64 // to the most similar one that was picked
	part   int     // of a long conversation
	picked bool
}

// Pick returns which sentences say most, by their numbers from 0 in the order
// of [Collection.Add]: size of them, or all if there are less.
func (c *Collection) Pick(size int) []int {
	weights := c.weights()
	return c.pick(weights, c.shortlist(weights, size, pool*size), size)
}

// least is how many sentences are looked at for a short summary.
const least = 200

// Candidates returns which sentences may be picked for a summary of a size, by
// their numbers in order.
func (c *Collection) Candidates(size int) []int {
	var all []int
	for _, choice := range c.shortlist(c.weights(), size, max(least, pool*size)) {
		all = append(all, choice.number)
	}
	slices.Sort(all)
	return all
}

// PickBy is like [Collection.Pick], of candidates, each worth as many times more as
// a factor says.
func (c *Collection) PickBy(size int, candidates []int, factors []float64) []int {
	weights := c.weights()
	choices := c.best(weights, len(c.sentences))
	factor := make(map[int]float64, len(candidates))
	for i, n := range candidates {
		factor[n] = factors[i]
	}
	kept := choices[:0]
	for _, choice := range choices {
		if times, ok := factor[choice.number]; ok {
			choice.worth *= times
			kept = append(kept, choice)
		}
	}
	sortByWorth(kept)
	return c.pick(weights, kept, size)
}

// pick returns which choices a summary has: of a long conversation one of each part first.
func (c *Collection) pick(weights []float64, choices []choice, size int) []int {
	var picked []int
	missing := c.parts(weights, size)
	starts := slices.Clone(missing)
	for i := range choices {
		choices[i].part = partOf(starts, choices[i].number)
	}
	for len(picked) < min(size, len(choices)) {
		taken := next(choices, func(part int) bool { return len(missing) == 0 || slices.Contains(missing, starts[part]) })
		if taken == nil { // no choice is left in the parts that are missing
			missing = nil
			continue
		}
		taken.picked = true
		if len(missing) > 0 {
			missing = slices.DeleteFunc(missing, func(start int) bool { return start == starts[taken.part] })
		}
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

// shortlist returns the sentences that are worth most, and of each part of a long
// conversation its share of as many, the best first.
func (c *Collection) shortlist(weights []float64, size, most int) []choice {
	all := c.best(weights, len(c.sentences))
	starts := c.parts(weights, size)
	if len(starts) == 0 {
		return all[:min(len(all), max(0, most))]
	}
	counts := make([]int, len(starts))
	kept := all[:0]
	for n, choice := range all {
		part := partOf(starts, choice.number)
		if n < most || counts[part] < most/len(starts) {
			counts[part]++
			kept = append(kept, choice)
		}
	}
	return kept
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
	sortByWorth(choices)
	return choices[:min(len(choices), max(0, size))]
}

func sortByWorth(choices []choice) {
	slices.SortFunc(choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.number, b.number))
	})
}

// next returns the choice that adds most, of those that are left in parts that may have one;
// nil if none is. The first choice is worth most.
func next(choices []choice, may func(part int) bool) *choice {
	var best *choice
	top := math.Inf(-1)
	for i := range choices {
		c := &choices[i]
		if adds := c.worth - novelty*c.alike*choices[0].worth; !c.picked && adds > top && may(c.part) {
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
