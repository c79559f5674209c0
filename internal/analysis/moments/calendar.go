package moments

import "time"

// Instants of the grammar are what a clock on the wall shows, kept as UTC.

// midnight returns the beginning of the day.
func midnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// monday returns the beginning of the week.
func monday(t time.Time) time.Time {
	return midnight(t).AddDate(0, 0, -weekdayOf(t))
}

// weekdayOf returns the day of the week, 0 for Monday.
func weekdayOf(t time.Time) int {
	return (int(t.Weekday()) + 6) % 7
}

// begin returns the beginning of the unit that holds t.
func begin(unit int, t time.Time) time.Time {
	y, m, _ := t.Date()
	first := func(y int, m time.Month) time.Time { return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC) }
	switch unit {
	case second, minute, hour:
		return t
	case day:
		return midnight(t)
	case weekend:
		return monday(t).AddDate(0, 0, 5)
	case week, fortnight:
		return monday(t)
	case monthly:
		return first(y, m)
	case quarter:
		return first(y, m-(m-1)%3)
	case year:
		return first(y, 1)
	case decade:
		return first(y-y%10, 1)
	default:
		return first(y-y%100, 1)
	}
}

// A length is an amount of time.
type length struct {
	months, days, seconds int
	loose                 bool // "some days"
	work                  bool // the days are those of business
}

// lengthOf returns n units.
func lengthOf(unit, n int) length {
	switch unit {
	case second:
		return length{seconds: n}
	case minute:
		return length{seconds: 60 * n}
	case hour:
		return length{seconds: 3600 * n}
	case day:
		return length{days: n}
	case weekend:
		return length{days: 2 * n}
	case week:
		return length{days: 7 * n}
	case fortnight:
		return length{days: 14 * n}
	case monthly:
		return length{months: n}
	case quarter:
		return length{months: 3 * n}
	case year:
		return length{months: 12 * n}
	case decade:
		return length{months: 120 * n}
	default:
		return length{months: 1200 * n}
	}
}

// add returns the sum of two lengths.
func (l length) add(m length) length {
	return length{l.months + m.months, l.days + m.days, l.seconds + m.seconds, l.loose || m.loose, l.work || m.work}
}

// total returns the length in seconds, with 30 days to a month and 365 to a
// year.
func (l length) total() int {
	return (l.months/12*365+l.months%12*30+l.days)*86400 + l.seconds
}

// after returns the instant that is n lengths after t. Where a month has no
// such day it is the last that it has.
func (l length) after(t time.Time, n int) time.Time {
	if l.months != 0 {
		d := t.Day()
		t = t.AddDate(0, n*l.months, 0)
		if t.Day() != d {
			t = t.AddDate(0, 0, -t.Day())
		}
	}
	if l.work && l.days < 1000 {
		return workdays(t, n*l.days)
	}
	return t.AddDate(0, 0, n*l.days).Add(time.Duration(n*l.seconds) * time.Second)
}

// dayOf returns a date, and whether there is such a day.
func dayOf(y, m, d int) (time.Time, bool) {
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	return t, m >= 1 && m <= 12 && t.Day() == d && d >= 1
}

// workdays returns the day that is n days of business after t, or before it if
// n is negative.
func workdays(t time.Time, n int) time.Time {
	step := 1
	if n < 0 {
		step = -1
	}
	for n != 0 {
		t = t.AddDate(0, 0, step)
		if weekdayOf(t) < 5 {
			n -= step
		}
	}
	return t
}

// nth returns the nth such weekday of a month; that before the first of the
// next month for n < 1.
func nth(first time.Time, weekday, n int) time.Time {
	if n < 1 {
		first, n = first.AddDate(0, 1, 0), 0
	}
	return first.AddDate(0, 0, (weekday-weekdayOf(first)+7)%7+7*(n-1))
}

// easter returns Easter Sunday, after Gauss in Lichtenberg's form.
func easter(y int) time.Time {
	k := y / 100
	m := 15 + (3*k+3)/4 - (8*k+13)/25
	s := 2 - (3*k+3)/4
	a := y % 19
	d := (19*a + m) % 30
	og := 21 + d - (d/29 + (d/28-d/29)*(a/11))
	sz := 7 - (y+y/4+s)%7
	return time.Date(y, 3, og+7-(og-sz)%7, 0, 0, 0, 0, time.UTC)
}
