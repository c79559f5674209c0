package moments

import "time"

// counted reads a time that is an amount away from now or from another, or an
// amount alone: "two weeks ago", "3 days after Friday", "two hours".
func (r *reader) counted(i int) (phrase, bool) {
	j := i
	if r.is(j, tokThan) {
		j = r.skip(j+1, tokThan)
		if j == i+1 {
			return phrase{}, false
		}
	}
	l, end, ok := r.amountOf(j)
	if !ok {
		return phrase{}, false
	}
	if p, ok := r.away(l, end); ok {
		return p, true
	}
	if d := r.at(end - 2); d.class == tokDirection && d.value != this {
		return r.stretch(d.value, r.at(end-1).value, l, end)
	}
	if r.at(end-1).word == "second" && !r.uncounted(end) && r.at(end).class != tokOther {
		return phrase{}, false
	}
	p := phrase{kind: Duration, length: l, end: end, score: 0.8}
	if l.loose {
		p.score = 0.55
	}
	return p, true
}

// away reads what an amount is counted from.
func (r *reader) away(l length, end int) (phrase, bool) {
	switch t := r.at(end); t.class {
	case tokAgo:
		if t.word == "back" && !r.uncounted(end+1) {
			return phrase{}, false
		}
		return r.from(l, -1, end+1), true
	case tokLater:
		return r.from(l, 1, end+1), true
	case tokFrom, tokAfter, tokBefore, tokSince:
		sign := 1
		if t.class == tokBefore {
			sign = -1
		}
		if now := end + 1; t.class == tokFrom {
			if r.at(now).word == "right" {
				now++
			}
			if r.is(now, tokNow) {
				return r.from(l, 1, now+1), true
			}
		}
		if p, ok := r.besideClock(l, sign, end); ok {
			return p, true
		}
		base, ok := r.date(end + 1)
		if !ok || base.kind != Date && base.kind != DateRange || base.kind == DateRange && t.class == tokFrom {
			return phrase{}, false
		}
		p := onDay(l.after(base.bound(), sign), base.end, base.cycle, 0.9)
		if l.seconds != 0 {
			p.kind, p.to = DateTime, time.Time{}
		}
		return r.onWeekday(p), true
	case tokFor, tokStarting:
		return r.lasting(l, end)
	case tokDayName, tokWeekday: // a week today, a week Friday
		if l.seconds == 0 && l.months == 0 && l.days%7 == 0 && !l.loose && r.at(end-1).value == week && (t.class == tokWeekday || t.value >= 0) {
			p, _ := r.date(end)
			p = onDay(p.from.AddDate(0, 0, l.days), p.end, 0, 0.8)
			return p, t.class == tokDayName || r.at(end-2).class == tokArticle
		}
	case tokOn: // a week on Friday
		if l.seconds == 0 && l.months == 0 && l.days%7 == 0 && !l.loose && r.is(end+1, tokWeekday) {
			p, ok := r.date(end + 1)
			return onDay(p.from.AddDate(0, 0, l.days), p.end, 0, 0.8), ok && p.kind == Date
		}
	default:
	}
	return phrase{}, false
}

// besideClock reads the time that a length is counted from: "half an hour before 3 pm", "15
// minutes after noon".
func (r *reader) besideClock(l length, sign, end int) (phrase, bool) {
	if l.seconds == 0 || l.days != 0 || l.months != 0 || r.is(end, tokSince) {
		return phrase{}, false
	}
	c, ok := r.point(end + 1)
	if !ok || c.weak {
		return phrase{}, false
	}
	c = c.decided()
	if c.from += sign * l.seconds; c.from < 0 || c.from >= 24*3600 {
		return phrase{}, false
	}
	c.score = 0.9
	return r.withDay(c)
}

// from returns what is n lengths from now: an instant if the length has hours,
// minutes or seconds.
func (r *reader) from(l length, n, end int) phrase {
	if l.seconds != 0 {
		return phrase{kind: DateTime, from: l.after(r.now, n), end: end, score: 0.95}
	}
	return r.onWeekday(onDay(l.after(midnight(r.now), n), end, 0, 0.9))
}

// onWeekday moves a date to the day of the week that follows it in the text:
// "two months from today on Tuesday".
func (r *reader) onWeekday(p phrase) phrase {
	if t := r.at(p.end + 1); r.is(p.end, tokOn) && t.class == tokWeekday && p.kind == Date {
		if r.at(p.end+2).class != tokNumber && r.at(p.end+2).class != tokMonth {
			p.from = p.from.AddDate(0, 0, (t.value-weekdayOf(p.from)+7)%7)
			p.to = p.from.AddDate(0, 0, 1)
			p.end += 2
		}
	}
	return p
}

// lasting reads when an amount begins: "3 days starting Monday", "2 hours from
// 2pm" is of clockRange.
func (r *reader) lasting(l length, end int) (phrase, bool) {
	if !r.is(end, tokStarting) {
		return phrase{}, false
	}
	j := r.skip(end+1, tokFrom, tokOn)
	d, ok := r.date(j)
	if !ok || d.kind != Date || l.seconds != 0 {
		return phrase{}, false
	}
	return during(d.from, l.after(d.from, 1), d.end, d.cycle, 0.9), true
}

// inAmount reads "in two weeks", "in about a week", "within 3 days", "in the next two hours" is of
// directed.
func (r *reader) inAmount(i int) (phrase, bool) {
	t := r.at(i)
	j := r.skip(i+1, tokThan, tokAbout)
	l, end, ok := r.amountOf(j)
	if !ok && t.class == tokWithin && r.is(j, tokThe) {
		l, end, ok = r.theUnit(j + 1)
	}
	if !ok || r.is(end, tokAgo, tokLater, tokBefore) || r.at(end-2).class == tokDirection {
		return phrase{}, false
	}
	if t.class == tokIn && r.at(end-1).class == tokPeriod && r.at(end-1).glued && r.at(end-1).value == decade {
		return phrase{}, false
	}
	if r.is(end, tokSince, tokAfter, tokFrom) {
		return r.away(l, end)
	}
	if t.class == tokIn {
		if r.at(i).word == "during" {
			return phrase{}, false
		}
		p := r.from(l, 1, end)
		if l.loose {
			p.score = 0.75
		}
		return p, true
	}
	p := phrase{kind: DateTimeRange, from: r.now, to: l.after(r.now, 1), end: end, score: 0.9}
	if l.seconds == 0 {
		p.kind, p.from, p.to = DateRange, midnight(r.now), l.after(midnight(r.now), 1)
		p.due = p.to
	}
	return p, true
}

// theUnit reads a unit after "within the", which is one from now: "within the hour".
func (r *reader) theUnit(i int) (l length, end int, ok bool) {
	u := r.at(i)
	return lengthOf(u.value, 1), i + 1, u.class == tokPeriod && singular(u.word) && r.uncounted(i+1)
}

// lastingAll reads "all day", "the whole week".
func (r *reader) lastingAll(i int) (phrase, bool) {
	u := r.at(i + 1)
	if u.class != tokPeriod || !singular(u.word) {
		return phrase{}, false
	}
	return phrase{kind: Duration, length: lengthOf(u.value, 1), end: i + 2, score: 0.7}, u.value >= day
}
