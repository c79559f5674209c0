package moments

import "time"

// doubtful reports whether the month at i is a word that is mostly something
// else and nothing beside it says otherwise.
func (r *reader) doubtful(i int) bool {
	t := r.at(i)
	switch t.word {
	case "may", "march", "mar", "dec", "sep":
	default:
		return false
	}
	if t.word != "may" && t.word != "march" {
		return !t.capital && !r.is(i-1, tokNumber, tokIn, tokOf, tokSince, tokUntil, tokDirection)
	}
	if r.is(i-1, tokIn, tokOf, tokSince, tokUntil, tokDirection, tokBetween, tokEdge) {
		return !t.capital && (r.is(i-1, tokOf) || r.is(i-1, tokDirection) && r.at(i-1).value == this)
	}
	return !t.capital || !r.is(i-1, tokBy, tokBefore, tokAfter, tokFrom, tokTo, tokMark, tokAnd, tokOr, tokStarting) || r.is(i-1, tokMark) && !r.mark(i-1, '-')
}

// monthFirst reads what begins with the name of a month: "June 22nd, 2026",
// Jun-15, "June 2026", "in June".
func (r *reader) monthFirst(i int) (phrase, bool) {
	m, j := r.at(i).value, i+1
	if t := r.at(j); t.class == tokMark && t.value == '.' && !r.mark(j, '\n') && r.is(j+1, tokNumber) && !t.glued == false {
		j++
	}
	if t := r.at(j); t.class == tokMark && (t.value == '/' || t.value == '-') && t.glued && r.at(j+1).class == tokNumber && r.at(j+1).glued {
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
	t, n := r.at(i), r.at(i+1)
	if t.class != tokNumber || t.digits > 2 || t.value < 1 || t.value > 31 {
		return 0, 0, false
	}
	if n.class == tokMark && n.glued && (n.value == ':' || n.value == '.' && r.at(i+2).glued && r.at(i+2).class == tokNumber) || !t.ordinal && n.class == tokMeridiem {
		return 0, 0, false
	}
	if t.digits == 0 && !t.ordinal {
		if _, _, ok := r.year(i); ok {
			return 0, 0, false
		}
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
	if u := r.at(j); r.at(i).ordinal && u.class == tokPeriod && u.value == day {
		j++
	}
	linked := r.is(j, tokOf)
	j = r.skip(j, tokOf)
	if t := r.at(j); t.class == tokMark && t.glued && (t.value == '-' || t.value == '/' || t.value == '.') {
		j++
	}
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
	if !ok || d <= a.from.Day() || !r.at(j).ordinal && !r.free(end) || r.is(end, tokMonth, tokOf) {
		return phrase{}, false
	}
	p := during(a.from, a.from.AddDate(0, 0, d-a.from.Day()), end, a.cycle, a.score)
	if y, end, ok := r.yearAfter(end); ok && a.cycle == year {
		p.from, p.to = p.from.AddDate(y-p.from.Year(), 0, 0), p.to.AddDate(y-p.to.Year(), 0, 0)
		p.end, p.cycle = end, 0
	}
	return p, true
}
