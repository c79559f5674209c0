package names

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
)

// A token is a piece of text that gets one label.
type token struct {
	text       string
	start, end int // in bytes
}

// tokens splits a text as the labelled text is split that the model was made
// from: words as of Unicode Annex 29, but 's and n't stand alone, and what
// hyphens, a leading @ or # join stays whole.
func tokens(text string, to []token) []token {
	to = to[:0]
	all := words.FromString(text)
	for all.Next() {
		word := all.Value()
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsSpace(first) {
			continue
		}
		t := token{text: word, start: all.Start(), end: all.End()}
		if n := len(to); n > 0 && to[n-1].end == t.start && joined(to[n-1].text, word) {
			to[n-1].text, to[n-1].end = text[to[n-1].start:t.end], t.end
			continue
		}
		if cut := suffix(word); cut > 0 {
			to = append(to, token{word[:cut], t.start, t.start + cut})
			t = token{word[cut:], t.start + cut, t.end}
		}
		to = append(to, t)
	}
	return to
}

// joined reports whether a word goes on with what follows it at once.
func joined(before, word string) bool {
	letter, _ := utf8.DecodeRuneInString(word)
	last, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case before == "@", before == "#":
		return unicode.IsLetter(letter)
	case word == "-":
		return unicode.IsLetter(last)
	case last == '-' && len(before) > 1:
		return unicode.IsLetter(letter) || unicode.IsDigit(letter)
	case word == "&":
		return unicode.IsUpper(last) && len(before) <= 2 // AT&T, R&D
	case last == '&' && len(before) > 1:
		return unicode.IsUpper(letter)
	}
	return false
}

// suffix returns where a clitic begins that stands alone, or 0.
func suffix(word string) int {
	for _, mark := range [...]string{"'", "’"} {
		if not := len(word) - len("n") - len(mark) - len("t"); not > 0 && strings.EqualFold(word[not:], "n"+mark+"t") {
			return not
		}
		cut := strings.LastIndex(word, mark)
		if cut <= 0 {
			continue
		}
		switch strings.ToLower(word[cut+len(mark):]) {
		case "s", "re", "ve", "ll", "m", "d":
			return cut
		}
	}
	return 0
}

// address reports whether a token is a handle or a tag: @john, #paris. They
// are not names, whatever labelled text says.
func address(token string) bool {
	if len(token) < 2 || token[0] != '@' && token[0] != '#' {
		return false
	}
	letter, _ := utf8.DecodeRuneInString(token[1:])
	return unicode.IsLetter(letter)
}
