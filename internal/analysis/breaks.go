package analysis

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// enumerator matches the number of an item in a list: "1.", "(2)", "b)".
var enumerator = regexp.MustCompile(`^\(?([0-9]{1,3}|[A-Za-z])[.)]$`)

// breaks reports whether the segmenter is right to end a sentence between
// before and after. It is wrong about list numbers, about a few abbreviations
// that its model lacks, and about what follows a quoted question.
func breaks(before, after string) bool {
	before = strings.TrimRightFunc(before, unicode.IsSpace)
	if enumerator.MatchString(before) {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after)
	switch {
	case unicode.IsLower(next):
		return !strings.HasSuffix(before, `"`) && !strings.HasSuffix(before, "”") && !isAbbreviation(lastWord(before))
	case unicode.IsDigit(next):
		return !isAbbreviation(lastWord(before))
	}
	return true
}

func lastWord(s string) string {
	return s[strings.LastIndexFunc(s, unicode.IsSpace)+1:]
}

// isAbbreviation knows words that end a sentence only where the next one
// begins with a capital.
func isAbbreviation(word string) bool {
	switch strings.ToLower(strings.TrimLeft(word, "([\"'")) {
	case "approx.", "art.", "ca.", "cf.", "ch.", "dept.", "ed.", "eq.", "etc.", "excl.", "ext.", "fig.", "figs.",
		"hr.", "hrs.", "incl.", "max.", "min.", "mins.", "nr.", "p.", "pp.", "ref.", "sec.", "tel.", "vol.", "wk.":
		return true
	}
	return false
}
