package sentiment

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many bytes a word of the lexicon has at most.
const longest = 32

// isColoured reports whether anything in the sentence may have a polarity. It
// may be wrong only in that nothing has: [Analyzer.compound] parts words at blanks and takes
// the marks off their ends, and gives 0 where no word is in its lexicon.
func (a *Analyzer) isColoured(sentence string) bool {
	for piece := range strings.SplitSeq(sentence, " ") {
		word := strings.TrimFunc(piece, isMark)
		if a.knows(word) || len(word) < len(piece) && a.knows(piece) {
			return true
		}
	}
	for _, r := range sentence {
		if r >= utf8.RuneSelf && a.shown[r] {
			return true
		}
	}
	return false
}

// knows reports whether a word is in the lexicon, in whatever case.
func (a *Analyzer) knows(word string) bool {
	if word == "" || len(word) > longest {
		return false
	}
	var lower [4 * longest]byte
	n := 0
	for _, r := range word {
		if r < utf8.RuneSelf {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
			lower[n] = byte(r)
			n++
			continue
		}
		n += utf8.EncodeRune(lower[n:], unicode.ToLower(r))
	}
	_, known := a.lexicon[string(lower[:n])]
	return known
}

// isMark reports whether VADER takes r off the ends of a word.
func isMark(r rune) bool {
	return r > ' ' && r < utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}
