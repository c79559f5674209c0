package moments

// recurrence reads what happens again and again: "every Monday at 4pm", daily,
// "twice a week", "Friday mornings".
func (r *reader) recurrence(i int) (phrase, bool) {
	end, score := 0, 0.85
	switch t := r.at(i); t.class {
	case tokEvery:
		end = r.eachOf(i + 1)
	case tokOften:
		end = i + 1
		if r.is(end, tokOther) { // a weekly report
			score = 0.6
		}
	case tokWeekdays:
		end = i + 1
		if r.is(end, tokPart) {
			end++
		}
	case tokOnce:
		if r.is(i+1, tokArticle, tokEvery) || r.at(i+1).word == "per" {
			if _, after, ok := r.unitAt(i + 2); ok {
				end = after
			}
		}
	case tokWeekday:
		if p := r.at(i + 1); p.class == tokPart && !singular(p.word) {
			end = i + 2
		}
	default:
	}
	if end == 0 {
		return phrase{}, false
	}
	return phrase{kind: Recurrence, end: r.atTimes(end), score: score}, true
}

// eachOf returns the token after what follows "every", 0 if that is no time.
func (r *reader) eachOf(i int) int {
	j := i
	if t := r.at(j); t.word == "other" || t.class == tokNumber {
		j++
	}
	j = r.skip(j, tokDayKind)
	switch t := r.at(j); t.class {
	case tokPeriod, tokWeekday, tokWeekdays, tokMonth, tokPart, tokSeason:
		if j > i && r.at(j-1).ordinal && t.class == tokPeriod && t.value > day {
			return 0
		}
		j++
	default:
		return 0
	}
	for n := 0; n < 7 && (r.is(j, tokAnd, tokOr) || r.mark(j, ',')) && r.is(j+1, tokWeekday); n++ {
		j += 2
	}
	return r.skip(j, tokPart)
}

// atTimes returns the token after the time of day that follows.
func (r *reader) atTimes(i int) int {
	j := r.skip(i, tokAt)
	if c, ok := r.clockRange(j); ok && !c.weak {
		return c.end
	}
	if c, ok := r.point(j); ok && (!c.weak || j > i && r.uncounted(c.end)) {
		return c.end
	}
	if _, end, ok := r.partOf(i); ok {
		return end
	}
	return i
}
