package patterns

import (
	"math"
	"strconv"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// numbers appends the numbers among the words of a text.
func (f *Finder) numbers(to []Pattern, all []words.Word, others *occupied) []Pattern {
	for i := 0; i < len(all); {
		b := all[i].Lower[0]
		end, p := i, Pattern{}
		switch {
		case '0' <= b && b <= '9', b == '.' && i+1 < len(all) && all[i+1].Start == all[i].End:
			end, p = f.digits(all, i)
		case 'a' <= b && b <= 'z':
			end, p = f.words(all, i)
		}
		if end == i {
			i++
			continue
		}
		end, p = f.amount(all, i, end, p)
		if p.Score > 0 && others.free(p.Start, p.End) {
			to = append(to, p)
		}
		i = end
	}
	return to
}

// digits reads a number that is written with digits, and the words that
// multiply it: "2.5 million". It returns the word after it; a score of 0 is no
// number.
func (f *Finder) digits(all []words.Word, i int) (end int, p Pattern) {
	w := all[i]
	start, text := w.Start, w.Text
	if text == "." {
		if i > 0 && all[i-1].End == start {
			return i + 1, p
		}
		i++
		text = "." + all[i].Text
	}
	value, ok := parse(text)
	if !ok {
		value, ok = billions(all, i, text)
	}
	if !ok {
		return i + 1, p
	}
	if front, joined := joinedTo(all, i-1, start); joined {
		if _, code := joinedTo(all, i-2, front.Start); !minus(front) || code {
			return i + 1, p // a part of a date, of a code
		}
		value, start = -value, front.Start
	}
	if end = i + 1; goesOn(all, end) {
		return end, p
	}
	for end < len(all) && end < i+4 {
		n := f.numerals[strings.TrimSuffix(all[end].Lower, "s")]
		if n.Ordinal || !n.Scale && dozen(all[end].Lower) == 0 {
			break
		}
		value *= float64(max(n.Value, dozen(all[end].Lower)))
		end++
	}
	return end, Pattern{Number, start, all[end-1].End, format(value), 0.9}
}

// billions reads "$3B": without a sign of money before it the letter is more often
// that of a room or a version.
func billions(all []words.Word, i int, text string) (float64, bool) {
	digits, ok := strings.CutSuffix(text, "B")
	if !ok || i == 0 || all[i-1].End != all[i].Start || strings.IndexAny(all[i-1].Text, "$€£¥") != 0 {
		return 0, false
	}
	value, ok := parse(digits)
	return value * 1e9, ok
}

// joinedTo returns the word at i, and whether it is one that with a number
// right behind it, at start, makes up something else.
func joinedTo(all []words.Word, i, start int) (w words.Word, ok bool) {
	if i < 0 || all[i].End != start {
		return w, false
	}
	w = all[i]
	return w, minus(w) || strings.Contains("/:#_@'’.+", w.Text) || !w.IsMark()
}

// minus reports whether the word is the sign.
func minus(w words.Word) bool { return w.Text == "-" || w.Text == "−" }

// goesOn reports whether a mark at i joins the number before it to the word
// behind it: 3/4, 10:30.
func goesOn(all []words.Word, i int) bool {
	return i+1 < len(all) && all[i].Start == all[i-1].End && all[i+1].Start == all[i].End && strings.IndexByte("/:_@-", all[i].Text[0]) >= 0
}

// parse reads digits with commas at the thousands, a point, and a letter for
// thousands, millions or billions.
func parse(text string) (float64, bool) {
	unit := 1.0
	digits := strings.TrimRight(text, "KkMmBbNn")
	switch text[len(digits):] {
	case "":
	case "k", "K":
		unit = 1e3
	case "M", "mn", "mm", "MM":
		unit = 1e6
	case "bn":
		unit = 1e9
	default:
		return 0, false
	}
	text = digits
	if strings.IndexByte(text, ',') >= 0 {
		parts := strings.Split(text, ",")
		for n, part := range parts {
			whole, _, point := strings.Cut(part, ".")
			if n > 0 && len(whole) != 3 || n == 0 && len(part) > 3 || point && n < len(parts)-1 {
				return 0, false
			}
		}
		text = strings.Join(parts, "")
	}
	if strings.Trim(text, "0123456789.") != "" || text == "" || len(text) > 18 {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value * unit, err == nil
}

// format writes a number without an exponent, with up to 9 digits behind the
// point.
func format(value float64) string {
	if value == math.Trunc(value) {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return strings.TrimRight(strconv.FormatFloat(value, 'f', 9, 64), "0")
}
