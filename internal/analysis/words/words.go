// Package words splits text into words, with where each stands and how it
// reads in lower case.
package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// A Word is a word, a number or a mark of a text. Blanks are none.
type Word struct {
	Text       string
	Lower      string
	Start, End int // in bytes
}

// Split appends the words of a text to to, as Unicode Standard Annex 29 has
// them: "don't", "3.5" and "U.S" are one each, "Bob's" is too, a mark is one of
// its own. It allocates at most once when to has room, unless a letter of the
// text takes another number of bytes in lower case.
func Split(to []Word, text string) []Word {
	lower, same := "", sameSize(text)
	if same {
		lower = strings.ToLower(text)
	}
	all := words.FromString(text)
	for all.Next() {
		word := all.Value()
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsSpace(first) {
			continue
		}
		w := Word{Text: word, Start: all.Start(), End: all.End()}
		if same {
			w.Lower = lower[w.Start:w.End]
		} else {
			w.Lower = strings.ToLower(word)
		}
		to = append(to, w)
	}
	return to
}

// sameSize reports whether every letter takes as many bytes in lower case.
func sameSize(text string) bool {
	if !utf8.ValidString(text) {
		return false // what is not UTF-8 is replaced
	}
	for _, r := range text {
		if r >= utf8.RuneSelf && utf8.RuneLen(unicode.ToLower(r)) != utf8.RuneLen(r) {
			return false
		}
	}
	return true
}

// IsMark reports whether the word is punctuation or a symbol.
func (w Word) IsMark() bool {
	first, _ := utf8.DecodeRuneInString(w.Text)
	return !unicode.IsLetter(first) && !unicode.IsDigit(first)
}
