package phrases

import (
	"strings"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/analysis/words"
	"github.com/turnwise/turnwise/internal/folding"
)

// A piece is what counts as one word of a phrase.
type piece struct {
	lower      string
	start, end int
}

// cut appends the pieces of a text to to.
func cut(to []piece, text []words.Word) []piece {
	for i, w := range text {
		if isHyphen(w.Lower) && i > 0 && i+1 < len(text) && text[i-1].End == w.Start && w.End == text[i+1].Start &&
			!text[i-1].IsMark() && !text[i+1].IsMark() {
			continue
		}
		base := withoutS(w.Lower)
		if base == w.Lower {
			to = append(to, piece{w.Lower, w.Start, w.End})
			continue
		}
		middle := w.End - (len(w.Lower) - len(base))
		to = append(to, piece{base, w.Start, middle}, piece{w.Lower[len(base):], middle, w.End})
	}
	return to
}

// withoutS cuts off the 's of a word.
func withoutS(lower string) string {
	if !strings.HasSuffix(lower, "s") {
		return lower
	}
	for _, mark := range [...]string{"'", "’"} {
		if base, ok := strings.CutSuffix(lower[:len(lower)-1], mark); ok && base != "" {
			return base
		}
	}
	return lower
}

func isHyphen(s string) bool {
	return s == "-" || s == "‐" || s == "‑"
}

// trim cuts off the marks at the end of a phrase, unless it has nothing else.
func trim(pieces []piece) []piece {
	n := len(pieces)
	for n > 0 && len(pieces[n-1].lower) == 1 && strings.Contains(".,!?;:", pieces[n-1].lower) {
		n--
	}
	if n == 0 {
		return pieces
	}
	return pieces[:n]
}

// fold appends to to what is compared of a word in lower case.
func fold(to []byte, lower string) []byte {
	return append(to, folding.Fold(strings.ReplaceAll(lower, "’", "'"))...)
}

// Key returns the words of a phrase in a form that is the same for all phrases
// which are found in the same places.
func Key(phrase string) string {
	var key []byte
	for _, p := range trim(cut(nil, words.Split(nil, phrase))) {
		key = append(fold(key, p.lower), ' ')
	}
	return string(key)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
