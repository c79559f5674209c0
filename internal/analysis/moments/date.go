package moments

import "time"

// date reads a day or a range of days. What it is counted from may be one, to
// a depth.
func (r *reader) date(i int) (phrase, bool) {
	return r.nested(i, r.anyDate)
}

func (r *reader) anyDate(i int) (phrase, bool) {
	t := r.at(i)
	switch t.class {
	case tokNumber:
		return r.numberedDate(i)
	case tokThe:
		return r.afterThe(i)
	case tokMonth:
		return r.monthFirst(i)
	case tokWeekday:
		return r.weekdayFirst(i)
	case tokDayName:
		return r.dayName(i)
	case tokDirection:
		return r.directed(i)
	case tokHoliday:
		return r.holiday(i, this)
	case tokLater:
		if t.word == "later" && r.is(i+1, tokDirection, tokIn, tokDayName) {
			return r.edgeOf(i)
		}
		return phrase{}, false
	case tokEdge, tokRest:
		return r.edgeOf(i)
	case tokEnding:
		return r.ending(t.value, i+1)
	case tokSeason:
		return r.seasonal(i)
	case tokLabel, tokPeriod, tokDayKind:
		if p, ok := r.dayBeside(i); ok {
			return p, true
		}
		if end := r.skipMark(i+1, '-'); t.class == tokPeriod && t.value >= week && singular(t.word) && r.at(end).word == "end" {
			return r.ending(t.value, end+1) // year-end
		}
		return r.labelled(i)
	case tokAmount:
		return r.counted(i)
	default:
		return phrase{}, false
	}
}

// numberedDate reads a day or a range of days that begins with a number.
func (r *reader) numberedDate(i int) (phrase, bool) {
	for _, read := range []func(int) (phrase, bool){r.countedWeekday, r.signed, r.numeric, r.fewDays, r.dayMonth, r.ordinalPeriod} {
		if p, ok := read(i); ok {
			return p, true
		}
	}
	t := r.at(i)
	if t.ordinal && r.is(i-1, tokOn, tokBy, tokUntil) || t.digits > 0 && r.ofMonth(r.skipUnit(i+1, day)) {
		return r.dayOfMonth(i)
	}
	return r.yearAlone(i)
}

// signed reads a date with the signs of Chinese and Japanese behind its numbers: 2026年5月3日, 5月3日.
func (r *reader) signed(i int) (phrase, bool) {
	y, m := r.at(i), i
	if r.at(i+1).word == "年" && y.digits == 4 {
		m = i + 2
	}
	d := m + 2
	if r.at(m+1).word != "月" || !r.at(m).counts() || !r.at(d).counts() || r.at(d+1).word != "日" && r.at(d+1).word != "号" {
		return phrase{}, false
	}
	if m == i {
		return r.yearless(r.at(m).value, r.at(d).value, d+2, 0.9)
	}
	day, ok := dayOf(y.value, r.at(m).value, r.at(d).value)
	return onDay(day, d+2, 0, 0.95), ok
}

// dayName reads today, tomorrow, yesterday, and what may explain it: "tomorrow,
// 13/04/26".
func (r *reader) dayName(i int) (phrase, bool) {
	p := onDay(midnight(r.now).AddDate(0, 0, r.at(i).value), i+1, 0, 0.95)
	if r.at(i).value == 0 && r.is(i+1, tokIn) {
		if q, ok := r.inAmount(i + 1); ok && q.kind == DateTime {
			return q, true // today in one hour
		}
	}
	if r.at(i).value == 0 && r.isPolite(i) {
		p.score = 0.4
	}
	if r.at(i).value >= 0 && r.inWeek(i+1) {
		return onDay(p.from.AddDate(0, 0, 7), i+2, 0, 0.8), true
	}
	if j := r.skipMark(p.end, ','); j > p.end {
		if d, ok := r.numeric(j); ok && d.kind == Date && d.cycle == 0 {
			d.end = r.skipMark(d.end, ',')
			return d, true
		}
	}
	return p, true
}

// isPolite reports whether "today" at i ends words of greeting or thanks: "how are you today", "what
// brings you in today", "thanks for calling today".
func (r *reader) isPolite(i int) bool {
	return r.has(i, "brings") || r.has(i, "how") && r.has(i, "are", "doing") && r.has(i, "you") || r.has(i, "help") && r.has(i, "how", "what") && r.has(i, "you") ||
		r.has(i, "thanks", "thank") && r.has(i, "calling", "joining", "coming", "time")
}

// afterThe reads what begins with "the": "the 15th", "the day after tomorrow",
// "the week after next".
func (r *reader) afterThe(i int) (phrase, bool) {
	j := i + 1
	if p, ok := r.dayBeside(j); ok {
		return p, true
	}
	t := r.at(j)
	if p, ok := r.afterNext(j); ok {
		return p, true
	}
	if t.class == tokNumber {
		if p, ok := r.date(j); ok && (p.kind == Date || p.score > 0.6) {
			return p, true
		}
		return r.dayOfMonth(j)
	}
	if t.class == tokPeriod && r.at(j+1).class != tokNumber {
		return r.thePeriod(j)
	}
	switch t.class {
	case tokMonth:
		if r.doubtful(j) {
			return phrase{}, false
		}
	case tokDirection:
		if t.value == this {
			return phrase{}, false
		}
	case tokWeekday, tokDayName, tokHoliday, tokEdge, tokRest, tokEnding, tokPeriod, tokDayKind:
	default:
		return phrase{}, false
	}
	return r.date(j)
}

// dayBeside reads "day after tomorrow" and "day before yesterday".
func (r *reader) dayBeside(i int) (phrase, bool) {
	if r.at(i).word != "day" || !r.is(i+1, tokBefore, tokAfter) {
		return phrase{}, false
	}
	n := 1
	if r.is(i+1, tokBefore) {
		n = -1
	}
	if said := r.at(i - 3); r.is(i-1, tokThe) && r.is(i-2, tokOr) && said.class == tokDayName && r.is(i+1, tokAfter) {
		return onDay(midnight(r.now).AddDate(0, 0, said.value+1), i+2, 0, 0.8), true // tomorrow or the day after
	}
	if t := r.at(i + 2); t.class == tokDayName {
		return onDay(midnight(r.now).AddDate(0, 0, t.value+n), i+3, 0, 0.95), true
	}
	if r.is(i-1, tokThe) && r.uncounted(i+2) && r.is(i+2, tokMark) {
		return onDay(midnight(r.now).AddDate(0, 0, n), i+2, 0, 0.6), true
	}
	return phrase{}, false
}

// dayOfMonth reads the number of a day after "the": 15th, "15th day of next
// month".
func (r *reader) dayOfMonth(i int) (phrase, bool) {
	t := r.at(i)
	if t.class != tokNumber || t.value < 1 || t.value > 31 {
		return phrase{}, false
	}
	j := i + 1
	k := r.skipUnit(j, day)
	if (t.ordinal || t.digits > 0) && (k > j && r.is(k, tokOf) || r.ofMonth(k)) {
		if p, ok := r.inner(k + 1); ok && p.kind == DateRange {
			d := p.from.AddDate(0, 0, t.value-1)
			return onDay(d, p.end, p.cycle, 0.9), d.Before(p.to)
		}
	}
	if !r.uncounted(j) || r.is(j, tokAnd, tokOr) && r.at(j+1).ordinal && !r.uncounted(j+2) {
		return phrase{}, false // "the 6th and 7th floor"
	}
	due := t.ordinal && r.is(i-1, tokThe) && r.is(i-2, tokOn, tokBy, tokUntil, tokBefore) // by the tenth
	if t.ordinal && (t.digits > 0 || t.value > 10) || due || t.digits > 0 && r.is(i-2, tokOn) && r.is(j, tokFrom, tokAt, tokBetween) {
		return r.nextDay(t.value, j)
	}
	return phrase{}, false
}

// ofMonth reports whether "of this month" or of another that is told by its direction stands at i.
func (r *reader) ofMonth(i int) bool {
	j := r.skip(i+1, tokThe)
	return r.is(i, tokOf) && r.is(j, tokDirection) && r.unit(j+1, monthly)
}

// nextDay returns the first day of that number that is not past.
func (r *reader) nextDay(n, end int) (phrase, bool) {
	first := begin(monthly, r.now)
	for range 4 {
		d, ok := dayOf(first.Year(), int(first.Month()), n)
		if ok && !d.Before(midnight(r.now)) {
			return onDay(d, end, monthly, 0.7), true
		}
		first = first.AddDate(0, 1, 0)
	}
	return phrase{}, false
}

// inner reads a period that another phrase counts in: "of next month", "of
// 2026", "of June".
func (r *reader) inner(i int) (phrase, bool) {
	return r.nested(i, r.anyInner)
}

func (r *reader) anyInner(i int) (phrase, bool) {
	i = r.skip(i, tokThe)
	if y, end, ok := r.year(i); ok {
		return yearPhrase(y, end, 0.9), true
	}
	switch t := r.at(i); t.class {
	case tokMonth:
		return r.monthFirst(i)
	case tokDirection:
		return r.directed(i)
	case tokPeriod:
		if t.value == year && r.is(i+1, tokNumber) {
			return r.labelled(i)
		}
		if t.value >= week {
			return during(begin(t.value, r.now), lengthOf(t.value, 1).after(begin(t.value, r.now), 1), i+1, 0, 0.7), true
		}
	case tokLabel:
		return r.labelled(i)
	case tokDayName:
		return r.dayName(i)
	default:
	}
	return phrase{}, false
}

func yearPhrase(y, end int, score float64) phrase {
	first := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	return during(first, first.AddDate(1, 0, 0), end, 0, score)
}

// year reads a year: 2026, "nineteen ninety six", "two thousand and fifteen".
func (r *reader) year(i int) (y, end int, ok bool) {
	t, next := r.at(i), r.at(i+1)
	switch {
	case t.class != tokNumber || t.ordinal:
		return 0, 0, false
	case t.digits == 4 && t.end-t.start == 4:
		return t.value, i + 1, t.value >= 1000 && t.value < 2200
	case t.digits > 0:
		return 0, 0, false
	case (t.value == 19 || t.value == 20) && next.counts() && next.digits == 0 && next.value >= 10:
		return t.value*100 + next.value, i + 2, true
	case (t.value == 1 || t.value == 2) && next.class == tokScale && next.value == 1000:
		j := r.skip(i+2, tokAnd)
		if n := r.at(j); n.counts() && n.digits == 0 && n.value > 0 && n.value < 100 {
			return t.value*1000 + n.value, j + 1, true
		}
		return t.value * 1000, i + 2, true
	}
	return 0, 0, false
}

// yearAfter reads the year after a month or a day: ", 2026", "of 2026".
func (r *reader) yearAfter(i int) (y, end int, ok bool) {
	j := r.skipMark(i, ',')
	j = r.skip(j, tokOf, tokIn)
	if j == i {
		j = r.skipGlued(j, "-/.")
	}
	if y, end, ok = r.year(j); ok {
		return y, end, (y >= 1500 || j > i) && r.skipGlued(end, ":") == end
	}
	if t := r.at(j); t.counts() && t.digits == 2 && r.is(j-1, tokOf) && r.uncounted(j+1) {
		return century20(t.value), j + 1, true
	}
	if j > i && r.is(j, tokDirection) && r.unit(j+1, year) {
		d := min(max(r.at(j).value, last), next)
		return r.now.Year() + d, j + 2, true
	}
	return 0, 0, false
}

// century20 completes a year of two digits: up to 39 it is of this century.
func century20(y int) int {
	if y < 40 {
		return 2000 + y
	}
	return 1900 + y
}

// yearBefore reports whether the token at i is a year that begins a range.
func (r *reader) yearBefore(i int) bool {
	t := r.at(i)
	return t.digits == 4 && modern(t.value) && (!t.glued || !r.is(i-1, tokMark))
}

// yearAlone reads a year with nothing beside it but a word that says what it
// is.
func (r *reader) yearAlone(i int) (phrase, bool) {
	y, end, ok := r.year(i)
	if !ok || !modern(y) || r.yearInCode(i, end) {
		return phrase{}, false
	}
	front, behind := r.at(i-1), r.at(end)
	switch {
	case behind.class == tokPeriod, behind.class == tokDayKind:
		return phrase{}, false
	case r.is(i-1, tokIn, tokSince), behind.class == tokLabel, behind.value == '-' && r.at(end+1).digits == 4:
		return yearPhrase(y, end, 0.65), true
	case !r.uncounted(end):
		return phrase{}, false
	case r.is(i-1, tokBefore, tokAfter, tokUntil, tokBy, tokFrom, tokBetween, tokOf, tokTo, tokStarting, tokFor, tokOr, tokAnd, tokThan, tokAbout),
		front.word == "year", front.word == "not", front.marks("\n="), r.yearBefore(i-2) && front.class == tokMark, r.is(end, tokTo, tokOr):
		return yearPhrase(y, end, 0.65), true
	case behind.class == tokMark && y >= 1980 && y < 2060 && !r.is(i-1, tokMark, tokAt, tokAmount):
		return yearPhrase(y, end, 0.45), true
	}
	return phrase{}, false
}

// yearInCode reports whether a number that may be a year goes on without a
// blank, but for a range of years.
func (r *reader) yearInCode(i, end int) bool {
	front, behind := r.at(i-1), r.at(end)
	switch {
	case r.at(i).glued && front.class == tokMark && !front.marks("(\"=") && !r.yearBefore(i-2):
		return true
	case behind.marks("-"):
		return r.mark(i-1, '-')
	}
	return behind.class == tokMeridiem || behind.glued && behind.class == tokMark && r.at(end+1).glued
}
