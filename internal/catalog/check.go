package catalog

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/turnwise/turnwise/internal/folding"
)

// The limits of an item. Characters are Unicode code points.
const (
	maxTerms    = 1000 // of a list
	maxTerm     = 256  // characters of a name, a term, a category or a value
	maxName     = 128  // characters of a group's name
	maxText     = 512  // characters of a description
	maxLanguage = 35   // characters of a language code, as BCP 47 allows for
)

// A check records the first rule that is broken. Its methods return the values in
// the form in which they are saved: without surrounding blanks.
type check struct{ err error }

func (c *check) fail(field, problem string) {
	if c.err == nil {
		c.err = &InvalidError{Field: field, Problem: problem}
	}
}

// text checks an optional text of at most n characters.
func (c *check) text(field, s string, n int) string {
	s = strings.TrimSpace(s)
	if utf8.RuneCountInString(s) > n {
		c.fail(field, fmt.Sprintf("length must be less than or equal to %d characters long", n))
	}
	return s
}

// line checks a required text of one line.
func (c *check) line(field, s string, n int) string {
	s = c.text(field, s, n)
	switch {
	case s == "":
		c.fail(field, "is not allowed to be empty")
	case strings.ContainsFunc(s, unicode.IsControl):
		c.fail(field, "must not contain line breaks or other control characters")
	}
	return s
}

func (c *check) lines(field string, list []string, n int) []string {
	if len(list) > maxTerms {
		c.fail(field, fmt.Sprintf("must contain less than or equal to %d items", maxTerms))
		return nil
	}
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = c.line(fmt.Sprintf("%s[%d]", field, i), s, n)
	}
	return all
}

// notEmpty checks that a list is not empty.
func (c *check) notEmpty(field string, list []string) {
	if len(list) == 0 {
		c.fail(field, "must contain at least 1 items")
	}
}

// distinct checks that no two terms of a list are the same but for case and the way in which accents are written.
func (c *check) distinct(field string, list []string) {
	first := map[string]int{}
	for i, s := range list {
		if n, twice := first[fold(s)]; twice {
			c.fail(fmt.Sprintf("%s[%d]", field, i), fmt.Sprintf("is the same term as %s[%d]", field, n))
			return
		}
		first[fold(s)] = i
	}
}

// vocabulary checks the terms of a tracker.
func (c *check) vocabulary(field string, list []string) []string {
	list = c.lines(field, list, maxTerm)
	for i, s := range list {
		if problem := termProblem(s); problem != "" {
			c.fail(fmt.Sprintf("%s[%d]", field, i), problem)
		}
	}
	c.distinct(field, list)
	return list
}

// termProblem returns what is wrong with the characters of a term.
func termProblem(term string) (problem string) {
	if n := strings.IndexFunc(term, func(r rune) bool { return !isTermRune(r) }); n >= 0 {
		mark, _ := utf8.DecodeRuneInString(term[n:])
		return fmt.Sprintf("must not contain %q: letters, digits, blanks, periods, apostrophes and hyphens are allowed", mark)
	}
	if !strings.ContainsFunc(term, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
		return "must contain a letter or a digit"
	}
	return ""
}

// isTermRune reports whether a term may contain r. Letters of many scripts need
// combining marks after them, or joiners between them, and what is a period,
// an apostrophe or a hyphen in English has other shapes elsewhere.
func isTermRune(r rune) bool {
	if unicode.In(r, unicode.Letter, unicode.Mark, unicode.Number, unicode.Zs) {
		return true
	}
	switch r {
	case '.', '\'', '-',
		'\u2019',           // ’ of good typography
		'\u2010', '\u2011', // hyphens, as such and unbreakable
		'\u05BE', '\u05F3', '\u05F4', // maqaf, geresh, gershayim of Hebrew
		'\u00B7', '\u30FB', // middle dots of Catalan and of Japanese
		'\u0F0B',           // tsheg between syllables of Tibetan
		'\u200C', '\u200D': // joiners of Persian and of the scripts of India
		return true
	}
	return false
}

// fold returns what two terms share that are the same.
func fold(s string) string { return folding.Fold(strings.TrimSpace(s)) }
