package patterns

import (
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/patterns/numerals"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// most words that a number is looked for in, and most digits behind its point.
const (
	longestNumber = 24
	longestTail   = 9
)

// words reads a number that is written with words: "two hundred and five", "a
// dozen", "two thirds", "minus three point five". It returns the word after it;
// a score of 0 is no number.
func (f *Finder) words(all []words.Word, i int) (end int, p Pattern) {
	j, sign := i, 1.0
	if w := all[i].Lower; (w == "minus" || w == "negative") && i+1 < len(all) {
		j, sign = i+1, -1
	}
	if end, value := f.half(all, j); end > j {
		return end, Pattern{Number, all[i].Start, all[end-1].End, format(sign * value), 0.85}
	}
	end, t := f.tally(all, j)
	if t.count == 0 {
		return i, p
	}
	value := t.value()
	if parts := f.fraction(all, end); parts > 0 {
		value /= parts
		end++
	} else if t.count == 1 && all[end-1].Lower == "one" && sign > 0 && !f.pointed(all, end) || f.ordinal(all, end) {
		return end, p // a pronoun, the tens of an ordinal
	}
	value, end = f.tail(all, value, end)
	return end, Pattern{Number, all[i].Start, all[end-1].End, format(sign * value), 0.85}
}

// half reads "half a million", "half a dozen".
func (f *Finder) half(all []words.Word, i int) (end int, value float64) {
	if i+2 >= len(all) || all[i].Lower != "half" || all[i+1].Lower != "a" {
		return i, 0
	}
	n := float64(dozen(all[i+2].Lower))
	if scale := f.numerals[all[i+2].Lower]; scale.Scale && !scale.Ordinal {
		n = float64(scale.Value)
	}
	if n == 0 {
		return i, 0
	}
	return i + 3, n / 2
}

// tally reads the words of a whole number.
func (f *Finder) tally(all []words.Word, i int) (end int, t tally) {
	t.below = 100
	j := i
	if all[i].Lower == "a" {
		if j++; j == len(all) || dozen(all[j].Lower) == 0 && (!f.numerals[all[j].Lower].Scale || f.numerals[all[j].Lower].Ordinal) {
			return i, t
		}
		t.part = 1
	}
	for end = j; j < len(all) && t.count < longestNumber; end = j {
		if link := all[j].Lower; t.count > 0 && (link == "and" && t.value() >= 100 || link == "-" && all[j].Start == all[j-1].End) {
			if j++; j == len(all) || f.numerals[all[j].Lower].Scale {
				break
			}
		}
		word := all[j].Lower
		n, ok := f.numerals[word]
		if !ok && t.count > 0 {
			n, ok = f.numerals[strings.TrimSuffix(word, "s")] // two millions
		}
		if twelve := dozen(word); twelve > 0 && t.value() > 0 {
			n, ok = numerals.Numeral{Value: twelve, Scale: true}, true
		}
		if !ok || !t.add(n) {
			break
		}
		j++
	}
	return end, t
}

// dozen returns what a dozen is, 0 for other words.
func dozen(word string) int64 {
	if word == "dozen" || word == "dozens" {
		return 12
	}
	return 0
}

// fraction returns the parts of which a number that stands before i counts
// some: 3 for "thirds"; 0 if there are none.
func (f *Finder) fraction(all []words.Word, i int) float64 {
	if i == len(all) {
		return 0
	}
	switch word := all[i].Lower; word {
	case "halves":
		return 2
	case "quarters":
		return 4
	default:
		one, plural := strings.CutSuffix(word, "s")
		if n := f.numerals[one]; plural && n.Ordinal && n.Value > 2 {
			return float64(n.Value)
		}
		return 0
	}
}

// pointed reports whether a point and a digit stand at i, in words.
func (f *Finder) pointed(all []words.Word, i int) bool {
	if i+1 >= len(all) || all[i].Lower != "point" {
		return false
	}
	n, ok := f.numerals[all[i+1].Lower]
	return ok && !n.Scale && !n.Ordinal
}

// tail adds what stands behind the point: "point two five", "point seventy-one".
func (f *Finder) tail(all []words.Word, value float64, i int) (float64, int) {
	if !f.pointed(all, i) {
		return value, i
	}
	i++
	unit := 1.0
	for range longestTail {
		if i == len(all) {
			break
		}
		n, ok := f.numerals[all[i].Lower]
		if !ok || n.Scale || n.Ordinal {
			break
		}
		if n.Value < 10 {
			unit /= 10
			value += float64(n.Value) * unit
			i++
			continue
		}
		end, t := f.tally(all, i)
		return value + t.value()*unit/100, end
	}
	return value, i
}

// A tally is a number of which some words were read.
type tally struct {
	total float64 // the thousands, the millions
	part  float64 // what may still be multiplied
	below float64 // what the next word must be less than
	count int     // of words
}

func (t *tally) value() float64 { return t.total + t.part }

// add reads one more word. It reports whether that goes on with the number.
func (t *tally) add(n numerals.Numeral) bool {
	v := float64(n.Value)
	switch {
	case n.Ordinal, n.Scale && t.part == 0, !n.Scale && v >= t.below:
		return false
	case n.Value == 12 && n.Scale:
		t.total, t.part, t.below = t.value()*v, 0, 0
	case n.Scale && v < 1000:
		if t.part >= 100 {
			return false
		}
		t.part, t.below = t.part*v, v
	case n.Scale:
		if t.total > 0 && v >= t.total {
			return false
		}
		t.total, t.part, t.below = t.total+t.part*v, 0, 1000
	default:
		t.part += v
		if t.below = 1; v >= 20 {
			t.below = 10
		}
	}
	t.count++
	return true
}

// ordinal reports whether an ordinal goes on with the number before it:
// twenty-first.
func (f *Finder) ordinal(all []words.Word, i int) bool {
	if i == len(all) {
		return false
	}
	if all[i].Text == "-" && i+1 < len(all) && all[i].Start == all[i-1].End {
		i++
	}
	n, ok := f.numerals[all[i].Lower]
	return ok && n.Ordinal && all[i].Lower != "second"
}
