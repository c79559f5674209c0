package moments

// A clock is a time of the day or a range of it.
type clock struct {
	from, to int  // seconds from midnight, -1 for an open bound; to is used in ranges only
	span     bool // it is a range
	vague    bool // from may be 12 hours later
	weak     bool // a number that is a time only if what stands around says so
	later    bool // an open bound is the rest of the day: "after five"
	part     int  // of the day, 0 for none said
	zone     *int // as that of a phrase
	end      int
	score    float64
}

const noon = 12 * 3600

// decided decides what a vague clock means: from 1 to 6 is after noon.
func (c clock) decided() clock {
	if c.vague && c.from >= 3600 && c.from < 7*3600 {
		c.from += noon
	}
	c.vague = false
	return c
}

// within returns the clock as it is meant in a part of the day.
func (c clock) within(p int) clock {
	late := p == afternoon || p == evening || p == dinnertime || p == night
	for _, t := range []*int{&c.from, &c.to} {
		if late && c.vague && *t >= 0 && *t < noon && (p != night || *t >= 5*3600) {
			*t += noon
		}
	}
	if p == night && c.from == noon && c.vague {
		c.from = 0
	}
	if p == evening && c.from == noon && c.vague {
		c.from = 24 * 3600 // this evening at 12
	}
	c.vague, c.part, c.weak = false, p, false
	return c
}

// hours returns when a part of the day begins and ends.
func hours(p int) (from, to int) {
	switch p {
	case morning:
		return 8 * 3600, noon
	case afternoon:
		return noon, 16 * 3600
	case evening, dinnertime:
		return 16 * 3600, 20 * 3600
	case night:
		return 20 * 3600, 24*3600 - 1
	case lunchtime:
		return 11 * 3600, 13 * 3600
	default:
		return 8 * 3600, 18 * 3600
	}
}

// point reads a time of the day.
func (r *reader) point(i int) (clock, bool) {
	i = r.skip(i, tokAbout)
	c, ok := r.spoken(i)
	if !ok {
		c, ok = r.written(i)
	}
	if !ok {
		return r.partThenPoint(i)
	}
	if j := r.skip(c.end, tokOclock); j > c.end {
		c.end, c.weak, c.score = j, false, 0.9
	}
	if r.is(c.end, tokIn) && r.is(c.end+1, tokThe) && r.is(c.end+2, tokMeridiem) && c.vague {
		c.end += 2 // 3 in the am
	}
	if t := r.at(c.end); t.class == tokMeridiem || t.class == tokArticle && t.glued && c.vague {
		c = c.half(t.value)
		c.end = r.afterHalf(c.end)
		return c, true
	}
	bare := c.weak && r.is(c.end, tokPart, tokEdge) // two morning sessions
	if p, end, ok := r.partOf(c.end); ok && c.vague && !bare {
		c = c.within(p)
		c.end, c.score = end, 0.9
	}
	return c, true
}

// afterHalf returns the token after am or p.m., with the last dot of that.
func (r *reader) afterHalf(i int) int {
	if t := r.at(i); t.end-t.start == len("p.m") {
		return r.skipMark(i+1, '.')
	}
	return i + 1
}

// half returns the clock before or after noon.
func (c clock) half(meridiem int) clock {
	switch {
	case meridiem == ampm:
		c.weak = false
		return c
	case meridiem == pm && c.from < noon:
		c.from += noon
	case meridiem == am && c.from >= noon && c.from < noon+3600:
		c.from -= noon
	}
	c.vague, c.weak, c.score = false, false, 0.95
	return c
}

// partThenPoint reads "in the morning at 7".
func (r *reader) partThenPoint(i int) (clock, bool) {
	p, end, ok := r.partOf(i)
	if !ok || !r.is(end, tokAt, tokNumber) {
		return clock{}, false
	}
	c, ok := r.written(r.skip(end, tokAt))
	if !ok || c.weak && !r.uncounted(c.end) {
		return clock{}, false
	}
	end, c = c.end, c.within(p)
	if r.is(end, tokMeridiem) {
		end = r.afterHalf(end)
	}
	c.end, c.score = end, 0.9
	return c, true
}

// partOf reads a part of the day: "in the early morning", "at night".
func (r *reader) partOf(i int) (p, end int, ok bool) {
	if r.is(i, tokEdge) && r.is(i+1, tokIn) && r.at(i).value != middle {
		i++ // early in the morning
	}
	if r.at(i).word == "over" {
		i++
	}
	i = r.skip(i, tokIn, tokAt, tokOn)
	i = r.skip(i, tokThe)
	i = r.skip(i, tokEdge)
	if t := r.at(i); t.class == tokPart && t.word != "eve" {
		end = i + 1
		if r.mark(end, '-') && r.at(end+1).word == "time" {
			end += 2
		}
		return t.value, end, true
	}
	return 0, i, false
}

// spoken reads noon, "half past seven", "quarter to five", "20 min past eight".
func (r *reader) spoken(i int) (clock, bool) {
	t := r.at(i)
	if t.class == tokHourName {
		return clock{from: t.value * 3600, end: i + 1, score: 0.9}, true
	}
	if t.word == "mid" && r.at(i+1).word == "day" {
		return clock{from: noon, end: i + 2, score: 0.9}, true
	}
	if t.word == "mid" && r.at(i+1).word == "night" {
		return clock{end: i + 2, score: 0.9}, true
	}
	minutes, j := 0, r.skip(i, tokArticle)
	switch t = r.at(j); {
	case t.class == tokHalf:
		minutes, j = 30, j+1
	case t.word == "quarter":
		minutes, j = 15, j+1
	case t.class == tokNumber && !t.ordinal && t.value < 60 && t.value > 0:
		minutes, j = t.value, j+1
		j = r.skipUnit(j, minute)
	default:
		return clock{}, false
	}
	sign := 1
	switch t = r.at(j); {
	case minutes == 30 && j == i+1 && (i == 0 && len(r.tokens) < 4 || r.is(i-1, tokAt, tokBy, tokBefore, tokUntil, tokAbout)) && t.counts() && t.digits == 0 && t.value > 0 && t.value <= 12 && r.uncounted(j+1):
		j-- // half five
	case t.word == "past":
	case t.word == "after" && (minutes == 15 || minutes%5 == 0 && r.is(j+2, tokMeridiem)):
	case t.word == "to" && minutes != 30 && (minutes == 15 || r.at(j-1).class == tokPeriod || r.at(j+1).class == tokHourName && minutes%5 == 0):
		sign = -1
	default:
		return clock{}, false
	}
	c, ok := r.written(j + 1)
	if h := r.at(j + 1); h.class == tokHourName && h.value > 0 {
		c, ok = clock{from: h.value * 3600, end: j + 2}, true
	}
	if !ok || c.from%3600 != 0 || c.from == 0 {
		return clock{}, false
	}
	c.from += sign * minutes * 60
	c.weak, c.score = false, 0.9
	return c, true
}

// written reads a time that is a number or two: 7, 7:30, 7.30, 0730,
// 19:30:05, "seven thirty".
func (r *reader) written(i int) (clock, bool) {
	t := r.at(i)
	if !t.counts() || t.digits > 4 || t.glued && r.fraction(i-1) {
		return clock{}, false
	}
	if t.digits >= 3 {
		return r.military(i)
	}
	if t.value > 24 {
		return clock{}, false
	}
	c := clock{from: t.value * 3600, vague: t.value >= 1 && t.value <= 12, weak: true, end: i + 1, score: 0.55}
	if t.digits == 2 && t.value < 10 {
		c.vague = false // 07:30
	}
	switch n := r.at(i + 2); {
	case r.is(i-1, tokAt) && r.at(i+1).digits == 2 && !r.at(i+1).glued && r.at(i+1).value < 60 && t.digits > 0 && r.uncounted(i+2): // at 3 15
		c.from, c.end = c.from+r.at(i+1).value*60, i+2
	case r.isHour(i):
		c.vague, c.weak, c.score, c.end = false, false, 0.85, i+2
	case t.digits == 0:
		c = r.spelledMinutes(c)
	case r.skipGlued(i+1, ":.") > i+1 && n.digits == 2 && n.value < 60:
		c.from, c.end = c.from+n.value*60, i+3
		if r.mark(i+1, ':') {
			c.weak, c.score = false, 0.85
		}
		if s := r.at(i + 4); r.skipGlued(i+3, ":") > i+3 && s.digits == 2 && s.value < 60 {
			c.from, c.end = c.from+s.value, i+5
		}
	case r.at(i+1).glued && r.is(i+1, tokMark) && n.glued && n.class == tokNumber && !r.mark(i+1, '-'):
		return clock{}, false // a fraction, a ratio
	}
	return c, c.from <= 24*3600
}

// isHour reports whether the number at i is an hour with the sign of one, behind a word or a day
// that tells it from an amount: "at 15h", "Thursday 8h".
func (r *reader) isHour(i int) bool {
	u := r.at(i + 1)
	return u.class == tokPeriod && u.value == hour && u.glued && u.end-u.start == 1 && r.at(i).digits > 0 &&
		(r.is(i-1, tokAt, tokUntil, tokBy, tokBefore, tokWeekday, tokDayName) || r.mark(i-1, ',') && r.is(i-2, tokNumber) || r.is(i-1, tokNumber) && r.at(i-1).digits == 4 || r.mark(i-1, '-') && r.is(i-2, tokNumber))
}

// spelledMinutes adds the minutes that are said in words: thirty in "five
// thirty".
func (r *reader) spelledMinutes(c clock) clock {
	j := r.skipGlued(c.end, "-")
	m := r.at(j)
	if !m.counts() || m.digits > 0 || m.value < 10 || m.value >= 60 {
		return c
	}
	c.from, c.end = c.from+m.value*60, r.skipUnit(j+1, minute)
	return c
}

// military reads a time without a mark: 0730, 1140. A number that may be a year
// is one, unless am or pm follows.
func (r *reader) military(i int) (clock, bool) {
	t := r.at(i)
	h, m := t.value/100, t.value%100
	if t.digits != 4 || h > 24 || m > 59 || modern(t.value) && !r.is(i+1, tokMeridiem) {
		return clock{}, false
	}
	if r.skipGlued(i+1, ":.,/") > i+1 {
		return clock{}, false
	}
	return clock{from: h*3600 + m*60, vague: h >= 1 && h <= 12, weak: true, end: i + 1, score: 0.55}, true
}

// fraction reports whether the mark at i stands inside a number.
func (r *reader) fraction(i int) bool {
	return r.at(i).glued && r.at(i).marks(".,/:") && r.is(i-1, tokNumber)
}
