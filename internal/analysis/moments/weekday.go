package moments

import "time"

// weekdayFirst reads what begins with a day of the week: Friday, "Friday the
// 26th", "Fri, June 26", "Friday of next week".
func (r *reader) weekdayFirst(i int) (phrase, bool) {
	t := r.at(i)
	j := r.skipMark(i+1, '.')
	if j > i+1 && (len(t.word) > 5 || !r.is(j, tokMonth, tokNumber, tokMark)) {
		j = i + 1
	}
	if p, ok := r.datedWeekday(t.value, j); ok {
		return p, true
	}
	if r.doubtfulDay(i) {
		return phrase{}, false
	}
	if p, ok := r.afterNext(i); ok {
		return p, true
	}
	k := r.skip(i+1, tokOf, tokIn, tokOn)
	if r.is(i+1, tokFrom) && r.is(i+2, tokDirection) {
		k = i + 2
	}
	k = r.skip(k, tokThe)
	if d := r.at(k); d.class == tokDirection && r.unit(k+1, week) {
		return onDay(r.weekBy(d.value).AddDate(0, 0, t.value), k+2, 0, 0.95), true
	}
	if p, ok := r.besideWeekday(t.value, i+1); ok {
		return p, true
	}
	days := (t.value - weekdayOf(r.now) + 7) % 7
	if r.inWeek(i + 1) {
		return onDay(midnight(r.now).AddDate(0, 0, days+7), i+2, 0, 0.8), true // Friday week
	}
	return onDay(midnight(r.now).AddDate(0, 0, days), i+1, week, 0.85), true
}

// afterNext reads "Friday after next".
func (r *reader) afterNext(i int) (phrase, bool) {
	if !r.is(i, tokWeekday) || !r.is(i+1, tokAfter) || r.at(i+2).word != "next" || !r.uncounted(i+3) {
		return phrase{}, false
	}
	return onDay(r.weekBy(next).AddDate(0, 0, 7+r.at(i).value), i+3, 0, 0.9), true
}

// inWeek reports whether "week" at i puts the day before it off by one: "Friday week".
func (r *reader) inWeek(i int) bool {
	return r.unit(i, week) && singular(r.at(i).word) && (r.at(i+1).marks(".,;!?)\n") || r.is(i+1, tokAt, tokAnd))
}

// besideWeekday reads what a day of the week is the nearest to, before or after it:
// "Saturday before Christmas".
func (r *reader) besideWeekday(weekday, i int) (phrase, bool) {
	if !r.is(i, tokBefore, tokAfter) || !r.is(r.skip(i+1, tokThe), tokHoliday, tokNumber, tokMonth) {
		return phrase{}, false
	}
	base, ok := r.date(i + 1)
	if !ok || base.kind != Date {
		return phrase{}, false
	}
	days := (weekday-weekdayOf(base.from)+6)%7 + 1
	if r.is(i, tokBefore) {
		days = (weekday-weekdayOf(base.from)+7)%7 - 7
	}
	return onDay(base.from.AddDate(0, 0, days), base.end, base.cycle, 0.9), true
}

// countedWeekday reads "two Fridays from now", "3 Mondays ago".
func (r *reader) countedWeekday(i int) (phrase, bool) {
	n, t, way := r.at(i), r.at(i+1), r.at(i+2)
	if n.ordinal || n.value < 1 || n.value > 52 || t.class != tokWeekdays && t.class != tokWeekday {
		return phrase{}, false
	}
	weekday := t.value
	today := midnight(r.now)
	switch {
	case way.class == tokFrom && r.is(i+3, tokNow, tokDayName):
		first := today.AddDate(0, 0, (weekday-weekdayOf(today)+6)%7+1)
		return onDay(first.AddDate(0, 0, 7*(n.value-1)), i+4, 0, 0.9), true
	case way.class == tokAgo:
		first := today.AddDate(0, 0, -((weekdayOf(today)-weekday+6)%7 + 1))
		return onDay(first.AddDate(0, 0, -7*(n.value-1)), i+3, 0, 0.9), true
	}
	return phrase{}, false
}

// doubtfulDay reports whether the weekday at i is a word that is mostly
// something else and nothing beside it says otherwise.
func (r *reader) doubtfulDay(i int) bool {
	t := r.at(i)
	if t.ambiguous {
		if i == 0 && (len(r.tokens) == 1 || len(r.tokens) == 2 && r.mark(1, '.') || len(r.tokens) == 2 && r.mark(1, '?')) {
			return false // "sat?" is all that is said
		}
		beside := r.is(i-1, tokOn, tokBy, tokDirection, tokUntil, tokSince, tokBefore, tokAfter, tokTo, tokOr, tokAnd, tokNumber, tokFrom, tokBetween, tokStarting, tokPeriod)
		return !beside && (!t.capital || !r.is(i+1, tokAt, tokNumber, tokPart, tokFrom, tokBetween, tokMark) && !r.is(i-1, tokMark))
	}
	return false
}

// datedWeekday reads the date that explains a day of the week.
func (r *reader) datedWeekday(weekday, i int) (phrase, bool) {
	j := r.skipMark(i, ',')
	open := r.mark(j, '(')
	j = r.skipMark(j, '(')
	k := r.skip(j, tokThe)
	var p phrase
	var ok bool
	switch r.at(k).class {
	case tokMonth:
		p, ok = r.monthFirst(k)
		ok = ok && p.kind == Date
	case tokNumber:
		if p, ok = r.numeric(k); !ok {
			p, ok = r.dayMonth(k)
		}
		if !ok || p.kind != Date {
			p, ok = r.numberedWeekday(weekday, k)
		}
	default:
	}
	if ok && p.cycle == year {
		for _, n := range []int{0, -1, 1} {
			if q := p.move(n); weekdayOf(q.from) == weekday && r.now.Sub(q.from) < 200*24*time.Hour {
				p, p.cycle = q, 0
				break
			}
		}
	}
	if ok && open {
		p.end = r.skipMark(p.end, ')')
	}
	return p, ok
}

// numberedWeekday reads the number of the day after a day of the week: the
// 26th of a month in which that is a Friday.
func (r *reader) numberedWeekday(weekday, i int) (phrase, bool) {
	t := r.at(i)
	if t.value < 1 || t.value > 31 || t.digits > 2 || !t.ordinal && (t.digits < 2 || t.value < 13) || !t.ordinal && !r.uncounted(i+1) || r.is(i+1, tokMeridiem, tokPeriod, tokMonth) {
		return phrase{}, false
	}
	first := begin(monthly, r.now)
	for range 24 {
		d, ok := dayOf(first.Year(), int(first.Month()), t.value)
		if ok && weekdayOf(d) == weekday && !d.Before(midnight(r.now)) {
			return onDay(d, i+1, 0, 0.9), true
		}
		first = first.AddDate(0, 1, 0)
	}
	return phrase{}, false
}

// directedDay reads the day of the week after next, last, this.
func (r *reader) directedDay(way, i int) (phrase, bool) {
	weekday := r.at(i).value
	p := onDay(r.weekBy(way).AddDate(0, 0, weekday), i+1, 0, 0.95)
	today := midnight(r.now)
	if way == this && p.from.Before(today) && r.at(i-1).word == "this" {
		p.from = p.from.AddDate(0, 0, 7) // a "this Monday" that is over is not spoken of so
	}
	switch way {
	case nearNext:
		p.from = today.AddDate(0, 0, (weekday-weekdayOf(today)+6)%7+1)
	case nearLast:
		p.from = today.AddDate(0, 0, -((weekdayOf(today)-weekday+6)%7 + 1))
	}
	p.to = p.from.AddDate(0, 0, 1)
	if d, ok := r.datedWeekday(weekday, i+1); ok {
		return d, true
	}
	return p, true
}
