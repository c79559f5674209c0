package moments

import (
	"slices"
	"strings"
	"time"
)

// A reader reads phrases in the tokens of a text. Its methods take the token
// at which a phrase is to begin and look no more than a fixed number of tokens
// ahead, so that reading is linear.
type reader struct {
	tokens []token
	none   token // what stands before the first and after the last
	now    time.Time
	tenses tenses
	depth  int // of the phrases within phrases that are being read
}

// maxDepth is how deep phrases within phrases may be. Without it "the end of the
// end of the end" would be read again and again.
const maxDepth = 4

// nested reads what may be a part of another phrase.
func (r *reader) nested(i int, read func(int) (phrase, bool)) (phrase, bool) {
	if r.depth == maxDepth {
		return phrase{}, false
	}
	r.depth++
	p, ok := read(i)
	r.depth--
	return p, ok
}

// at returns a token, or one that is a line break if there is none.
func (r *reader) at(i int) *token {
	if uint(i) < uint(len(r.tokens)) {
		return &r.tokens[i]
	}
	return &r.none
}

// is reports whether the token is of one of the classes.
func (r *reader) is(i int, classes ...class) bool {
	return slices.Contains(classes, r.at(i).class)
}

// unit reports whether the token is that unit of time.
func (r *reader) unit(i, unit int) bool {
	t := r.at(i)
	return t.class == tokPeriod && t.value == unit
}

// mark reports whether the token is that mark.
func (r *reader) mark(i int, m rune) bool {
	t := r.at(i)
	return t.class == tokMark && t.value == int(m)
}

// skip returns the token after i if that is of one of the classes, or i.
func (r *reader) skip(i int, classes ...class) int {
	if r.is(i, classes...) {
		return i + 1
	}
	return i
}

// skipMark returns the token after i if that is the mark, or i.
func (r *reader) skipMark(i int, m rune) int {
	if r.mark(i, m) {
		return i + 1
	}
	return i
}

// skipUnit returns the token after i if that is the unit of time, or i.
func (r *reader) skipUnit(i, unit int) int {
	if r.unit(i, unit) {
		return i + 1
	}
	return i
}

// skipGlued returns the token after i if that is one of the marks, without a
// blank on either side, or i.
func (r *reader) skipGlued(i int, marks string) int {
	if t := r.at(i); t.glued && t.marks(marks) && r.at(i+1).glued {
		return i + 1
	}
	return i
}

// joined returns the token after a word that joins the bounds of a range. Only
// after "between" is "and" one.
func (r *reader) joined(i int, between bool) (int, bool) {
	switch t := r.at(i); {
	case t.class == tokTo, t.class == tokUntil, between && t.class == tokAnd, t.class == tokMark && t.value == '-':
		return r.skip(i+1, tokThe), true
	}
	return i, false
}

// uncounted reports whether nothing that a number could count or measure stands at
// i: "at 5 please", but not "at 5 dollars".
func (r *reader) uncounted(i int) bool {
	switch t := r.at(i); t.class {
	case tokOther, tokOf, tokPeriod, tokScale, tokNumber, tokHalf, tokDayKind, tokThan, tokLabel:
		return false
	case tokMark:
		if t.marks(".,:") {
			return !r.at(i + 1).glued
		}
		return !t.marks("%$€£°/'’#+=*-_@&")
	default:
		return true
	}
}

// marks reports whether the token is one of the marks.
func (t *token) marks(of string) bool {
	return t.class == tokMark && strings.ContainsRune(of, rune(t.value))
}

// counts reports whether the token is a number that is no ordinal.
func (t *token) counts() bool {
	return t.class == tokNumber && !t.ordinal
}

// A phrase is a part of the text that the grammar understands.
type phrase struct {
	kind Type
	end  int // the token after it

	// from and to are the bounds, half open; zero if there is none. A date is
	// a range of one day, a datetime has no to. A time has neither: it has a
	// clock.
	from, to time.Time
	clock    clock
	length   length // of a duration

	due   time.Time // when what it says is due, if it is not as [phrase.moment] has it
	point time.Time // where a range begins or ends that has this bound; zero for from
	cycle int       // the unit by which the phrase may mean another time: week, monthly, year; 0 for none
	part  int       // of the day that from and to are, 0 for none
	zone  *int      // minutes ahead of UTC of the zone that is said with a time; nil for that of the message
	small bool      // it is an hour of the night that may be of the next day: "tonight at 2"
	last  bool      // to is the end of a period: what is due by it is due in it
	score float64
}

// bound returns where a range that has the phrase as its bound begins or ends.
func (p phrase) bound() time.Time {
	if !p.point.IsZero() {
		return p.point
	}
	return p.from
}

// dated reports whether the phrase is of whole days.
func (p phrase) dated() bool {
	return p.kind == Date || p.kind == DateRange
}

// onDay returns the phrase of a day that the tokens before end say.
func onDay(d time.Time, end, cycle int, score float64) phrase {
	return phrase{kind: Date, from: d, to: d.AddDate(0, 0, 1), end: end, cycle: cycle, score: score}
}

// during returns the phrase of a range of days.
func during(from, to time.Time, end, cycle int, score float64) phrase {
	return phrase{kind: DateRange, from: from, to: to, end: end, cycle: cycle, score: score}
}

// move returns the phrase n cycles later.
func (p phrase) move(n int) phrase {
	l := lengthOf(p.cycle, 1)
	for _, t := range []*time.Time{&p.from, &p.to, &p.point} {
		if !t.IsZero() {
			*t = l.after(*t, n)
		}
	}
	return p
}

// ahead moves a phrase that may mean several times to the first that is not
// past.
func (r *reader) ahead(p phrase) phrase {
	today := midnight(r.now)
	for n := 0; n < 8 && p.cycle != 0 && !p.to.After(today); n++ {
		p = p.move(1)
	}
	return p
}
