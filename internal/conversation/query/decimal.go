package query

import (
	"cmp"
	"strings"
)

// A decimal is a number in its shortest writing, to be compared exactly
// however long it is: metadata have ids that a float64 would confuse.
type decimal struct {
	negative        bool
	whole, fraction string // digits, without zeros before the one and after the other
}

// decimalOf reads digits with a sign before and a point among them, if any.
func decimalOf(s string) (d decimal, ok bool) {
	d.negative = strings.HasPrefix(s, "-")
	whole, fraction, point := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !digits(whole) || point && !digits(fraction) {
		return d, false
	}
	d.whole, d.fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	d.negative = d.negative && d.whole+d.fraction != ""
	return d, true
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (d decimal) compare(e decimal) int {
	switch {
	case d.negative && e.negative:
		return e.compareSize(d)
	case d.negative:
		return -1
	case e.negative:
		return 1
	default:
		return d.compareSize(e)
	}
}

func (d decimal) compareSize(e decimal) int {
	return cmp.Or(
		cmp.Compare(len(d.whole), len(e.whole)),
		cmp.Compare(d.whole, e.whole),
		cmp.Compare(d.fraction, e.fraction),
	)
}
