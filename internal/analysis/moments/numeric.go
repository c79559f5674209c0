package moments

// numeric reads a date of numbers with the same mark between them: 2026-06-22,
// 6/22/2026, 22.6.2026, 22/Jun/2026, 6/22, 12-2026. See the package comment for
// the order.
func (r *reader) numeric(i int) (phrase, bool) {
	a, b := r.at(i), r.at(i+2)
	if a.ordinal || b.ordinal || b.class != tokNumber && b.class != tokMonth {
		return phrase{}, false
	}
	if r.skipGlued(i+1, "-/.") == i+1 {
		return r.spaced(i)
	}
	sep, c := r.at(i+1), r.at(i+4)
	if r.mark(i+3, rune(sep.value)) && r.skipGlued(i+3, "-/.") == i+4 && (c.counts() || c.class == tokMonth) {
		if y, m, d, ok := order(a, b, c, sep.value); ok {
			if day, ok := dayOf(y, m, d); ok {
				return r.clockMark(onDay(day, i+5, 0, 0.95)), true
			}
		}
		if sep.value == '.' || c.digits == 4 || a.digits == 4 {
			return phrase{}, false
		}
	}
	if a.class == tokNumber && b.class == tokNumber {
		return r.pair(i)
	}
	return phrase{}, false
}

// clockMark skips the T of 2026-06-22T10:00, which stands before a time.
func (r *reader) clockMark(p phrase) phrase {
	if t := r.at(p.end); t.word == "t" && r.is(p.end+1, tokNumber) {
		p.end++
	}
	return p
}

// spaced reads a date like 2026 10 16.
func (r *reader) spaced(i int) (phrase, bool) {
	a, b, c := r.at(i), r.at(i+1), r.at(i+2)
	if a.digits != 4 || b.digits != 2 || c.digits != 2 || r.is(i+3, tokNumber) {
		return phrase{}, false
	}
	d, ok := dayOf(a.value, b.value, c.value)
	return onDay(d, i+3, 0, 0.7), ok && modern(a.value)
}

// order says which of three is the year, the month and the day.
func order(a, b, c *token, sep int) (y, m, d int, ok bool) {
	if b.class == tokNumber && b.digits > 2 {
		return 0, 0, 0, false
	}
	switch {
	case a.class == tokNumber && a.digits == 4:
		if m, d = b.value, c.value; c.class == tokMonth || b.class == tokNumber && m > 12 {
			m, d = d, m
		}
		return a.value, m, d, c.digits <= 2 && a.value >= 1000
	case c.class != tokNumber || c.digits != 4 && c.digits != 2 || a.digits > 2:
		return 0, 0, 0, false
	}
	if y = c.value; c.digits == 2 {
		y = century20(y)
	}
	switch m, d = a.value, b.value; {
	case b.class == tokMonth, a.class == tokNumber && m > 12, a.class == tokNumber && sep == '.' && d <= 12:
		m, d = d, m
	}
	return y, m, d, true
}

// pair reads two numbers: a month and a day, or a month and a year. Both are
// dates only where a date is expected: 9/10 may be a grade.
func (r *reader) pair(i int) (phrase, bool) {
	a, sep, b, end := r.at(i), r.at(i+1), r.at(i+2), i+3
	if a.digits == 4 && sep.value == '/' && b.digits == 2 && modern(a.value) && !r.partOfCode(i, end) {
		from, ok := dayOf(a.value, b.value, 1)
		return during(from, from.AddDate(0, 1, 0), end, 0, 0.75), ok // 2026/10
	}
	if a.digits == 0 || a.digits > 2 || b.digits == 0 || r.partOfCode(i, end) {
		return phrase{}, false
	}
	if b.digits == 4 && sep.value != '.' {
		from, ok := dayOf(b.value, a.value, 1)
		return during(from, from.AddDate(0, 1, 0), end, 0, 0.75), ok && modern(b.value)
	}
	if b.digits > 2 || a.value == 24 && b.value == 7 {
		return phrase{}, false
	}
	if sep.value == '/' && r.mark(end, ',') {
		if y, end, ok := r.yearAfter(end); ok {
			d, ok := dayOf(y, a.value, b.value)
			return onDay(d, end, 0, 0.9), ok
		}
	}
	if !r.expected(i, end, sep.value) {
		return phrase{}, false
	}
	m, d := a.value, b.value
	if m > 12 {
		m, d = d, m
	}
	return r.yearless(m, d, end, 0.75)
}

// partOfCode reports whether what stands from i to end goes on on one of its
// sides without a blank: 12/3/4/5, v1/2.
func (r *reader) partOfCode(i, end int) bool {
	front, behind := r.at(i-1), r.at(end)
	if r.at(i).glued && front.class == tokMark && !front.marks("(-") {
		return true
	}
	return behind.glued && (behind.class != tokMark || r.at(end+1).glued && behind.value != '-')
}

// expected reports whether what stands around a pair of numbers says that it
// is a date.
func (r *reader) expected(i, end, sep int) bool {
	switch {
	case sep == '.':
		return r.is(i-1, tokOn, tokWeekday, tokFrom, tokBy)
	case sep == '-':
		return r.is(i-1, tokOn, tokFrom, tokBy)
	case r.is(i-1, tokOn, tokBy, tokBefore, tokUntil, tokSince, tokFrom, tokStarting, tokBetween, tokFor, tokAfter, tokTo, tokWeekday, tokDirection):
		return true
	case r.is(i-1, tokMark) && r.uncounted(end), r.at(i - 1).marks("("), r.is(end, tokAt, tokBetween, tokFrom):
		return true
	case r.at(i).digits == 2 && r.at(i).value < 10:
		return true // 06/22
	default: // 10/1-11/2
		return r.mark(end, '-') && r.mark(end+2, '/')
	}
}

// modern reports whether a number may be a year of which nothing says that it
// is one.
func modern(y int) bool {
	return y >= 1900 && y < 2200
}

// yearless returns the nearest such day that is not past.
func (r *reader) yearless(m, d, end int, score float64) (phrase, bool) {
	for n := range 9 {
		if t, ok := dayOf(r.now.Year()+n, m, d); ok && !t.Before(midnight(r.now)) {
			return onDay(t, end, year, score), true
		}
	}
	return phrase{}, false
}
