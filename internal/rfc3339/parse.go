// Package rfc3339 reads times as RFC 3339 has them, which is not what [time.Parse]
// takes.
package rfc3339

import (
	"errors"
	"strings"
	"time"
)

// ErrFormat says that a text is no date-time of RFC 3339.
var ErrFormat = errors.New("not a date-time of RFC 3339")

// Where the parts of a date-time are.
const (
	day    = len("2006-01-02")
	hour   = len("2006-01-02T15")
	minute = len("2006-01-02T15:04")
	second = len("2006-01-02T15:04:05")
)

// Parse reads a date-time with up to nine digits of a second's fraction.
//
// T and Z may be small letters, as the RFC allows. A leap second is the first second
// of the minute after it, and exists at the end of a UTC day only. What [time.Parse]
// takes beside is refused: hours of one digit, a comma before the fraction, a longer
// fraction, and offsets of 24 hours, or of 60 minutes.
func Parse(s string) (time.Time, error) {
	if len(s) <= second || s[hour] != ':' || s[minute] != ':' || s[day] != 'T' && s[day] != 't' {
		return time.Time{}, ErrFormat
	}
	rest := s[second:]
	zone := strings.IndexAny(rest, "Zz+-")
	if zone < 0 || zone > len(".123456789") || rest[0] == ',' || !isZone(rest[zone:]) {
		return time.Time{}, ErrFormat
	}
	text, leap := strings.ToUpper(s), s[minute+1:second] == "60"
	if leap {
		text = text[:minute+1] + "59" + text[second:]
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, ErrFormat
	}
	if leap {
		if utc := t.UTC(); utc.Hour() != 23 || utc.Minute() != 59 {
			return time.Time{}, ErrFormat
		}
		t = t.Add(time.Second)
	}
	return t, nil
}

// isZone reports whether a text is Z, or an offset that exists. That its digits are
// some, [time.Parse] finds out.
func isZone(s string) bool {
	if s == "Z" || s == "z" {
		return true
	}
	return len(s) == len("+00:00") && s[1:3] <= "23" && s[4:] <= "59"
}
