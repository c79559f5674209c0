package moments

import "time"

// bounds reads a range of dates: "from Monday to Friday", "between May and
// July", or what begins or ends with one: "by Friday", "since June", "after
// tomorrow".
func (r *reader) bounds(i int) (phrase, bool) {
	switch t := r.at(i); t.class {
	case tokLater:
		by := class(tokAfter)
		if b := r.at(i - 1); b.word == "no" || b.word == "not" {
			by = tokUntil
		}
		return r.bound(by, i+1)
	case tokEdge:
		return r.bound(tokStarting, i)
	case tokFrom, tokBetween:
		return r.fromTo(i)
	case tokBefore, tokAfter, tokSince, tokUntil, tokBy, tokStarting:
		return r.bound(t.class, i)
	default:
	}
	return phrase{}, false
}

// fromTo reads both bounds.
func (r *reader) fromTo(i int) (phrase, bool) {
	between := r.is(i, tokBetween)
	if p, ok := r.fewDays(r.skip(i+1, tokThe)); ok {
		return p, true
	}
	if c, ok := r.clockRange(i); ok {
		p, ok := r.withDay(c)
		return p, ok && p.score > 0
	}
	a, ok := r.datetime(r.skip(i+1, tokThe))
	if !ok || r.is(i+1, tokThe) && a.score == 0 {
		if a, ok = r.afterThe(i + 1); !ok {
			return phrase{}, false
		}
	}
	if p, ok := r.upTo(a, between); ok {
		return p, true
	}
	if between || a.score == 0 || a.kind == DateRange && a.cycle != 0 {
		return phrase{}, false
	}
	if (a.kind == Date || a.kind == DateTime) && (r.is(i, tokFrom) && (r.at(a.end).class == tokLater || r.at(a.end).word == "on" && r.uncounted(a.end+1))) {
		return r.openEnd(a, r.skip(a.end, tokLater, tokOn)), true
	}
	return phrase{}, false
}

// upTo reads the second bound of a range.
func (r *reader) upTo(a phrase, between bool) (phrase, bool) {
	if p, ok := r.daysAfter(a, between); ok {
		return p, true
	}
	j, ok := r.joined(a.end, between)
	if !ok {
		return phrase{}, false
	}
	b, ok := r.counted(j)
	if !ok || b.kind == Duration {
		b, ok = r.datetime(j)
	}
	if !ok && r.is(j-1, tokThe) {
		b, ok = r.afterThe(j - 1)
	}
	if !ok && r.at(j).class == tokNumber {
		b, ok = r.dayOfMonth(j)
	}
	if !ok && r.at(j).word == "date" {
		b, ok = onDay(midnight(r.now), j+1, 0, 0.8), true
	}
	if !ok || b.kind == Duration || b.kind == Recurrence || b.score == 0 && b.clock.weak && a.kind != DateTime {
		return phrase{}, false
	}
	return r.between(a, b)
}

// between returns the range between two phrases. What one of them does not say
// (a year, a month, a day) follows from the other.
func (r *reader) between(a, b phrase) (phrase, bool) {
	switch {
	case a.kind == Time && (b.kind == DateTime):
		a = join(onDay(midnight(r.now), a.end, 0, 0.9), a.clock)
	case b.kind == Time && (a.kind == DateTime):
		vague := b.clock.vague
		b = join(onDay(midnight(a.from), b.end, 0, 0.9), b.clock)
		for vague && !b.from.After(a.from) {
			b.from = b.from.Add(noon * time.Second)
		}
		if b.from.Before(a.from) {
			b.from = b.from.AddDate(0, 0, 1)
		}
	case a.kind == Time || b.kind == Time || a.kind == DateTimeRange && a.to.IsZero() || a.from.IsZero() || b.from.IsZero():
		return phrase{}, false
	}
	if a.cycle == year && b.cycle == 0 {
		for n := 0; n < 50 && a.bound().After(b.bound()); n++ {
			a = a.move(-1)
		}
		for n := 0; n < 200 && a.from.Year() < b.from.Year() && !a.move(1).bound().After(b.bound()); n++ {
			a = a.move(1)
		}
	}
	if a.cycle == year && b.cycle == year && a.bound().After(b.bound()) {
		a = a.move(-1)
	}
	for n := 0; n < 8 && b.cycle != 0 && !b.bound().After(a.bound()); n++ {
		b = b.move(1)
	}
	p := phrase{kind: DateRange, from: a.bound(), to: b.bound(), end: b.end, cycle: b.cycle, score: max(a.score, b.score)}
	if p.kind == DateRange && b.kind == Date {
		p.due = p.to // between Monday and Wednesday
	}
	if !r.wholeDays(a) && !midnight(a.from).Equal(a.from) || !r.wholeDays(b) {
		p.kind = DateTimeRange
		if b.kind == DateTimeRange {
			p.to = b.to
		}
		return p, p.to.After(p.from)
	}
	p.from, p.to = midnight(p.from), midnight(p.to)
	return p, p.to.After(p.from)
}

// wholeDays reports whether a phrase may be a bound of a range of days: now is
// today then.
func (r *reader) wholeDays(p phrase) bool {
	return p.dated() || p.from.Equal(r.now)
}

// bound reads the one bound of a range that has no other.
func (r *reader) bound(by class, i int) (phrase, bool) {
	j := r.skip(i+1, tokAbout)
	if by == tokStarting {
		j = r.skip(j, tokFrom, tokOn, tokIn)
	}
	j = r.skip(j, tokOn)
	p, ok := r.datetime(j)
	if !ok || p.kind == Duration || p.kind == Recurrence || p.score == 0 && by != tokBy {
		return phrase{}, false
	}
	if p.kind == Time || p.kind == TimeRange {
		return r.boundTime(by, p)
	}
	if p.kind == DateTimeRange && (p.from.IsZero() || p.to.IsZero()) {
		return phrase{}, false
	}
	if by == tokSince && p.cycle != 0 && p.from.After(r.now) {
		p = p.move(-1)
	}
	return r.limit(by, p), true
}

// boundTime bounds a time of no day.
func (r *reader) boundTime(by class, p phrase) (phrase, bool) {
	if p.clock.span || p.clock.weak && !r.uncounted(p.end) {
		return phrase{}, false
	}
	if p.clock.isSoon(r.now) {
		p.clock.from, p.clock.vague = p.clock.from+noon, false
	}
	p.clock = bounded(p.clock.decided(), by)
	p.clock.end = p.end
	p.clock = r.butBefore(p.clock)
	p.end, p.score = p.clock.end, p.clock.score
	return p, true
}

// limit returns the range before or after a phrase. After a day is from that
// day on, after a longer period from its end.
func (r *reader) limit(by class, p phrase) phrase {
	q := phrase{kind: DateRange, end: p.end, cycle: p.cycle, score: p.score}
	if !p.dated() {
		q.kind = DateTimeRange
	}
	switch by {
	case tokBefore, tokUntil, tokBy:
		q.to = p.bound()
		if p.kind == DateTime && p.from.Equal(midnight(p.from)) && p.from.After(r.now) && p.cycle != 0 {
			q.to = p.from.AddDate(0, 0, 1) // by midnight on the 30th: that with which it ends
		}
		q.last = q.kind == DateRange && !p.point.IsZero() && p.point.Equal(p.to)
		if by != tokUntil && p.kind == DateRange && p.to.After(r.now) && !q.to.After(r.now) {
			q.to, q.last = p.to, true // by this week, before the month is out
		}
	case tokAfter:
		q.from = p.bound()
		if p.kind == DateTime {
			q.due = midnight(p.from).AddDate(0, 0, 1).Add(-time.Second) // after five today
		}
		if p.point.IsZero() && p.kind != Date && !p.to.IsZero() {
			q.from = p.to
		}
	default:
		q.from = p.bound()
	}
	return q
}

// openEnd returns the range that begins with a phrase.
func (r *reader) openEnd(p phrase, end int) phrase {
	p = r.limit(tokSince, p)
	p.end = end
	return p
}

// orBeyond reads "or later", "and after", "onwards" behind a date.
func (r *reader) orBeyond(p phrase) phrase {
	switch {
	case p.kind != Date && p.kind != DateRange && p.kind != DateTime:
	case r.is(p.end, tokLater) && r.at(p.end).word != "hence" && r.at(p.end).word != "later":
		return r.openEnd(p, p.end+1)
	case r.is(p.end, tokOr, tokAnd) && r.is(p.end+1, tokLater, tokAfter) && r.uncounted(p.end+2) && r.at(p.end+2).class == tokMark:
		return r.openEnd(p, p.end+2)
	case r.is(p.end, tokOr, tokAnd) && r.at(p.end+1).word == "earlier":
		end := p.end + 2
		p = r.limit(tokBefore, p)
		p.end = end
	}
	return p
}
