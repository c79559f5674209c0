package moments

import (
	"strconv"
	"time"
)

// moment returns what a phrase says, in the words of the API. Its Due is still
// what a clock on the wall shows.
func (p phrase) moment(now time.Time) Moment {
	m := Moment{Type: p.kind, Score: p.score}
	if p.small && p.from.Before(now) {
		p.from = p.from.AddDate(0, 0, 1)
	}
	switch p.kind {
	case Date:
		m.Value, m.Due = p.from.Format(time.DateOnly), p.from
	case DateTime:
		m.Value, m.Due = p.from.Format(time.DateTime), p.from
	case DateRange:
		m.From, m.To = format(p.from, time.DateOnly), format(p.to, time.DateOnly)
		m.Due = p.to
		if !p.from.IsZero() && !p.to.IsZero() {
			if m.Due = p.to.AddDate(0, 0, -1); p.point.Equal(p.to) {
				m.Due = p.to.Add(-time.Second) // the end of the month
			}
		} else if p.last {
			m.Due = p.to.Add(-time.Second)
		}
		if p.from.IsZero() && p.cycle == week && p.to.Equal(midnight(now)) {
			m.Due = p.to.AddDate(0, 0, 7) // by today's weekday: who means today says so
		}
	case DateTimeRange:
		m.From, m.To = format(p.from, time.DateTime), format(p.to, time.DateTime)
		if m.Due = p.to; m.Due.Equal(midnight(p.to)) && p.from.Before(p.to) {
			m.Due = p.to.Add(-time.Second) // the day that ends then, not the next one
		}
	case Time:
		p.clock.fill(&m, now)
	case Duration:
		m.Value = strconv.Itoa(p.length.total())
	case TimeRange, Recurrence: // the one is a Time here that has a range, the other says nothing
	}
	if !p.due.IsZero() {
		m.Due = p.due
	}
	if m.Due.Before(midnight(now)) {
		m.Due = time.Time{} // nothing is due before it was said
	}
	return m
}

// fill sets what a clock says.
func (c clock) fill(m *Moment, now time.Time) {
	at := func(seconds int) time.Time {
		return midnight(now).Add(time.Duration(seconds) * time.Second)
	}
	due := 0
	if !c.span {
		if c.isSoon(now) {
			c.from, c.vague = c.from+noon, false
		}
		c = c.decided()
		m.Value, due = at(c.from).Format(time.TimeOnly), c.from
	} else {
		m.Type, due = TimeRange, c.to
		if c.from >= 0 {
			m.From = at(c.from).Format(time.TimeOnly)
		}
		if c.to >= 0 {
			m.To = at(c.to).Format(time.TimeOnly)
		}
	}
	if due < 0 && c.later {
		due = 24*3600 - 1 // after five: in the rest of the day
	}
	if due < 0 {
		return
	}
	if c.part == lunchtime && c.span && c.from < 0 {
		_, due = hours(lunchtime) // by lunch: when that is over
	}
	if due == 0 && c.span && c.from < 0 {
		due = 24*3600 - 1 // by midnight: the day that ends then
	}
	morningBegan := c.part == morning && c.span && !now.Before(at(c.from)) // "in the morning" is that of the next day
	if m.Due = at(due); m.Due.Before(now) || morningBegan {
		m.Due = m.Due.AddDate(0, 0, 1)
	}
}

// soon is how far away a time may be that is meant rather than one in half a day.
const soon = 3 * 3600

// isSoon reports whether a vague time is over but soon comes again after noon: "ten"
// of who speaks at a quarter to ten in the evening.
func (c clock) isSoon(now time.Time) bool {
	passed := int(now.Sub(midnight(now)) / time.Second)
	return c.vague && c.from < passed && c.from < noon && c.from+noon >= passed && c.from+noon <= passed+soon
}

// format returns a bound, empty if there is none.
func format(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(layout)
}
