package moments

import "time"

// weekBy returns the Monday of this week, the next or the last.
func (r *reader) weekBy(way int) time.Time {
	return monday(r.now).AddDate(0, 0, 7*min(max(way, last), next))
}

// directed reads what begins with next, last, this: "next Friday", "last two
// weeks", "this quarter".
func (r *reader) directed(i int) (phrase, bool) {
	t := r.at(i)
	way, j := t.value, i+1
	if more := r.at(j); more.class == tokDirection && way == this {
		way, j = more.value, j+1
	}
	j = r.skip(j, tokDayKind)
	if t.word == "last" {
		if (r.at(i-1).class == tokFiller || r.is(i-1, tokTo)) && r.is(j, tokNumber, tokArticle, tokAmount, tokAll, tokFor) {
			return phrase{}, false // it will last two weeks
		}
		if p, ok := r.lastIn(j); ok {
			return p, true
		}
	}
	if r.at(j).word == "time" && way == this && r.is(j+1, tokDirection) && r.unit(j+2, week) {
		d := r.weekBy(r.at(j+1).value).AddDate(0, 0, weekdayOf(r.now))
		return onDay(d, j+3, 0, 0.9), true // this time next week
	}
	switch u := r.at(j); {
	case u.class == tokWeekday:
		return r.directedDay(way, j)
	case u.class == tokMonth:
		return r.directedMonth(way, j)
	case u.class == tokPeriod:
		return r.directedPeriod(way, j)
	case u.class == tokNumber || u.class == tokAmount || u.class == tokArticle:
		return r.directedAmount(way, j)
	case u.class == tokHoliday:
		return r.holiday(j, min(way, this))
	case u.class == tokSeason:
		p, ok := r.seasonal(j)
		return r.turn(p, way), ok
	case u.class == tokEdge || u.class == tokEnding:
		return r.edgeOf(j)
	case u.class == tokLabel:
		return r.labelled(j)
	case u.class == tokPart && t.word != "that":
		return r.directedPart(way, j)
	}
	return phrase{}, false
}

// turn moves a phrase that comes every year to this year, the last of its kind
// or the next.
func (r *reader) turn(p phrase, way int) phrase {
	if p.cycle != year {
		return p
	}
	switch {
	case way < this && !p.to.Before(r.now):
		return p.move(-1)
	case way == next && p.from.Year() == r.now.Year() && p.kind == DateRange:
		return p.move(1)
	case way == this && p.from.Year() > r.now.Year():
		return p.move(-1)
	}
	return p
}

// directedMonth reads the month, or the day of a month, after next, last, this.
func (r *reader) directedMonth(way, i int) (phrase, bool) {
	p, ok := r.monthFirst(i)
	if p.cycle == year && ok {
		p = r.turn(p, way)
		p.cycle = 0
	}
	return p, ok
}

// directedPeriod reads the unit after next, last, this; "next week" may have
// the day of the week behind it.
func (r *reader) directedPeriod(way, i int) (phrase, bool) {
	u := r.at(i).value
	n := min(max(way, last), next)
	switch u {
	case second, minute, hour:
		p := phrase{kind: DateTimeRange, from: r.now, to: r.now, end: i + 1, score: 0.85}
		if n > 0 {
			p.to = lengthOf(u, 1).after(r.now, 1)
		} else {
			p.from = lengthOf(u, 1).after(r.now, -1)
		}
		return p, n != 0 && r.at(i-1).word != "that"
	case day:
		return onDay(midnight(r.now).AddDate(0, 0, n), i+1, 0, 0.75), r.at(i).word == "day" && r.at(i-1).word != "that"
	}
	start := lengthOf(u, 1).after(begin(u, r.now), n)
	if u == weekend {
		start = r.weekBy(n).AddDate(0, 0, 5)
	}
	p := during(start, lengthOf(u, 1).after(start, 1), i+1, 0, 0.9)
	if w := r.at(i - 1); w.class == tokDayKind && w.value == 1 && u == week {
		p.to = start.AddDate(0, 0, 5)
	}
	if r.at(i-1).word == "that" || r.at(i-1).word == "same" {
		p.score = 0.6
	}
	if u == week {
		if d := r.at(r.skip(i+1, tokOn)); d.class == tokWeekday {
			return onDay(start.AddDate(0, 0, d.value), r.skip(i+1, tokOn)+1, 0, 0.95), true
		}
	}
	if u == year {
		return r.labelledIn(p)
	}
	return p, true
}

// directedPart reads "this morning", "last night", "next evening".
func (r *reader) directedPart(way, i int) (phrase, bool) {
	t := r.at(i)
	n := min(max(way, last), next)
	if t.word == "eve" || t.value == lunchtime || t.value == dinnertime {
		return phrase{}, false
	}
	return partOn(midnight(r.now).AddDate(0, 0, n), t.value, i+1), true
}

// partOn returns a part of a day.
func partOn(d time.Time, p, end int) phrase {
	start, stop := hours(p)
	return phrase{
		kind: DateTimeRange, part: p, end: end, score: 0.9,
		from: d.Add(time.Duration(start) * time.Second), to: d.Add(time.Duration(stop) * time.Second),
	}
}

// directedAmount reads "next two weeks", "last few days".
func (r *reader) directedAmount(way, i int) (phrase, bool) {
	l, end, ok := r.amountOf(i)
	if !ok || way == this {
		return phrase{}, false
	}
	unit := r.at(end - 1).value
	if u := r.at(end - 2); u.class == tokDayKind && u.value == 1 && unit == day {
		n := min(l.days, 1000)
		if way < 0 {
			return during(workdays(midnight(r.now), -n), midnight(r.now), end, 0, 0.9), true
		}
		return during(workdays(midnight(r.now), 1), workdays(midnight(r.now), n).AddDate(0, 0, 1), end, 0, 0.9), true
	}
	return r.stretch(way, unit, l, end)
}

// lastIn reads what is counted from the end of a period: the "3 weeks of June"
// of "last 3 weeks of June".
func (r *reader) lastIn(i int) (phrase, bool) {
	count := 1
	if t := r.at(i); t.class == tokNumber && t.value > 0 && t.value < 100 {
		count, i = t.value, i+1
	}
	u := r.at(i)
	if !r.is(i+1, tokOf, tokIn) || u.class != tokPeriod && u.class != tokWeekday || u.class == tokPeriod && u.value < day {
		return phrase{}, false
	}
	whole, ok := r.inner(i + 2)
	if !ok || whole.kind != DateRange {
		return phrase{}, false
	}
	if u.class == tokWeekday {
		d := nth(begin(monthly, whole.to.AddDate(0, 0, -1)), u.value, 0)
		return onDay(d, whole.end, whole.cycle, 0.9), true
	}
	return countIn(whole, u.value, 0, count)
}

// stretch returns the time of a length before or after now, in whole days if
// it is long, in whole quarters if it is of those.
func (r *reader) stretch(way, unit int, l length, end int) (phrase, bool) {
	from, kind := r.now, DateTimeRange
	if l.seconds == 0 {
		from, kind = midnight(r.now), DateRange
		if way > 0 {
			from = from.AddDate(0, 0, 1)
		}
	}
	if unit == quarter || unit == decade || unit == century {
		from = begin(unit, r.now)
		if way > 0 {
			from = lengthOf(unit, 1).after(from, 1)
		}
	}
	p := phrase{kind: kind, from: from, to: l.after(from, 1), end: end, score: 0.9}
	if way < 0 {
		p.from, p.to = l.after(from, -1), from
	}
	return p, true
}
