package moments

import (
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Finder finds moments.
type Finder struct {
	words   vocabulary
	tenses  tenses
	readers sync.Pool // of *reader
}

// New returns a Finder.
func New() *Finder {
	f := &Finder{words: newVocabulary(), tenses: readTenses()}
	f.readers.New = func() any { return &reader{none: token{class: tokMark, value: '\n'}} }
	return f
}

// Find returns the moments in a text that was split into all, as they are meant
// at ref where clocks are ahead of UTC by that many minutes. It appends to to.
func (f *Finder) Find(to []Moment, text string, all []words.Word, ref time.Time, ahead int) []Moment {
	zone := time.Duration(ahead) * time.Minute
	r := f.readers.Get().(*reader)
	defer f.readers.Put(r)
	r.now = ref.UTC().Add(zone).Truncate(time.Second)
	r.tenses = f.tenses
	r.tokens = f.words.lex(r.tokens[:0], text, all)
	for i := 0; i < len(r.tokens); {
		p, ok := r.moment(i)
		if !ok {
			i++
			continue
		}
		p = r.inTense(p, i)
		m := p.moment(r.now)
		if beyond(p.from) || beyond(p.to) || beyond(m.Due) {
			i = p.end
			continue
		}
		m.Start, m.End = r.tokens[i].start, r.tokens[p.end-1].end
		if !m.Due.IsZero() {
			m.Due = m.Due.Add(-zone)
			if p.zone != nil {
				m.Due = m.Due.Add(zone - time.Duration(*p.zone)*time.Minute) // "3 pm EST" is as late everywhere
			}
		}
		to = append(to, m)
		i = p.end
	}
	return to
}

// beyond reports whether a time is too far away to be written, with a year of
// four digits ("in 9000 years").
func beyond(t time.Time) bool { return t.Year() < 1 || t.Year() > 9998 } // with a day to spare for zones

// moment reads the longest phrase that is a moment on its own.
func (r *reader) moment(i int) (phrase, bool) {
	if _, ok := r.spoken(i); ok && (r.is(i, tokArticle) || r.at(i).word == "mid") { // a quarter past three
		return r.clockMoment(r.point(i))
	}
	switch t := r.at(i); t.class {
	case tokLater, tokEdge:
		if r.is(i+1, tokThan) || t.word == "beginning" && r.is(i+1, tokOn, tokFrom) {
			return r.bounds(i)
		}
	case tokOther:
		return r.overLunch(i)
	case tokFiller, tokMark, tokOn, tokOf, tokAnd, tokOr, tokTo, tokAgo, tokMeridiem, tokOclock, tokScale:
		return phrase{}, false
	case tokEvery, tokOften, tokWeekdays, tokOnce:
		return r.recurrence(i)
	case tokWithin:
		return r.inAmount(i)
	case tokIn:
		return r.inside(i)
	case tokAt, tokAbout:
		return r.atTime(i)
	case tokFor:
		return r.forAmount(i)
	case tokAll:
		return r.lastingAll(i)
	case tokBefore, tokAfter, tokSince, tokUntil, tokBy, tokStarting, tokFrom, tokBetween:
		if p, ok := r.bounds(i); ok {
			return p, true
		}
		if t.class == tokFrom || t.class == tokBetween {
			return phrase{}, false
		}
		return r.clockMoment(r.clockBound(i))
	case tokWeekday:
		if p, ok := r.recurrence(i); ok {
			return p, true
		}
	case tokArticle, tokHalf, tokAmount, tokThan:
		if p, ok := r.counted(i); ok {
			return p, true
		}
	case tokNumber:
		return r.numbered(i)
	default:
	}
	return r.extended(r.datetime(i))
}

// overLunch reads that, which is the only part of a day that "over" stands before.
func (r *reader) overLunch(i int) (phrase, bool) {
	if c := r.at(i + 1); r.at(i).word == "over" && c.class == tokPart && c.value == lunchtime {
		return r.partAlone(i)
	}
	return phrase{}, false
}

// numbered reads what begins with a number.
func (r *reader) numbered(i int) (phrase, bool) {
	if _, ok := r.spoken(i); ok {
		return r.clockMoment(r.point(i))
	}
	if p, _, ok := r.dayPart(i); ok {
		return r.extended(r.withClock(p), true)
	}
	if p, ok := r.counted(i); ok {
		return p, true
	}
	return r.extended(r.datetime(i))
}

// standalone passes on a phrase that is a moment on its own.
func (r *reader) standalone(p phrase, ok bool) (phrase, bool) {
	return p, ok && p.score > 0
}

// clockMoment returns a clock as a moment, on its day if one follows.
func (r *reader) clockMoment(c clock, ok bool) (phrase, bool) {
	if !ok {
		return phrase{}, false
	}
	return r.standalone(r.withDay(c))
}

// extended adds what may follow a moment: the end of a range, "or later", "each
// day".
func (r *reader) extended(p phrase, ok bool) (phrase, bool) {
	if !ok || p.score == 0 {
		return phrase{}, false
	}
	if q, ok := r.upTo(p, false); ok {
		return q, true
	}
	if p.kind == Time && r.is(p.end, tokEvery, tokOften) {
		if q, ok := r.recurrence(p.end); ok {
			return q, true
		}
	}
	return r.orBeyond(p), true
}

// inside reads what begins with "in": "in two weeks", "in the morning", "in the course of next week".
func (r *reader) inside(i int) (phrase, bool) {
	if r.is(i+1, tokThe) && r.at(i+2).word == "course" && r.is(i+3, tokOf) {
		if p, ok := r.inner(i + 4); ok {
			return p, true
		}
		if r.is(i+4, tokThe) && r.unit(i+5, day) {
			end := midnight(r.now).AddDate(0, 0, 1)
			return phrase{kind: DateTimeRange, from: r.now, to: end.Add(-time.Second), end: i + 6, score: 0.8}, true
		}
	}
	if p, ok := r.inAmount(i); ok {
		return r.withClock(p), true // in two weeks at 5 pm
	}
	if c, ok := r.partThenPoint(i); ok {
		return r.standalone(r.withDay(c))
	}
	return r.partAlone(i)
}

// partAlone reads a part of no day: "in the morning", "at night".
func (r *reader) partAlone(i int) (phrase, bool) {
	p, end, ok := r.partOf(i)
	if !ok || p == dinnertime || end == i+1 {
		return phrase{}, false
	}
	from, to := hours(p)
	c := clock{from: from, to: to, span: true, part: p, end: end, score: 0.75}
	j := r.skip(end, tokOf, tokOn)
	if d, _, ok := r.dayPart(j); ok && d.kind == Date {
		return join(d, c), true
	}
	return phrase{kind: Time, clock: c, end: end, score: c.score}, true
}

// atTime reads what begins with "at", "around": "at 7", "at noon".
func (r *reader) atTime(i int) (phrase, bool) {
	j := r.skip(i+1, tokAbout)
	if c, ok := r.clockRange(j); ok && !c.weak {
		return r.standalone(r.withDay(c))
	}
	c, ok := r.point(j)
	if !ok {
		if p, ok := r.partAlone(i); ok && r.is(i, tokAt) {
			return p, ok
		}
		return phrase{}, false
	}
	if c.weak && (!r.uncounted(c.end) || c.from == 0 || r.is(c.end, tokOr, tokTo)) {
		return phrase{}, false
	}
	c = r.orLater(c)
	c.weak = false
	return r.withDay(c)
}

// forAmount reads an amount that begins at a time: "for 2 hours from 2pm".
func (r *reader) forAmount(i int) (phrase, bool) {
	l, end, ok := r.amountOf(i + 1)
	if !ok || !r.is(end, tokFrom, tokStarting) {
		return phrase{}, false
	}
	if l.seconds == 0 {
		d, ok := r.date(r.skip(end+1, tokFrom, tokOn))
		return during(d.from, l.after(d.from, 1), d.end, d.cycle, 0.9), ok && d.kind == Date
	}
	c, ok := r.point(r.skip(end+1, tokAt))
	if !ok {
		return phrase{}, false
	}
	c = c.decided()
	c.to, c.span, c.weak, c.score = (c.from+l.seconds)%86400, true, false, 0.85
	return r.withDay(c)
}
