package stamp

import (
	"strconv"
	"strings"
	"time"
)

// A Value is a time as a program wrote it: exactly, or as a person would.
type Value struct {
	at    time.Time
	zoned bool
	exact bool
	raw   Raw
}

// layouts are the forms of times that mean the same everywhere.
var layouts = [...]struct { //nolint:gochecknoglobals // a table of words, which nothing changes
	layout string
	zoned  bool
}{
	{time.RFC3339Nano, true},
	{"2006-01-02 15:04:05.999999999Z07:00", true},
	{"2006-01-02 15:04:05.999999999 Z07:00", true},
	{"2006-01-02 15:04:05.999999999 -0700", true},
	{"2006-01-02 15:04:05.999999999 -0700 MST", true},
	{"2006-01-02T15:04:05.999999999Z0700", true},
	{"2006-01-02 15:04:05 UTC", true},
	{"2006-01-02T15:04:05.999999999", false},
	{"2006-01-02 15:04:05.999999999", false},
	{"2006-01-02T15:04", false},
	{"2006-01-02 15:04", false},
	{"2006-01-02", false},
	{"2006/01/02 15:04:05.999999999", false},
	{time.RFC1123Z, true},
	{time.RFC1123, true},
	{"Mon, 2 Jan 2006 15:04:05 -0700", true},
	{time.RFC850, true},
	{time.ANSIC, false},
	{"Jan 2, 2006 3:04:05 PM", false},
	{"Jan 2, 2006 3:04 PM", false},
	{"Jan 2, 2006, 3:04 PM", false},
	{"January 2, 2006 3:04 PM", false},
	{"2 Jan 2006 15:04:05", false},
	{"2 Jan 2006 15:04", false},
	{"02-Jan-2006 15:04:05", false},
}

// earliest is the first time that a bare number is taken for: 1990, in seconds.
const earliest = 631152000

// ReadValue reads a time in any of the usual forms: those of standards, a number
// of seconds, milliseconds or microseconds since 1970, and what [Scan] reads.
func ReadValue(s string) (Value, bool) {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case IsMark(r):
			return -1
		case r == '\u00a0' || r == '\u202f':
			return ' '
		}
		return r
	}, s))
	if s == "" || len(s) > 64 {
		return Value{}, false
	}
	if at, ok := unix(s); ok {
		return Value{at: at, zoned: true, exact: true}, true
	}
	for _, l := range layouts {
		if at, err := time.Parse(l.layout, s); err == nil && at.Year() > 1900 {
			return Value{at: at, zoned: l.zoned, exact: true}, true
		}
	}
	raw, rest, ok := Scan(s)
	if !ok || rest != "" {
		return Value{}, false
	}
	return Value{raw: raw}, true
}

func unix(s string) (time.Time, bool) {
	seconds, fraction, _ := strings.Cut(s, ".")
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || n < earliest {
		return time.Time{}, false
	}
	switch {
	case n < 1e11:
		ms, _ := strconv.ParseInt((fraction + "000")[:3], 10, 64)
		return time.Unix(n, ms*int64(time.Millisecond)).UTC(), true
	case n < 1e14:
		return time.UnixMilli(n).UTC(), true
	case n < 1e17:
		return time.UnixMicro(n).UTC(), true
	}
	return time.Time{}, false
}

// See shows the value to d, unless its order is plain.
func (v Value) See(d *Decider) {
	if !v.exact {
		d.See(v.raw)
	}
}

// Zoned reports whether the value says its zone.
func (v Value) Zoned() bool { return v.zoned }

// Exact reports whether the order of its numbers is plain.
func (v Value) Exact() bool { return v.exact }

// Time returns the time, with order and zone where the value has none.
func (v Value) Time(order Order, zone *time.Location) (time.Time, error) {
	if !v.exact {
		return v.raw.Time(order, zone)
	}
	if v.zoned {
		return v.at, nil
	}
	y, mo, d := v.at.Date()
	return time.Date(y, mo, d, v.at.Hour(), v.at.Minute(), v.at.Second(), v.at.Nanosecond(), zone), nil
}
