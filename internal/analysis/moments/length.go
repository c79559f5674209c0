package moments

// amountOf reads an amount of time: "3 days", "an hour and a half", "a couple
// of weeks", "2 years 1 month".
func (r *reader) amountOf(i int) (l length, end int, ok bool) {
	l, end, ok = r.oneAmount(i)
	for range 3 {
		if !ok {
			break
		}
		j := r.skip(end, tokAnd)
		if j == end {
			j = r.skipMark(end, ',')
		}
		more, after, again := r.oneAmount(j)
		if !again || r.at(j).class == tokArticle || r.is(after, tokAgo, tokFrom, tokLater) && j > end {
			break
		}
		l, end = l.add(more), after
	}
	return l, end, ok
}

// unitAt reads a unit of time.
func (r *reader) unitAt(i int) (unit, end int, ok bool) {
	i = r.skipMark(i, '-')
	if r.at(i).word == "more" {
		i++ // in two more weeks
	}
	i = r.skip(i, tokDayKind)
	turned := r.is(i, tokDirection) // the 2 next days
	i = r.skip(i, tokDirection)
	switch t := r.at(i); {
	case turned && singular(t.word), r.mark(i+1, '-') && r.at(i+2).word == "old":
	case t.class == tokPeriod && r.at(i+1).class != tokLabel:
		return t.value, i + 1, true
	case t.word == "second":
		return second, i + 1, true
	case t.word == "night" && r.at(i-1).class == tokNumber:
		return day, i + 1, true
	}
	return 0, 0, false
}

// oneAmount reads a number and its unit.
func (r *reader) oneAmount(i int) (l length, end int, ok bool) {
	if l, end, ok = r.quarters(i); ok {
		return l, end, true
	}
	t := r.at(i)
	switch t.class {
	case tokNumber:
		return r.numberedAmount(i)
	case tokHalf:
		unit, end, ok := r.unitAt(r.skip(i+1, tokArticle))
		return fraction(unit, 1, 2), end, ok
	case tokArticle, tokAmount:
		return r.looseAmount(i)
	default:
	}
	return length{}, 0, false
}

// quarters reads "a quarter of an hour", "three quarters of an hour".
func (r *reader) quarters(i int) (l length, end int, ok bool) {
	n := 1
	if t := r.at(i); t.class == tokNumber && !t.ordinal && t.value > 0 && t.value < 4 {
		n, i = t.value, i+1
	} else {
		i = r.skip(i, tokArticle)
	}
	if t := r.at(i); t.word != "quarter" && t.word != "quarters" {
		return l, 0, false
	}
	i = r.skip(i+1, tokOf)
	if !r.is(i, tokArticle) || !r.unit(i+1, hour) {
		return l, 0, false
	}
	return length{seconds: n * 900}, i + 2, true
}

// looseAmount reads "a week", "half an hour", "a few days", "a couple of
// weeks".
func (r *reader) looseAmount(i int) (l length, end int, ok bool) {
	n, j, loose := r.at(i).value, i+1, false
	if t := r.at(i); t.class == tokArticle {
		switch u := r.at(j); u.class {
		case tokAmount:
			n, j, loose = u.value, j+1, true
		case tokHalf:
			unit, end, ok := r.unitAt(j + 1)
			return fraction(unit, 1, 2), end, ok
		default:
		}
	} else {
		loose = true
	}
	j = r.skip(j, tokThan)
	unit, end, ok := r.unitAt(r.skip(j, tokOf))
	if !ok || r.at(i).class == tokArticle && r.at(end-1).word == "second" || loose && singular(r.at(end-1).word) {
		return length{}, 0, false
	}
	if m := r.at(end + 1); !loose && r.is(end, tokOr) && m.counts() && m.value > 1 && m.value < 4 && r.uncounted(end+2) {
		return lengthOf(unit, m.value), end + 2, true // a day or two
	}
	l = lengthOf(unit, n)
	l.loose = loose
	if !loose {
		l, end = r.andHalf(l, unit, end)
	}
	return l, end, true
}

// numberedAmount reads "3 days", "2.5 hours", "one and a half years".
func (r *reader) numberedAmount(i int) (l length, end int, ok bool) {
	t, j := r.at(i), i+1
	if t.ordinal || t.value > 1e5 || t.digits == 4 && t.value >= 1900 && t.value < 2100 {
		return length{}, 0, false
	}
	if t.glued && r.fraction(i-1) {
		return length{}, 0, false
	}
	if k := r.skipGlued(j, "/"); k > j && t.digits == 1 && t.value < 4 && t.value > 0 {
		if n := r.at(k); n.digits == 1 && n.value > t.value && n.value < 5 {
			unit, end, ok := r.unitAt(k + 1)
			return fraction(unit, t.value, n.value), end, ok && unit <= hour // 1/4 hour
		}
	}
	if k := r.skip(r.skipMark(j, '-'), tokTo, tokOr); k == j+1 {
		if n := r.at(k); n.counts() && n.value > t.value && n.value < 100 && !r.is(i-1, tokMark) {
			if _, _, ok := r.unitAt(k + 1); ok && r.at(k+1).class == tokPeriod {
				t, j = n, k+1 // 2-3 days, two or three weeks: at the latest
			}
		}
	}
	tenths := 0
	if d := r.at(j); d.class == tokMark && d.value == '.' && d.glued && r.at(j+1).class == tokNumber && r.at(j+1).glued {
		tenths = r.at(j + 1).value
		for range r.at(j+1).digits - 1 {
			tenths /= 10
		}
		j += 2
	}
	halved := false
	if r.is(j, tokAnd) && r.is(j+1, tokArticle) && r.is(j+2, tokHalf) {
		halved, j = true, j+3
	} else if r.is(j, tokHalf) {
		halved, j = true, j+1
	}
	n := t.value
	if s := r.at(j); s.class == tokScale && t.digits == 0 && t.value < 100 {
		n, j = n*s.value, j+1
	}
	unit, end, ok := r.unitAt(j)
	if !ok || unit == decade && r.at(end-1).glued || r.is(end, tokLabel) {
		return length{}, 0, false
	}
	l = lengthOf(unit, n)
	l.work = unit == day && r.at(end-2).class == tokDayKind && r.at(end-2).value == 1
	if halved {
		return l.add(fraction(unit, 1, 2)), end, true
	}
	if tenths > 0 {
		return l.add(fraction(unit, tenths, 10)), end, true
	}
	l, end = r.andHalf(l, unit, end)
	return l, end, true
}

// andHalf adds what follows the unit: "an hour and a half", "a year and a
// quarter".
func (r *reader) andHalf(l length, unit, end int) (length, int) {
	if !r.is(end, tokAnd) {
		return l, end
	}
	j := r.skip(end+1, tokArticle)
	switch t := r.at(j); {
	case t.class == tokHalf && !r.is(j+1, tokArticle, tokPeriod):
		return l.add(fraction(unit, 1, 2)), j + 1
	case t.word == "quarter" && j > end+1:
		return l.add(fraction(unit, 1, 4)), j + 1
	}
	return l, end
}

// fraction returns n parts of a unit that has so many.
func fraction(unit, n, parts int) length {
	l := lengthOf(unit, n)
	if l.months > 0 && l.months%parts == 0 {
		return length{months: l.months / parts}
	}
	seconds := lengthOf(unit, 1).total() * n / parts
	if seconds%86400 == 0 {
		return length{days: seconds / 86400}
	}
	return length{seconds: seconds}
}
