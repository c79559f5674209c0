package moments

import "time"

// thePeriod reads a unit after "the": "the month", "the week after next", "the
// week of June 4", "the year 2026".
func (r *reader) thePeriod(i int) (phrase, bool) {
	u := r.at(i).value
	if p, ok := r.labelled(i); ok {
		return p, true
	}
	if r.is(i+1, tokAfter) && r.at(i+2).class == tokDirection && r.at(i+2).word == "next" && u >= week {
		start := lengthOf(u, 2).after(begin(u, r.now), 1)
		return during(start, lengthOf(u, 1).after(start, 1), i+3, 0, 0.9), true
	}
	if r.is(i+1, tokBefore) && r.at(i+2).class == tokDirection && r.at(i+2).word == "last" && u >= week {
		start := lengthOf(u, 2).after(begin(u, r.now), -1)
		return during(start, lengthOf(u, 1).after(start, 1), i+3, 0, 0.9), true
	}
	if r.at(i).word != "day" && u < weekend || !singular(r.at(i).word) || !r.uncounted(i+1) && !r.isOut(i+1) || r.at(i).glued {
		return phrase{}, false
	}
	if u == day {
		if !r.is(i-2, tokFor, tokOf) {
			return phrase{}, false
		}
		return onDay(midnight(r.now), i+1, 0, 0.5), true
	}
	start := begin(u, r.now)
	return during(start, lengthOf(u, 1).after(start, 1), i+1, 0, 0.5), true
}

// isOut reports whether "is over" or the like stands at i: "before the month is out".
func (r *reader) isOut(i int) bool {
	w := r.at(i + 1).word
	return r.at(i).word == "is" && (w == "over" || w == "out" || w == "up")
}

func singular(word string) bool {
	return word != "" && word[len(word)-1] != 's'
}

// labelled reads a period that has a number: q3 2026, h1, "week 10", cy18,
// "year 2026", "week of June 4".
func (r *reader) labelled(i int) (phrase, bool) {
	t := r.at(i)
	if t.class == tokDayKind {
		if r.at(i+1).class == tokPeriod && r.at(i+1).value == year || r.at(i+1).class == tokLabel {
			return r.labelled(i + 1)
		}
		return phrase{}, false
	}
	n := r.at(i + 1)
	switch {
	case t.class == tokLabel && t.value == 4:
		if r.mark(i+1, '/') && r.at(i+2).word == "c" {
			return r.weekOf(i + 3)
		}
	case t.class == tokLabel && t.value == 3:
		if n.class == tokNumber && n.digits == 2 && n.glued {
			return yearPhrase(century20(n.value), i+2, 0.8), true
		}
		if y, end, ok := r.year(i + 1); ok {
			return yearPhrase(y, end, 0.85), true
		}
	case t.class == tokLabel:
		return r.share(i)
	case t.value == week && (n.class == tokOf || n.class == tokStarting || n.word == "beginning" || n.word == "start" || n.word == "commencing"):
		return r.weekOf(r.skip(i+2, tokOn))
	case t.value == week && n.class == tokNumber && n.digits > 0 && n.digits <= 2 && !n.ordinal:
		return r.weekNumber(n.value, i+2)
	case t.value == year:
		if n.class == tokTo && (r.at(i+2).class == tokDayName && r.at(i+2).value == 0 || r.at(i+2).word == "date") {
			return during(begin(year, r.now), midnight(r.now), i+3, 0, 0.85), true
		}
		if y, end, ok := r.year(r.skip(i+1, tokOf)); ok {
			return yearPhrase(y, end, 0.85), true
		}
	}
	return phrase{}, false
}

// share reads a quarter or a half of a year: q3, h1 2026, 2026-q3.
func (r *reader) share(i int) (phrase, bool) {
	t, n := r.at(i), r.at(i+1)
	most := 4 / t.value
	if n.class != tokNumber || !n.glued || n.digits != 1 || n.value < 1 || n.value > most {
		return phrase{}, false
	}
	end, y, cycle := i+2, r.now.Year(), year
	if said, after, ok := r.yearAfter(end); ok {
		end, y, cycle = after, said, 0
	}
	months := 12 / most
	from := time.Date(y, time.Month((n.value-1)*months+1), 1, 0, 0, 0, 0, time.UTC)
	return r.ahead(during(from, from.AddDate(0, months, 0), end, cycle, 0.85)), true
}

// weekOf reads the date whose week is meant.
func (r *reader) weekOf(i int) (phrase, bool) {
	p, ok := r.date(i)
	if !ok || p.kind != Date {
		return phrase{}, false
	}
	return during(monday(p.from), monday(p.from).AddDate(0, 0, 7), p.end, p.cycle, 0.9), true
}

// weekNumber returns the week of that number after ISO 8601.
func (r *reader) weekNumber(n, end int) (phrase, bool) {
	y := r.now.Year()
	if said, after, ok := r.yearAfter(end); ok {
		y, end = said, after
	}
	start := monday(time.Date(y, 1, 4, 0, 0, 0, 0, time.UTC)).AddDate(0, 0, 7*(n-1))
	return during(start, start.AddDate(0, 0, 7), end, 0, 0.7), n >= 1 && n <= 53
}

// labelledIn returns a year that was said with a direction, or its quarter that
// follows: "next year's first quarter".
func (r *reader) labelledIn(p phrase) (phrase, bool) {
	t, u := r.at(p.end), r.at(p.end+1)
	if t.class == tokNumber && t.ordinal && u.class == tokPeriod && u.value == quarter && t.value <= 4 {
		start := p.from.AddDate(0, 3*(t.value-1), 0)
		return during(start, start.AddDate(0, 3, 0), p.end+2, 0, 0.9), true
	}
	return p, true
}

// ordinalPeriod reads what is counted within a period: "first week of June",
// "last 3 weeks of this year", "1990s", "15th century".
func (r *reader) ordinalPeriod(i int) (phrase, bool) {
	t, u := r.at(i), r.at(i+1)
	if u.class == tokPeriod && u.value == decade && u.glued {
		return r.decades(t.value, i+2)
	}
	if !t.ordinal {
		if u.class == tokLabel && t.digits == 4 || r.mark(i+1, '-') && r.at(i+2).class == tokLabel && t.digits == 4 {
			j := r.skipMark(i+1, '-')
			if p, ok := r.share(j); ok && p.end == j+2 {
				n := t.value - p.from.Year()
				p.cycle = year
				p = p.move(n)
				p.cycle = 0
				return p, true
			}
		}
		return phrase{}, false
	}
	if u.class == tokPeriod && u.value == century {
		from := time.Date((t.value-1)*100, 1, 1, 0, 0, 0, 0, time.UTC)
		return during(from, from.AddDate(100, 0, 0), i+2, 0, 0.85), t.value <= 30 && t.value > 0
	}
	count, j := 1, i+1
	if u.class == tokNumber && !u.ordinal && u.value < 100 {
		count, j = u.value, j+1
	}
	if d := r.at(j); d.class == tokDirection && d.value == last && count == 1 {
		return r.fromLast(t.value, j+1)
	}
	unit := r.at(j)
	if unit.class == tokPeriod && unit.value == quarter && count == 1 && t.value >= 1 && t.value <= 4 && r.at(i).ordinal {
		if p, ok := r.ordinalQuarter(t.value, j+1); ok {
			return p, true
		}
	}
	if unit.class == tokWeekday && r.is(j+1, tokOf, tokIn) {
		if in, ok := r.inner(j + 2); ok && in.to.Sub(in.from) < 32*24*time.Hour && t.value <= 5 {
			return onDay(nth(in.from, unit.value, t.value), in.end, in.cycle, 0.9), true
		}
	}
	if unit.class != tokPeriod || unit.value < day || !r.is(j+1, tokOf, tokIn) && !r.is(j+1, tokDirection) {
		return phrase{}, false
	}
	whole, ok := r.inner(r.skip(j+1, tokOf, tokIn))
	if !ok || whole.kind != DateRange {
		return phrase{}, false
	}
	return countIn(whole, unit.value, t.value, count)
}

// fromLast reads the nth last unit of a period: "second last week of October".
func (r *reader) fromLast(n, i int) (phrase, bool) {
	unit := r.at(i)
	if unit.class != tokPeriod || unit.value < day || n < 2 || !r.is(i+1, tokOf, tokIn) {
		return phrase{}, false
	}
	whole, ok := r.inner(i + 2)
	if !ok || whole.kind != DateRange {
		return phrase{}, false
	}
	p, ok := countIn(whole, unit.value, 0, 1)
	l := lengthOf(unit.value, 1)
	p.from, p.to = l.after(p.from, 1-n), l.after(p.to, 1-n)
	return p, ok && !p.from.Before(whole.from)
}

// ordinalQuarter reads the third quarter of the year that follows, of the next one where none does:
// "in the third quarter". What it is a quarter of, as an hour or a cake, stands behind it.
func (r *reader) ordinalQuarter(n, end int) (phrase, bool) {
	y, cycle := r.now.Year(), year
	if said, after, ok := r.yearAfter(end); ok {
		y, end, cycle = said, after, 0
	} else if r.is(end, tokOf) || !r.uncounted(end) {
		return phrase{}, false
	}
	from := time.Date(y, time.Month(3*n-2), 1, 0, 0, 0, 0, time.UTC)
	return r.ahead(during(from, from.AddDate(0, 3, 0), end, cycle, 0.8)), true
}

// countIn returns count units of a period, of which they are the nth, or the
// last for n < 1.
func countIn(whole phrase, unit, n, count int) (phrase, bool) {
	first, end := whole.from, whole.to
	one := lengthOf(unit, 1)
	if unit == weekend && count == 1 {
		saturday := nth(begin(monthly, whole.to.AddDate(0, 0, -1)), 5, 0)
		if n > 0 {
			saturday = nth(first, 5, n)
		}
		return during(saturday, saturday.AddDate(0, 0, 2), whole.end, whole.cycle, 0.9), saturday.Before(whole.to)
	}
	if unit == week {
		first = monday(first.AddDate(0, 0, 3)) // that with a Thursday in the period
		end = monday(end.AddDate(0, 0, 3))
	}
	start := one.after(first, n-1)
	if n < 1 {
		start = one.after(end, -count)
	}
	if unit == day && count == 1 {
		return onDay(start, whole.end, whole.cycle, 0.9), start.Before(whole.to)
	}
	return during(start, one.after(start, count), whole.end, whole.cycle, 0.9), start.Before(whole.to)
}

// decades returns the 1990s, the 90s.
func (r *reader) decades(y, end int) (phrase, bool) {
	if y < 100 {
		if !r.is(end-3, tokThe) && !r.mark(end-3, '\'') {
			return phrase{}, false
		}
		y = century20(y)
	}
	from := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	return during(from, from.AddDate(10, 0, 0), end, 0, 0.85), true
}

// seasonal reads a season, which begins with a month: summer is from June to
// August.
func (r *reader) seasonal(i int) (phrase, bool) {
	t := r.at(i)
	if (t.word == "fall" || t.word == "spring") && !r.is(i-1, tokThe, tokDirection, tokIn, tokNumber, tokEdge) {
		return phrase{}, false
	}
	if y, end, ok := r.yearAfter(i + 1); ok {
		from := time.Date(y, time.Month(3*t.value), 1, 0, 0, 0, 0, time.UTC)
		return during(from, from.AddDate(0, 3, 0), end, 0, 0.9), true
	}
	if t.word != "summer" && t.word != "winter" && t.word != "autumn" && r.is(i-1, tokNumber) {
		return phrase{}, false
	}
	from := time.Date(r.now.Year(), time.Month(3*t.value), 1, 0, 0, 0, 0, time.UTC)
	return r.ahead(during(from, from.AddDate(0, 3, 0), i+1, year, 0.7)), true
}
