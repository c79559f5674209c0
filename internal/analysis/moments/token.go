package moments

import (
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// ordinal is added in the vocabulary to the value of an ordinal number.
const ordinal = 1 << 20

// A token is a word as the grammar sees it. What UAX 29 keeps together may be
// several: 3pm, 23.04.2026, dec31.
type token struct {
	class      class
	value      int
	digits     int  // how many a number is written with, 0 if with words
	ordinal    bool // of a number: third, 3rd
	glued      bool // no blank before it
	capital    bool // begins with a capital letter
	ambiguous  bool // a word that is mostly something else
	word       string
	start, end int
}

// lex appends the tokens of the words of a text.
func (v vocabulary) lex(to []token, text string, all []words.Word) []token {
	end := 0
	for _, w := range all {
		glued := w.Start == end && end > 0
		if !glued && strings.ContainsAny(text[end:w.Start], "\n\r") {
			to = append(to, token{class: tokMark, value: '\n', start: end, end: end})
		}
		end = w.End
		first := w.Lower[0]
		switch {
		case '0' <= first && first <= '9':
			to = v.lexDigits(to, w, glued)
		case 'a' <= first && first <= 'z' || first >= utf8.RuneSelf && !w.IsMark():
			to = v.lexWord(to, w, glued)
		default:
			to = v.lexMark(to, w, glued)
		}
	}
	return to
}

func (v vocabulary) lexMark(to []token, w words.Word, glued bool) []token {
	t := token{class: tokMark, glued: glued, start: w.Start, end: w.End}
	if e, ok := v[w.Lower]; ok {
		t.class, t.value = e.class, e.value
		return append(to, t)
	}
	r, _ := utf8.DecodeRuneInString(w.Lower)
	switch r {
	case '–', '—', '‐', '‑', '−', '~':
		r = '-'
	}
	t.value = int(r)
	return append(to, t)
}

// lexWord appends a word that begins with a letter, and a number that goes on
// without a blank if that makes sense: dec31, q3.
func (v vocabulary) lexWord(to []token, w words.Word, glued bool) []token {
	lower := strings.TrimSuffix(strings.TrimSuffix(w.Lower, "'s"), "’s")
	first := w.Text[0]
	t := token{word: lower, glued: glued, capital: 'A' <= first && first <= 'Z', start: w.Start, end: w.End - (len(w.Lower) - len(lower))}
	if n := len(to); lower == "end" && glued && n > 1 && to[n-1].glued && to[n-1].value == '-' && to[n-2].word == "week" {
		to[n-2].value, to[n-2].word, to[n-2].end = weekend, "weekend", t.end // week-end
		return to[:n-1]
	}
	if e, ok := v[lower]; ok {
		t.class, t.value, t.ambiguous = e.class, e.value, e.ambiguous
		if t.value >= ordinal {
			t.value, t.ordinal = t.value-ordinal, true
		}
		return merge(to, t)
	}
	t.end = w.End
	letters := 0
	for letters < len(lower) && (lower[letters] < '0' || lower[letters] > '9') {
		letters++
	}
	n, digits := whole(lower[letters:])
	e := v[lower[:letters]]
	if digits == 0 || letters+digits < len(lower) || e.class != tokMonth && e.class != tokLabel {
		return append(to, t)
	}
	t.class, t.value, t.end = e.class, e.value, w.End-digits
	return append(to, t, token{class: tokNumber, value: n, digits: digits, glued: true, start: t.end, end: w.End})
}

// merge appends a token; the one of twenty-one is joined to its twenty.
func merge(to []token, t token) []token {
	if t.class != tokNumber || t.value < 1 || t.value > 9 {
		return append(to, t)
	}
	n := len(to) - 1
	if n > 0 && t.glued && to[n].glued && to[n].class == tokMark && to[n].value == '-' {
		n--
	}
	if n < 0 {
		return append(to, t)
	}
	tens := &to[n]
	if tens.class != tokNumber || tens.digits > 0 || tens.ordinal || tens.value < 20 || tens.value%10 != 0 || tens.value > 90 {
		return append(to, t)
	}
	tens.value += t.value
	tens.ordinal = t.ordinal
	tens.end = t.end
	return to[:n+1]
}

// lexDigits appends what a word that begins with a digit is made of, or the
// word as one that means nothing.
func (v vocabulary) lexDigits(to []token, w words.Word, glued bool) []token {
	start, at := len(to), 0
	for at < len(w.Lower) {
		n, digits := whole(w.Lower[at:])
		if digits == 0 {
			break
		}
		t := token{class: tokNumber, value: n, digits: digits, glued: glued || at > 0, start: w.Start + at}
		at += digits
		for digits <= 3 && at+4 <= len(w.Lower) && w.Lower[at] == ',' {
			thousands, three := whole(w.Lower[at+1:])
			if three != 3 {
				break
			}
			t.value, t.digits = min(t.value*1000+thousands, 1<<30), t.digits+3
			at += 4
		}
		t.end = w.Start + at
		if at == len(w.Lower) {
			t.end = w.End // also of a number in the words of another language
		}
		to = append(to, t)
		if at == len(w.Lower) {
			return to
		}
		if rest := w.Lower[at:]; digits <= 2 && len(rest) == 3 && rest[0] == 'h' && digit(rest, 1) && digit(rest, 2) { // 15h30
			minutes, _ := whole(rest[1:])
			return append(to, token{class: tokMark, value: ':', glued: true, start: t.end, end: t.end + 1},
				token{class: tokNumber, value: minutes, digits: 2, glued: true, start: t.end + 1, end: w.End})
		}
		if rest := w.Lower[at:]; digits == 4 && len(rest) == 2 && rest[0] == 'q' && digit(rest, 1) { // 2018q4
			n, _ := whole(rest[1:])
			return append(to, token{class: tokLabel, value: v["q"].value, glued: true, start: t.end, end: t.end + 1},
				token{class: tokNumber, value: n, digits: 1, glued: true, start: t.end + 1, end: w.End})
		}
		sep := token{class: tokMark, value: int(w.Lower[at]), glued: true, start: t.end, end: t.end + 1}
		switch {
		case sep.value == '.', sep.value == ',':
		case sep.value == 't' && digits == 2 && digit(w.Lower, at+1): // 2026-06-22T14:05
			sep.class, sep.word = tokOther, "t"
		default:
			return v.lexSuffix(to, w, at, start)
		}
		to = append(to, sep)
		at++
	}
	return v.lexSuffix(to, w, at, start)
}

// lexSuffix appends what stands behind the digits of a word, or the word
// instead of what it is made of from start on.
func (v vocabulary) lexSuffix(to []token, w words.Word, at, start int) []token {
	if at == len(w.Lower) {
		return to
	}
	if suffix, ok := v.suffix(&to[len(to)-1], w.Lower[at:]); ok {
		if suffix.class == tokNumber {
			to[len(to)-1].end = w.End
			return to
		}
		return append(to, token{class: suffix.class, value: suffix.value, glued: true, start: w.Start + at, end: w.End})
	}
	return append(to[:start], token{word: w.Lower, glued: to[start].glued, start: w.Start, end: w.End})
}

// suffix reports what letters say right after the digits of a number. The
// class number is that of the ending of an ordinal.
func (v vocabulary) suffix(n *token, letters string) (entry, bool) {
	switch letters {
	case "st", "nd", "rd", "th":
		n.ordinal = true
		return entry{class: tokNumber}, n.digits <= 2
	case "ish":
		return entry{class: tokNumber}, n.digits <= 2
	case "z": // of an instant in UTC
		return entry{class: tokNumber}, n.digits == 2
	case "a":
		return entry{class: tokMeridiem, value: am}, n.digits <= 2
	case "p":
		return entry{class: tokMeridiem, value: pm}, n.digits <= 2
	case "h":
		return entry{class: tokPeriod, value: hour}, n.digits <= 3
	case "y":
		return entry{class: tokPeriod, value: year}, n.digits <= 3
	case "s", "'s", "’s":
		return entry{class: tokPeriod, value: decade}, n.digits == 4 && n.value%10 == 0 || n.digits == 2 && n.value%10 == 0 && n.value >= 20
	}
	e, ok := v[letters]
	return e, ok && (e.class == tokMeridiem || e.class == tokPeriod)
}

// digit reports whether a digit stands at i.
func digit(text string, i int) bool {
	return i < len(text) && '0' <= text[i] && text[i] <= '9'
}

// whole reads the digits that text begins with. A number above a thousand
// million is that.
func whole(text string) (n, digits int) {
	for digit(text, digits) {
		n = min(n*10+int(text[digits]-'0'), 1<<30)
		digits++
	}
	return n, digits
}
