package topics

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// absorbedShare is the share of a phrase's occurrences within a longer one that
// makes it none of its own.
const absorbedShare = 0.5

// A ranked phrase is one by its number, with its weight.
type ranked struct {
	number int32
	weight float64
}

// Size returns how many topics a conversation of n messages has at most, beside
// those of a vocabulary.
func Size(n int) int { return min(40, 3+int(math.Round(2*math.Sqrt(float64(n))))) }

// rank returns the phrases by weight, the heaviest first. The order is total,
// so that it does not depend on what was forgotten meanwhile.
func (c *Collection) rank() []ranked {
	inside := c.inside()
	all := make([]ranked, 0, len(inside))
	for n := range c.phrases.counts {
		p := &c.phrases.counts[n]
		if float64(inside[n]) <= absorbedShare*float64(p.times) {
			all = append(all, ranked{int32(n), c.weight(p.form[:p.form.len()], p, inside[n])})
		}
	}
	slices.SortFunc(all, func(a, b ranked) int {
		p, q := &c.phrases.counts[a.number], &c.phrases.counts[b.number]
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(p.first, q.first), slices.Compare(p.key[:], q.key[:]))
	})
	return all
}

// inside returns of every phrase how often the most frequent longer one occurs
// that contains it, or the given one that contains it or is it.
func (c *Collection) inside() []int32 {
	inside := make([]int32, len(c.phrases.counts))
	note := func(part phrase, times int32) {
		if n, ok := c.phrases.numbers[part]; ok {
			inside[n] = max(inside[n], times)
		}
	}
	for n := range c.phrases.counts {
		p := &c.phrases.counts[n]
		length := p.key.len()
		for part := range parts(p.key[:length], length-1) {
			note(part, p.times)
		}
	}
	for n, row := range c.custom.stems {
		for part := range parts(row, longest) {
			note(part, c.custom.counts[n].times)
		}
	}
	return inside
}

// doubles reports whether a phrase says the same as a heavier one: it has two of its three
// words, or one of them is short for the other. A part of another may be its parent.
func (c *Collection) doubles(phrase, heavier int32) bool {
	a, b := &c.phrases.counts[phrase], &c.phrases.counts[heavier]
	return a.key.overlaps(b.key) || c.isShort(a.form, b.form) || c.isShort(b.form, a.form)
}

// isShort reports whether a phrase is the capitals with which the words of another begin:
// SSO of "single sign-on".
func (c *Collection) isShort(short, long phrase) bool {
	if short.len() != 1 {
		return false
	}
	capitals := c.table.Term(short[0]).Text
	if capitals != strings.ToUpper(capitals) {
		return false
	}
	n := 0
	for _, number := range long[:long.len()] {
		for part := range strings.SplitSeq(c.table.Term(number).Text, "-") {
			if n >= len(capitals) || part == "" || capitals[n]|0x20 != part[0]|0x20 {
				return false
			}
			n++
		}
	}
	return n == len(capitals) && n > 1
}

// pick returns the phrases that are topics, the heaviest first: none that doubles another
// that was picked.
func (c *Collection) pick(all []ranked) []ranked {
	picked := make([]ranked, 0, c.times*Size(len(c.ids)))
	for _, r := range all {
		if len(picked) == cap(picked) {
			break
		}
		if !slices.ContainsFunc(picked, func(other ranked) bool {
			return c.doubles(r.number, other.number)
		}) {
			picked = append(picked, r)
		}
	}
	return picked
}
