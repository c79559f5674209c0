package moments

import (
	"strings"
	"time"
)

// dayPart reads a day and, if there is one, the part of it: "tomorrow morning",
// "tonight", "Friday".
func (r *reader) dayPart(i int) (p phrase, end int, ok bool) {
	if t := r.at(i); t.class == tokTonight {
		p = partOn(midnight(r.now), night, i+1)
		return p, p.end, true
	}
	p, ok = r.date(i)
	if !ok {
		return p, i, false
	}
	if p.kind == Date {
		if part, end, ok := r.partOf(r.skipMark(p.end, ',')); ok {
			if w := r.at(end); p.cycle == week && w.class == tokDirection && r.unit(end+1, week) {
				p.from = r.weekBy(w.value).AddDate(0, 0, weekdayOf(p.from))
				end += 2
			}
			d := partOn(p.from, part, end)
			d.cycle, d.score = p.cycle, max(p.score, 0.9)
			if r.is(end-2, tokEdge) {
				d = shareOfDay(d, r.at(end-2).value)
			}
			return d, end, true
		}
	}
	return p, p.end, true
}

// datetime reads a day with a time, or one of them, in either order.
func (r *reader) datetime(i int) (phrase, bool) {
	if r.is(i, tokNow) {
		return r.rightNow(i)
	}
	if p, _, ok := r.dayPart(i); ok {
		return r.withClock(p), true
	}
	c, ok := r.clockRange(i)
	if !ok {
		if c, ok = r.clockBound(i); !ok {
			if c, ok = r.point(i); ok {
				c = r.orLater(c)
			}
		}
	}
	if !ok {
		return phrase{}, false
	}
	return r.withDay(c)
}

// rightNow reads now, which is more often a filler than a time.
func (r *reader) rightNow(i int) (phrase, bool) {
	p := phrase{kind: DateTime, from: r.now, end: i + 1, score: 0.4}
	if r.at(i-1).word == "right" || r.is(i-1, tokFrom, tokBy, tokUntil) || i > 0 && r.is(i+1, tokMark) && !r.mark(i+1, ',') {
		p.score = 0.7
	}
	if r.has(i, "have", "has", "'ve", "’ve") && r.at(i-1).word != "right" {
		p.score = 0.4 // I've issued it now
	}
	return p, r.at(i+1).word != "that"
}

// has reports whether one of some words, or endings of words, stands shortly before i in its clause.
func (r *reader) has(i int, some ...string) bool {
	for n := i - 1; n > i-7 && n >= 0 && r.at(n).class != tokMark; n-- {
		for _, w := range some {
			if strings.HasSuffix(r.at(n).word, w) {
				return true
			}
		}
	}
	return false
}

// orLater reads "or later" behind a time.
func (r *reader) orLater(c clock) clock {
	if r.is(c.end, tokOr, tokAnd) && (r.is(c.end+1, tokLater, tokAfter) || r.at(c.end+1).word == "earlier") {
		by := class(tokLater)
		if r.at(c.end+1).word == "earlier" {
			by = tokBefore
		}
		c = bounded(c.decided(), by)
		c.end += 2
	}
	return c
}

// withClock adds the time that follows a day.
func (r *reader) withClock(d phrase) phrase {
	if d.kind != Date && d.part == 0 {
		return d
	}
	j := r.skipMark(d.end, ',')
	if p, ok := r.endOfDay(d, j); ok {
		return p
	}
	j = r.skipMark(j, '-')
	j = r.skipMark(j, '(')
	j = r.skip(j, tokOn)
	c, ok := r.clockRange(r.skip(j, tokAt))
	if !ok {
		c, ok = r.clockBound(j)
	}
	if !ok {
		beside := r.is(j, tokAt, tokAbout)
		c, ok = r.point(r.skip(j, tokAt))
		if ok {
			c = r.orLater(c)
		}
		ok = ok && (!c.weak || beside && r.uncounted(c.end) || c.from%3600 != 0 && c.end == j+2)
	}
	if !ok || c.weak && !c.span && !r.uncounted(c.end) {
		return d
	}
	return join(d, r.inZone(c))
}

// endOfDay reads the end of a day that was said: the "end of day" of "Friday, end of day".
func (r *reader) endOfDay(d phrase, i int) (phrase, bool) {
	if d.kind != Date || !r.is(i, tokEnding, tokEdge) {
		return phrase{}, false
	}
	p, ok := r.nested(i, r.edgeOf)
	if !ok || p.kind != DateTime || !p.from.Equal(midnight(r.now).AddDate(0, 0, 1).Add(-time.Second)) {
		return phrase{}, false
	}
	return phrase{kind: DateTime, from: d.to.Add(-time.Second), end: p.end, cycle: d.cycle, score: 0.9}, true
}

// withDay adds the day that follows a time. Without one, a time that is only a
// number has no score: it may be a bound of a range, but is no moment.
func (r *reader) withDay(c clock) (phrase, bool) {
	c = r.inZone(c)
	j := r.skipMark(c.end, ',')
	j = r.skip(j, tokOn, tokOf)
	counts := r.countsThings(c)
	beside := !c.weak || !counts && (j > c.end || r.is(j, tokDayName, tokTonight, tokDirection, tokWeekday))
	if d, _, ok := r.dayPart(j); ok && beside && (d.kind == Date || d.part != 0) {
		return join(d, c), true
	}
	if c.weak {
		c.score = 0
	}
	if counts {
		return phrase{}, false
	}
	return phrase{kind: Time, clock: c, zone: c.zone, end: c.end, score: c.score}, true
}

// inZone adds the zone that stands behind a time.
func (r *reader) inZone(c clock) clock {
	j := r.skipMark(c.end, '(')
	t := r.at(j)
	if t.class != tokZone {
		return c
	}
	open := j > c.end
	if c.zone, c.end = &t.value, j+1; open {
		c.end = r.skipMark(c.end, ')')
	}
	return c
}

// countsThings reports whether a number before a day is none of hours: "bring two on
// Friday", "print 20 on Friday", "bring three tomorrow".
func (r *reader) countsThings(c clock) bool {
	n := r.at(c.end - 1)
	switch {
	case !c.weak:
		return false
	case r.is(c.end, tokOn):
		return n.digits == 0 || n.value > 12 && n.digits < 3
	}
	return n.digits == 0 && r.is(c.end, tokDayName) && r.at(c.end-2).class == tokOther && !isBeforeHour(r.at(c.end-2).word)
}

// isBeforeHour reports whether an hour may follow a word without "at".
func isBeforeHour(word string) bool {
	switch word {
	case "say", "it", "do", "maybe", "make", "me", "you", "them", "be", "there", "here", "meeting", "call", "appointment", "like":
		return true
	}
	return false
}

// join returns a day at a time.
func join(d phrase, c clock) phrase {
	day := midnight(d.from)
	if d.part != 0 && c.part == 0 {
		end := c.end
		c = c.within(d.part)
		c.end = end
	}
	if !c.span {
		c = c.decided()
	}
	at := func(seconds int) time.Time { return day.Add(time.Duration(seconds) * time.Second) }
	p := phrase{kind: DateTime, from: at(c.from), end: max(d.end, c.end), cycle: d.cycle, zone: c.zone, score: max(d.score, c.score)}
	if !c.span {
		p.small = d.part == night && c.from < 5*3600
		return p
	}
	p.kind, p.from = DateTimeRange, time.Time{}
	if c.from >= 0 {
		p.from = at(c.from)
	}
	if c.to >= 0 {
		if p.to = at(c.to); c.from >= 0 && c.to <= c.from {
			p.to = p.to.AddDate(0, 0, 1)
		}
	} else {
		p.due = day.AddDate(0, 0, 1).Add(-time.Second) // Friday after five: in the rest of that day
	}
	return p
}
