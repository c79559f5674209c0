package analysis

import (
	"iter"
	"strings"
	"unicode"
)

// maxGap is the number of blanks in a row that no sentence goes on over:
// they part the columns of a table. It also bounds the work of the segmenter,
// which grows with the square of such a run.
const maxGap = 64

// passages yields the stretches of text that surely hold whole sentences, less
// the blanks around them, and leaves out what is only blanks. A passage ends
//
//   - at a line break: a line of a chat, a greeting or a signature often has no
//     mark at its end;
//   - behind a mark that ends sentences in a script other than Latin, which
//     the segmenter, trained on English, does not know;
//   - in a wide gap.
func passages(text string) iter.Seq[span] {
	return func(yield func(span) bool) {
		start, blanks := 0, 0
		var e ending
		for i, r := range text {
			cut := isLineBreak(r)
			if unicode.IsSpace(r) {
				blanks++
				cut = cut || blanks == maxGap
			} else {
				blanks = 0
			}
			if !e.passed(r) && !cut {
				continue
			}
			if p := trim(text, span{start, i}); p.start < p.end && !yield(p) {
				return
			}
			start = i
		}
		if p := trim(text, span{start, len(text)}); p.start < p.end {
			yield(p)
		}
	}
}

func isLineBreak(r rune) bool {
	switch r {
	case '\n', '\r', '\u2028', '\u2029':
		return true
	}
	return false
}

// An ending watches for the end of a sentence in other scripts: its mark,
// further marks, and closing quotes or brackets.
type ending struct{ marked, closed bool }

// passed reports whether r is the first character behind such an end. A letter
// right behind a closing quote is not: 「走れ！」と言った is one sentence.
func (e *ending) passed(r rune) bool {
	switch {
	case r < 0x80 && !e.marked:
		return false
	case endsSentence(r) || e.marked && strings.ContainsRune(".!?", r):
		e.marked, e.closed = true, false
		return false
	case !e.marked:
		return false
	case unicode.In(r, unicode.Pe, unicode.Pf, unicode.Mn) || r == '"' || r == '\'':
		e.closed = e.closed || !unicode.Is(unicode.Mn, r)
		return false
	}
	within := e.closed && unicode.IsLetter(r)
	*e = ending{}
	return !within
}

// endsSentence reports whether r ends sentences and is not ASCII. The full
// width full stop is left out, as it parts decimals too.
func endsSentence(r rune) bool {
	return r >= 0x80 && r != '．' && unicode.Is(unicode.Sentence_Terminal, r)
}
