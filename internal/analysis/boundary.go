package analysis

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// enumerator matches the number of an item in a list: "1.", "(2)", "b)".
var enumerator = regexp.MustCompile(`^\(?([0-9]{1,3}|[A-Za-z])[.)]$`)

// isBoundary reports whether the segmenter is right to end a sentence between
// before and after. It is wrong about list numbers, about a few abbreviations
// that its model lacks, and about what follows a quoted question.
func (s *segmenter) isBoundary(before, after string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	if enumerator.MatchString(before) {
		return false
	}
	if endsInDay(before) && s.months[strings.ToLower(firstWord(after))] {
		return false // "am 3. Mai"
	}
	next, _ := utf8.DecodeRuneInString(after)
	switch {
	case unicode.IsLower(next):
		return !strings.HasSuffix(before, `"`) && !strings.HasSuffix(before, "”") && !s.isAbbreviation(lastWord(before))
	case unicode.IsDigit(next):
		return !s.isAbbreviation(lastWord(before))
	}
	return true
}

// endsInDay reports whether the last word is a number of a day with a point.
func endsInDay(s string) bool {
	word := strings.TrimSuffix(lastWord(s), ".")
	return len(word) > 0 && len(word) <= 2 && strings.Trim(word, "0123456789") == ""
}

func firstWord(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) })
	if end < 0 {
		return s
	}
	return s[:end]
}

func lastWord(s string) string {
	return s[strings.LastIndexFunc(s, unicode.IsSpace)+1:]
}

// isAbbreviation reports whether a word ends a sentence only where the next one
// begins with a capital.
func (s *segmenter) isAbbreviation(word string) bool {
	return s.abbreviations[strings.ToLower(strings.TrimLeft(word, "([\"'"))]
}
