package speech

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDistance is how many words are looked at in one direction at most, which keeps
// the time linear.
const maxDistance = 8

// startsClause reports whether a clause may start at i: the sentence starts
// there, or a mark stands before it, or what stands before it only opens a
// clause or names who is spoken to.
func (s *sentence) startsClause(i int) bool {
	switch {
	case i == 0:
		return true
	case s.isMark(i - 1):
		return !s.joins(i-1) || i > 1 && s.starts[i-2] && s.skipPrefix(i-2) == i
	case s.isBehindCondition(i):
		return true
	case !s.starts[i-1]:
		return false
	case s.is(i-1, opener):
		return true
	}
	return s.looksLikeName(i-1) && (i == 1 || s.isGreeting(i-2)) && (s.is(i, auxiliary) || s.isGreeting(i-2))
}

// isBehindCondition reports whether the word at i begins what is asked for behind a condition
// without a comma: "if it breaks call me", "when you get there give us a ring".
func (s *sentence) isBehindCondition(i int) bool {
	if i < 3 || !s.isOne(0, "if", "when", "once", "unless") || !s.isMe(i+1) || !s.is(i, talk) && s.at(i) != "give" {
		return false
	}
	object := s.at(i-1) == "it" && !s.isOne(i-2, "if", "when", "once", "unless")
	return (object || !s.is(i-1, subject|auxiliary|not|adverb|ends)) && !s.isOne(i-1, "to", "and", "or") && !s.isMember(i-1)
}

func (s *sentence) isGreeting(i int) bool {
	return s.in(i, greeting)
}

// isOne reports whether the word at i is one of these.
func (s *sentence) isOne(i int, forms ...string) bool {
	return i >= 0 && i < len(s.forms) && slices.Contains(forms, s.forms[i])
}

// isMark reports whether the word at i is a mark, or none is there.
func (s *sentence) isMark(i int) bool {
	return i < 0 || i >= len(s.words) || s.words[i].IsMark()
}

// joins reports whether the mark at i joins what stands beside it into one
// word, as in "e-mail" and "x.org/a?b".
func (s *sentence) joins(i int) bool {
	if i <= 0 || i+1 >= len(s.words) || s.words[i-1].End != s.words[i].Start || s.words[i].End != s.words[i+1].Start {
		return false
	}
	switch mark := s.words[i].Text[0]; {
	case mark == ':' && isFigure(s.at(i-1)) && isFigure(s.at(i+1)), s.isScheme(i):
		return true // "1:00", "https://"
	default:
		return !s.words[i-1].IsMark() && !s.words[i+1].IsMark() && strings.IndexByte("-/_.?=&", mark) >= 0
	}
}

func isFigure(word string) bool { return word != "" && '0' <= word[0] && word[0] <= '9' }

// isScheme reports whether the mark at i is one of the three behind the scheme of an address.
func (s *sentence) isScheme(i int) bool {
	for n := i; n > 0 && n > i-3; n-- {
		if s.at(n) == ":" {
			return s.isOne(n-1, "http", "https") && s.at(n+1) == "/" && s.at(n+2) == "/"
		}
		if s.at(n) != "/" {
			return false
		}
	}
	return false
}

// isCapital reports whether the word at i begins with a capital letter.
func (s *sentence) isCapital(i int) bool {
	if i < 0 || i >= len(s.words) {
		return false
	}
	first, size := utf8.DecodeRuneInString(s.words[i].Text)
	return unicode.IsUpper(first) && size < len(s.words[i].Text)
}

// skip returns the first word from i on that is not of class c and not the
// repetition of its neighbour or the beginning of the next word, as in "I I uh
// will" and "we disc discuss".
func (s *sentence) skip(i int, c class) int {
	for n := 0; n < maxDistance && i < len(s.words); n++ {
		inserted := s.at(i) == "," && s.is(i+1, c)
		if !s.is(i, c) && s.at(i) != s.at(i-1) && !inserted && !s.isStutter(i) {
			break
		}
		i++
	}
	return i
}

// isStutter reports whether the word at i is none but the beginning of the
// next one.
func (s *sentence) isStutter(i int) bool {
	return !s.isMark(i) && s.class[i] == 0 && i+1 < len(s.words) &&
		len(s.forms[i]) < len(s.forms[i+1]) && strings.HasPrefix(s.forms[i+1], s.forms[i])
}

// skipInserted returns the first word from i on that is not put in between
// subject, auxiliary and verb: "at least", ", in fact,".
func (s *sentence) skipInserted(i int) int {
	i = s.skip(i, adverb)
	switch s.at(i) {
	case "at", "in", "of", "for", "once":
		for n := i + 1; n < i+4; n++ {
			if s.in(n, inserted) {
				i = n + 1
				if s.at(i) == "," {
					i++
				}
				return s.skip(i, adverb)
			}
		}
	case ",":
		for n := i + 2; n < i+5; n++ {
			if s.at(n) == "," {
				return s.skip(n+1, adverb)
			}
		}
		return s.skip(i+1, adverb)
	}
	return i
}

// back returns the last word up to i that is neither an adverb nor repeated.
func (s *sentence) back(i int) int {
	for n := 0; n < maxDistance && i >= 0 && (s.is(i, adverb) || s.at(i) == s.at(i+1)); n++ {
		i--
	}
	return i
}

// follows reports whether the words from i on are these.
func (s *sentence) follows(i int, forms ...string) bool {
	for n, form := range forms {
		if s.at(i+n) != form {
			return false
		}
	}
	return true
}
