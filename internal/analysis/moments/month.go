package moments

import "time"

// doubtful reports whether the month at i is a word that is mostly something
// else and nothing beside it says otherwise.
func (r *reader) doubtful(i int) bool {
	t := r.at(i)
	if t.ambiguous {
		return !t.capital && !r.is(i-1, tokNumber, tokIn, tokOf, tokSince, tokUntil, tokDirection)
	}
	if t.word != "may" && t.word != "march" {
		return false
	}
	switch front := r.at(i - 1); front.class {
	case tokIn, tokSince, tokUntil, tokBetween, tokEdge:
		return false
	case tokDirection: // "this may" is rarely a month
		return !t.capital && front.value == this
	case tokMark:
		return !t.capital || front.value != '-'
	case tokOf, tokBy, tokBefore, tokAfter, tokFrom, tokTo, tokAnd, tokOr, tokStarting:
		return !t.capital
	default:
		return true
	}
}

// monthFirst reads what begins with the name of a month: "June 22nd, 2026",
// Jun-15, "June 2026", "in June".
func (r *reader) monthFirst(i int) (phrase, bool) {
	m, j := r.at(i).value, i+1
	if r.at(j).glued && r.mark(j, '.') && r.is(j+1, tokNumber) {
		j++ // Jan. 5
	}
	if r.skipGlued(j, "/-") > j && r.is(j+1, tokNumber) {
		if p, ok := r.numeric(i); ok {
			return p, true
		}
		j++
	}
	if d, end, ok := r.dayNumber(r.skip(j, tokThe)); ok {
		if y, end, ok := r.yearAfter(end); ok {
			t, ok := dayOf(y, m, d)
			return onDay(t, end, 0, 0.95), ok
		}
		if p, ok := r.yearless(m, d, end, 0.9); ok {
			return p, true
		}
	}
	if y, end, ok := r.yearAfter(i + 1); ok {
		first := time.Date(y, time.Month(m), 1, 0, 0, 0, 0, time.UTC)
		return during(first, first.AddDate(0, 1, 0), end, 0, 0.9), true
	}
	if r.doubtful(i) {
		return phrase{}, false
	}
	first := time.Date(r.now.Year(), time.Month(m), 1, 0, 0, 0, 0, time.UTC)
	return r.ahead(during(first, first.AddDate(0, 1, 0), i+1, year, 0.75)), true
}

// dayNumber reads the number of a day beside its month.
func (r *reader) dayNumber(i int) (d, end int, ok bool) {
	t := r.at(i)
	switch {
	case t.class != tokNumber || t.digits > 2 || t.value < 1 || t.value > 31:
		return 0, 0, false
	case r.skipGlued(i+1, ":.") > i+1 && r.is(i+2, tokNumber), t.counts() && r.is(i+1, tokMeridiem):
		return 0, 0, false // an hour, a decimal number
	case t.counts() && t.digits == 0:
		_, _, year := r.year(i)
		return t.value, i + 1, !year
	}
	return t.value, i + 1, true
}

// dayMonth reads what begins with the number of a day: "22nd of June 2026",
// "22 Jun", "third day of June".
func (r *reader) dayMonth(i int) (phrase, bool) {
	d, j, ok := r.dayNumber(i)
	if !ok || r.at(i).glued && (r.fraction(i-1) || r.mark(i-1, '$')) {
		return phrase{}, false
	}
	if r.at(i).ordinal {
		j = r.skipUnit(j, day)
	}
	linked := r.is(j, tokOf)
	j = r.skip(j, tokOf)
	j = r.skipGlued(j, "-/.")
	t := r.at(j)
	if t.class != tokMonth {
		return phrase{}, false
	}
	if y, end, ok := r.yearAfter(j + 1); ok {
		day, ok := dayOf(y, t.value, d)
		return onDay(day, end, 0, 0.95), ok
	}
	if (t.word == "may" || t.word == "march") && !linked && !t.capital && !r.at(i).ordinal {
		return phrase{}, false
	}
	return r.yearless(t.value, d, j+1, 0.9)
}

// fewDays reads a range of days in a month that is said once: "3 and 12 of
// September" after "between", "9 to 12 June".
func (r *reader) fewDays(i int) (phrase, bool) {
	d, j, ok := r.dayNumber(i)
	if !ok {
		return phrase{}, false
	}
	j, ok = r.joined(j, r.is(i-1, tokBetween) || r.is(i-1, tokThe) && r.is(i-2, tokBetween))
	if !ok {
		return phrase{}, false
	}
	b, ok := r.dayMonth(j)
	if !ok {
		return phrase{}, false
	}
	from := time.Date(b.from.Year(), b.from.Month(), d, 0, 0, 0, 0, time.UTC)
	if !from.Before(b.from) {
		from = from.AddDate(0, -1, 0)
	}
	return during(from, b.from, b.end, b.cycle, 0.9), true
}

// daysAfter reads the rest of a range in the month of its first day: the
// "-20" of "November 19-20".
func (r *reader) daysAfter(a phrase, between bool) (phrase, bool) {
	j, ok := r.joined(a.end, between)
	if !ok || a.kind != Date {
		return phrase{}, false
	}
	d, end, ok := r.dayNumber(j)
	if !ok || d <= a.from.Day() || !r.at(j).ordinal && !r.uncounted(end) || r.is(end, tokMonth, tokOf) {
		return phrase{}, false
	}
	p := during(a.from, a.from.AddDate(0, 0, d-a.from.Day()), end, a.cycle, a.score)
	if y, end, ok := r.yearAfter(end); ok && a.cycle == year {
		p.from, p.to = p.from.AddDate(y-p.from.Year(), 0, 0), p.to.AddDate(y-p.to.Year(), 0, 0)
		p.end, p.cycle = end, 0
	}
	return p, true
}
