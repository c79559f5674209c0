package topics

import (
	"math"
	"math/bits"
)

// Fitted on meetings and on the even half of two sets of articles; the
// evaluation test prints what comes of them.
const (
	rarePower = 0.75 // how much rare words count for more
	within    = 0.5  // share of the occurrences within a longer phrase left out
	early     = 0.5  // what the first message adds
	several   = 0.3  // what each doubling of the speakers adds
	halfScore = 0.7  // weight of a score of 0.5
)

// score turns a weight into a score.
func score(weight float64) float64 { return weight / (weight + halfScore) }

// weight weighs a phrase that is written as row, and that occurs inside times
// within a longer one.
func (c *Collection) weight(row []int32, p *count, inside int32) float64 {
	rarity := 0.0
	for _, number := range row {
		rarity += math.Pow(c.table.Term(number).Rarity, rarePower)
	}
	rarity /= float64(len(row))
	times := float64(p.times) - within*float64(inside)
	late := float64(p.first) / float64(len(c.ids))
	doublings := math.Log2(float64(max(1, bits.OnesCount64(p.speakers))))
	return math.Log1p(times) * rarity * length(len(row)) * (1 + early*(1-late)) * (1 + several*doublings)
}

// length returns what a phrase of n terms counts for.
func length(n int) float64 {
	switch n {
	case 1:
		return 1
	case 2:
		return 1.4
	default:
		return 1.3
	}
}
