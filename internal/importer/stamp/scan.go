// Package stamp reads the dates and times that chats are exported with.
//
// An export writes dates as the phone that made it does, without saying how:
// 3/4/18 is in March or in April. So a line is read in two steps. [Scan] finds
// the numbers, and once a [Decider] has seen all of the file, [Raw.Time] makes
// times of them:
//
//	line → Scan → Raw ─┬→ Decider → Order ─┐
//	                   └───────────────────┴→ Time
//
// The package knows no format of exports.
package stamp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Raw is a date with a time of day as it was written.
type Raw struct {
	Style Style

	parts  [3]int // of the date, in the order in which they were written
	wide   [3]int // how many digits each has
	era    [3]int // added to the part, which is the year then; 0 if none was named
	hour   int
	minute int
	second int
	half   half
}

// A Style is how a date is written. All headers of a file have the same one, so
// a line in another style is no header.
type Style struct {
	Bracket   bool
	Separator rune // of the date
	Seconds   bool
	End       End
}

// An End is what stands between the time and what follows.
type End byte

// The ends.
const (
	Blank End = iota // also the end of the text
	Bracket
	Dash
	Colon
	Comma
)

// A half is one of a day of twelve hours.
type half byte

const (
	wholeDay half = iota
	morning
	afternoon
)

// halves are the words for the halves of a day, without dots and blanks. Of
// two that begin alike the longer one is first.
var halves = [...]struct { //nolint:gochecknoglobals // a table of words, which nothing changes
	word string
	half half
}{
	{"am", morning},
	{"pm", afternoon},
	{"a.m.", morning},
	{"p.m.", afternoon},
	{"a. m.", morning},
	{"p. m.", afternoon},
	{"a.m", morning},
	{"p.m", afternoon},
	{"ص", morning},
	{"م", afternoon},
	{"午前", morning},
	{"午後", afternoon},
	{"上午", morning},
	{"下午", afternoon},
	{"오전", morning},
	{"오후", afternoon},
	{"π.μ.", morning},
	{"μ.μ.", afternoon},
	{"πμ", morning},
	{"μμ", afternoon},
	{"de.", morning},
	{"du.", afternoon},
	{"öö", morning},
	{"ös", afternoon},
}

// A scanner reads a line from the left. Marks of direction do not count, and
// all kinds of blanks are one.
type scanner struct{ rest string }

// IsMark reports whether r is a mark of direction, which nobody sees.
func IsMark(r rune) bool {
	return r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\ufeff'
}

// peek returns the next rune as it counts, and how long it is with the marks
// before it. It is 0 at the end.
func (s *scanner) peek() (rune, int) {
	at := 0
	for at < len(s.rest) {
		r, size := utf8.DecodeRuneInString(s.rest[at:])
		at += size
		switch {
		case IsMark(r):
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' ', at
		default:
			return r, at
		}
	}
	return 0, at
}

func (s *scanner) take(want rune) bool {
	r, size := s.peek()
	if r == 0 || r != want {
		return false
	}
	s.rest = s.rest[size:]
	return true
}

func (s *scanner) blanks() (some bool) {
	for s.take(' ') {
		some = true
	}
	return some
}

// word takes w if it is next, without regard to case.
func (s *scanner) word(w string) bool {
	saved := s.rest
	for _, want := range w {
		r, size := s.peek()
		if r == 0 || unicode.ToLower(r) != want {
			s.rest = saved
			return false
		}
		s.rest = s.rest[size:]
	}
	return true
}

// number takes up to most digits of any script.
func (s *scanner) number(most int) (n, digits int) {
	for digits < most {
		r, size := s.peek()
		value, ok := digit(r)
		if !ok {
			break
		}
		n, digits = n*10+value, digits+1
		s.rest = s.rest[size:]
	}
	return n, digits
}

// digit returns the value of a decimal digit. The digits of a script follow
// each other, and the range table has them in runs of ten.
func digit(r rune) (int, bool) {
	if r >= '0' && r <= '9' {
		return int(r - '0'), true
	}
	if r < utf8.RuneSelf || !unicode.IsDigit(r) {
		return 0, false
	}
	for back := range 10 {
		if !unicode.IsDigit(r - rune(back) - 1) {
			return back, true
		}
	}
	return int(r-'\u0660') % 10, true
}

// Scan reads the date and the time that begin a line, in brackets or not, and
// returns what follows. Of a line without a time of day, or without a year, it
// reports false.
func Scan(line string) (raw Raw, rest string, ok bool) {
	s := scanner{line}
	raw.Style.Bracket = s.take('[')
	if !s.date(&raw) || !s.between() || !s.clock(&raw) {
		return Raw{}, line, false
	}
	if !s.end(&raw) {
		return Raw{}, line, false
	}
	return raw, s.rest, true
}

// date takes three numbers, with the marks of other calendars.
func (s *scanner) date(raw *Raw) bool {
	for i := range raw.parts {
		raw.era[i] = s.eraBefore()
		raw.parts[i], raw.wide[i] = s.number(4)
		if raw.wide[i] == 0 {
			return false
		}
		if i == 2 {
			break
		}
		r, size := s.peek()
		if r != '/' && r != '.' && r != '-' || i > 0 && r != raw.Style.Separator {
			return false
		}
		raw.Style.Separator = r
		s.rest = s.rest[size:]
		if r == '.' {
			s.blanks()
		}
	}
	return true
}

// eraBefore takes the letter of a Japanese era and returns the year before its
// first one.
func (s *scanner) eraBefore() int {
	switch {
	case s.word("r"), s.word("令和"):
		return 2018
	case s.word("h"), s.word("平成"):
		return 1988
	}
	return 0
}

// between takes what stands between date and time.
func (s *scanner) between() bool {
	s.take('.')
	some := s.blanks()
	if s.word("be") || s.word("พ.ศ.") { // the year says it itself
		some = s.blanks() || some
	}
	if s.take(',') || s.take('،') {
		some = s.blanks() || true
	}
	if s.take('T') {
		return true
	}
	for _, w := range [...]string{"klo", "um", "at", "à", "às", "kl.", "о"} {
		if s.word(w) {
			return s.blanks()
		}
	}
	return some
}

// clock takes a time of day.
func (s *scanner) clock(raw *Raw) bool {
	raw.half = s.halfOfDay()
	s.blanks()
	var digits int
	if raw.hour, digits = s.number(2); digits == 0 {
		return false
	}
	separator, _ := s.peek()
	if separator != ':' && separator != '.' {
		return false
	}
	s.take(separator)
	if raw.minute, digits = s.number(2); digits != 2 {
		return false
	}
	saved := s.rest
	if s.take(separator) {
		if raw.second, digits = s.number(2); digits == 2 {
			raw.Style.Seconds = true
		} else {
			raw.second, s.rest = 0, saved
		}
	}
	if raw.half == wholeDay {
		saved = s.rest
		s.blanks()
		if raw.half = s.halfOfDay(); raw.half == wholeDay {
			s.rest = saved
		}
	}
	top := 23
	if raw.half != wholeDay {
		top = 12
	}
	return raw.hour <= top && raw.minute < 60 && raw.second < 61
}

func (s *scanner) halfOfDay() half {
	for _, h := range halves {
		saved := s.rest
		if s.word(h.word) {
			if r, _ := s.peek(); !unicode.IsLetter(r) && (r != '.' || strings.HasSuffix(h.word, ".")) {
				return h.half
			}
			s.rest = saved
		}
	}
	return wholeDay
}

// end takes what stands behind the time.
func (s *scanner) end(raw *Raw) bool {
	if raw.Style.Bracket {
		raw.Style.End = Bracket
		if !s.take(']') {
			return false
		}
		s.take(':') // of a name-less line
		s.blanks()
		return true
	}
	some := s.blanks()
	switch {
	case some && (s.take('-') || s.take('–')):
		raw.Style.End = Dash
	case !some && s.take(':'):
		raw.Style.End = Colon
	case !some && s.take(','):
		raw.Style.End = Comma
	default:
		r, _ := s.peek()
		return some || r == 0
	}
	r, _ := s.peek()
	return s.blanks() || r == 0
}
