package moments

import "cmp"

// clockRange reads a range of the day: "from 4 to 5 pm", "between 3 and 4",
// 10-12, "from 10 am for 2 hours".
func (r *reader) clockRange(i int) (clock, bool) {
	between := r.is(i, tokBetween)
	bounded := between || r.is(i, tokFrom)
	j := i
	if bounded {
		j++
	}
	j = r.skip(j, tokThe)
	a, ok := r.point(j)
	if !ok {
		return clock{}, false
	}
	if r.is(a.end, tokFor) && r.is(i, tokFrom) || r.is(a.end, tokFor) && !a.weak {
		if l, end, ok := r.amountOf(a.end + 1); ok && l.seconds > 0 {
			a = a.decided()
			return clock{from: a.from, to: (a.from + l.seconds) % 86400, span: true, end: end, score: 0.85}, true
		}
	}
	a = r.inZone(a)
	k, ok := r.joined(a.end, between)
	if !ok {
		return clock{}, false
	}
	b, ok := r.point(r.skip(k, tokAt))
	if !ok || !r.uncounted(b.end) && b.weak {
		return clock{}, false
	}
	c := combine(a, r.inZone(b))
	c.weak = a.weak && b.weak && b.part == 0 && (!bounded || !r.uncounted(b.end))
	return c, true
}

// combine returns the range between two clocks. Each may say for the other
// whether it is after noon.
func combine(a, b clock) clock {
	c := clock{span: true, end: b.end, part: b.part, zone: cmp.Or(b.zone, a.zone), score: max(a.score, b.score)}
	switch {
	case a.vague && b.vague:
		if a.from >= 3600 && a.from < 7*3600 {
			a.from, b.from = a.from+noon, b.from%noon+noon
		}
	case a.vague:
		if b.from >= noon && a.from%noon+noon <= b.from {
			a.from = a.from%noon + noon
		}
	case b.vague:
		if b.from < a.from && b.from+noon > a.from && b.from < noon {
			b.from += noon
		}
	}
	if b.vague && b.from < a.from && b.from < noon {
		b.from += noon
	}
	c.from, c.to, c.vague = a.from, b.from%86400, a.vague && b.vague
	return c
}

// clockBound reads a range of the day with one bound: "before 3pm", "after 5".
func (r *reader) clockBound(i int) (clock, bool) {
	t, j := r.at(i), i+1
	if t.class == tokAt && r.at(j).class == tokThan { // at least, at most: no time
		return clock{}, false
	}
	switch t.class {
	case tokBefore, tokAfter, tokSince, tokUntil, tokBy, tokStarting:
		j = r.skip(j, tokAbout, tokFrom)
	default:
		return clock{}, false
	}
	c, ok := r.point(j)
	if !ok {
		if p, end, ok := r.partOf(j); ok && (t.class == tokBefore || t.class == tokAfter || t.class == tokUntil || t.class == tokBy) {
			return partBound(t.class, p, end), true
		}
		return clock{}, false
	}
	if c.weak && !r.uncounted(c.end) {
		return clock{}, false
	}
	c = c.decided()
	c.span = true
	c.weak = c.weak && t.class != tokBy && t.class != tokUntil && t.class != tokBefore
	return r.butBefore(bounded(c, t.class)), true
}

// butBefore adds the other end of a range that has one: "after 3 pm but before 6 pm".
func (r *reader) butBefore(c clock) clock {
	if w := r.at(c.end).word; c.to >= 0 || w != "but" && w != "and" || !r.is(c.end+1, tokBefore) {
		return c
	}
	if b, ok := r.point(c.end + 2); ok && !b.weak {
		if b = b.decided(); b.from > c.from {
			c.to, c.end = b.from, b.end
		}
	}
	return c
}

// bounded opens one end of a clock.
func bounded(c clock, by class) clock {
	c.span = true
	if by == tokAfter || by == tokSince || by == tokStarting || by == tokLater {
		c.to, c.later = -1, by == tokAfter || by == tokLater
		return c
	}
	c.from, c.to = -1, c.from
	return c
}

// partBound returns what is before or after a part of the day.
func partBound(by class, p, end int) clock {
	start, stop := hours(p)
	c := clock{from: start, end: end, score: 0.7}
	if p == lunchtime && by != tokAfter {
		c.part = p
	}
	if by == tokAfter {
		c.from = stop
	}
	return bounded(c, by)
}
