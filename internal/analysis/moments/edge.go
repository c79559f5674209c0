package moments

import "time"

// edgeOf reads the beginning, the middle, the end or the rest of a period: "end
// of month", mid-November, "later this week".
func (r *reader) edgeOf(i int) (phrase, bool) {
	t, j := r.at(i), i+1
	if t.class == tokEnding {
		return r.ending(t.value, i+1)
	}
	spelled := t.word == "end" || t.word == "close" || t.word == "start" || t.word == "beginning" || t.word == "rest"
	linked := r.is(j, tokOf) || r.is(j, tokIn) && !spelled
	j = r.skipMark(j, '-')
	j = r.skip(j, tokOf, tokIn)
	j = r.skip(j, tokThe)
	if b := r.at(j); spelled && linked && t.value == late && (b.word == "business" || b.word == "work") {
		return r.ending(day, r.skipUnit(j+1, day))
	}
	if spelled && linked && t.word == "end" && r.at(j).word == "day" {
		return r.ending(day, j+1)
	}
	if u := r.at(j); u.class == tokPart && linked && !spelled {
		return halfOfPart(u.value, t.value, j+1), true
	}
	if spelled && !linked && !r.is(j, tokPeriod, tokDirection, tokDayName, tokMonth) {
		return phrase{}, false
	}
	p, ok := r.edged(j)
	if !ok {
		return phrase{}, false
	}
	if t.class == tokRest {
		return during(midnight(r.now), p.to, p.end, 0, 0.85), p.kind == DateRange
	}
	if p.kind == DateTimeRange {
		return shareOfDay(p, t.value), true
	}
	if p.kind == Date {
		if t.word == "end" {
			at := p.to.Add(-time.Second)
			return phrase{kind: DateTime, from: at, end: p.end, cycle: p.cycle, score: 0.9}, true
		}
		day := p
		day.kind, day.part = DateTimeRange, daytime
		return shareOfDay(day, t.value), !spelled
	}
	q := shareOf(p, t.value)
	if !spelled && t.value != middle {
		q.point = time.Time{}
	}
	if spelled && t.value == early {
		q.point = q.from
	}
	if t.class == tokLater && q.from.Before(midnight(r.now)) && p.to.After(r.now) {
		q.from = midnight(r.now)
	}
	return q, true
}

// halfOfPart returns the first or the second half of a part of no day: "early in
// the morning".
func halfOfPart(part, edge, end int) phrase {
	from, to := hours(part)
	c := clock{from: from, to: to, span: true, part: part, end: end, score: 0.75}
	if edge == early {
		c.to -= (to - from + 1) / 2
	} else {
		c.from += (to - from + 1) / 2
	}
	return phrase{kind: Time, clock: c, end: c.end, score: c.score}
}

// edged reads the period that an edge is of.
func (r *reader) edged(i int) (phrase, bool) {
	t := r.at(i)
	if d, end, ok := r.dayPart(i); ok && d.kind == DateTimeRange {
		d.end = end
		return d, true
	}
	if t.class == tokPeriod && t.value >= day && singular(t.word) {
		start := begin(t.value, r.now)
		p := during(start, lengthOf(t.value, 1).after(start, 1), i+1, 0, 0.85)
		if t.value == day {
			p.kind = Date
		}
		return p, true
	}
	if t.class == tokNumber {
		if y, end, ok := r.year(i); ok && y > 1000 {
			return yearPhrase(y, end, 0.8), true
		}
	}
	p, ok := r.date(i)
	return p, ok && (t.class != tokMonth || p.kind == DateRange)
}

// shareOf returns the first, the middle or the last part of a period: of a year
// four months, of a month ten or fifteen days, of what is shorter a half.
func shareOf(p phrase, edge int) phrase {
	days := int(p.to.Sub(p.from).Hours() / 24)
	from, to := p.from, p.to
	mid := from.AddDate(0, 0, days/2)
	if days > 27 && days < 32 {
		mid = from.AddDate(0, 0, 15)
	}
	q := p
	switch {
	case days > 360 && edge == early:
		q.to = from.AddDate(0, 4, 0)
	case days > 360 && edge == middle:
		q.from, q.to = from.AddDate(0, 4, 0), from.AddDate(0, 8, 0)
	case days > 360:
		q.from = from.AddDate(0, 8, 0)
	case edge == early:
		q.to = mid
	case edge == late:
		q.from = mid
	default:
		q.from, q.to = from.AddDate(0, 0, days/3), from.AddDate(0, 0, days*2/3+1)
		if days > 27 && days < 32 {
			q.from, q.to = from.AddDate(0, 0, 9), from.AddDate(0, 0, 20)
		}
	}
	switch edge {
	case middle:
		if q.point = mid; days > 27 && days < 32 {
			q.point = from.AddDate(0, 0, 14) // the 15th
		}
	case late:
		q.point = to
	}
	return q
}

// shareOfDay returns the first or the second half of a part of a day.
func shareOfDay(p phrase, edge int) phrase {
	mid := p.from.Add(p.to.Sub(p.from) / 2).Round(time.Hour)
	switch edge {
	case early:
		p.to = mid
	case late:
		p.from = mid
	}
	return p
}

// ending returns the end of a unit of time that the tokens before i say: eod,
// "end of business", eom. The day may follow.
func (r *reader) ending(u, i int) (phrase, bool) {
	start := begin(u, r.now)
	end := lengthOf(u, 1).after(start, 1)
	if u == day && r.is(r.skip(i, tokOn), tokWeekday, tokDayName, tokDirection, tokMonth, tokHoliday, tokThe) {
		if p, ok := r.date(r.skip(i, tokOn)); ok && p.kind == Date {
			return phrase{kind: DateTime, from: p.to.Add(-time.Second), end: p.end, cycle: p.cycle, score: 0.9}, true
		}
	}
	if u == day {
		return phrase{kind: DateTime, from: end.Add(-time.Second), end: i, score: 0.9}, true
	}
	return shareOf(during(start, end, i, 0, 0.9), late), true
}

// holiday reads a holiday or its eve: the next, or that before it if way is
// last.
func (r *reader) holiday(i, way int) (phrase, bool) {
	t, j := r.at(i), i+1
	y := r.now.Year()
	if second := [...]string{6: "year", "day", "day", "day", "friday"}; t.value >= 6 {
		if r.at(j).word != second[t.value] {
			return phrase{}, false
		}
		j++
	}
	eve := (t.value == 1 || t.value == 6) && r.at(j).word == "eve"
	if eve {
		j++
	} else if u := r.at(j); u.class == tokPeriod && u.value == day {
		j++
	}
	said := false
	if n, end, ok := r.yearAfter(j); ok {
		y, j, said = n, end, true
	}
	on := func(y int) time.Time {
		d := holidayDate(t.value, y)
		if eve {
			return d.AddDate(0, 0, -1)
		}
		return d
	}
	d := on(y)
	if !said && d.Before(midnight(r.now)) {
		y++
	}
	if !said && way < this {
		y--
	}
	return onDay(on(y), j, 0, 0.85), true
}

// holidayDate returns the day of a holiday in a year.
func holidayDate(n, y int) time.Time {
	switch n {
	case 1:
		return time.Date(y, 12, 25, 0, 0, 0, 0, time.UTC)
	case 2:
		return time.Date(y, 10, 31, 0, 0, 0, 0, time.UTC)
	case 3:
		return easter(y)
	case 4:
		return nth(time.Date(y, 11, 1, 0, 0, 0, 0, time.UTC), 3, 4)
	case 5:
		return time.Date(y, 2, 14, 0, 0, 0, 0, time.UTC)
	case 6:
		return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
	case 7:
		return time.Date(y, 7, 4, 0, 0, 0, 0, time.UTC)
	case 8:
		return nth(time.Date(y, 9, 1, 0, 0, 0, 0, time.UTC), 0, 1)
	case 9:
		return nth(time.Date(y, 5, 1, 0, 0, 0, 0, time.UTC), 0, 0)
	default:
		return nth(time.Date(y, 11, 1, 0, 0, 0, 0, time.UTC), 3, 4).AddDate(0, 0, 1)
	}
}
