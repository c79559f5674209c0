package input

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A Time is a point in time in UTC, to the millisecond, as the service stores it.
// The zero Time is none.
type Time struct{ time.Time }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (m *Time) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindString {
		return errTime
	}
	m.Time, err = ParseTime(token.String())
	return err
}

const errTime BadValue = "must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z"

// ParseTime reads RFC 3339 with up to nine digits of a second's fraction.
// [time.Parse] is more liberal: it takes hours of one digit, a comma before the
// fraction and any length of it.
func ParseTime(s string) (time.Time, error) {
	const hour, second = len("2006-01-02T15"), len("2006-01-02T15:04:05")
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[hour] != ':' || s[second] == ',' || strings.IndexAny(s[second:], "Z+-") > len(".123456789") {
		return time.Time{}, errTime
	}
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < minYear || t.Year() > maxYear {
		return time.Time{}, BadValue(fmt.Sprintf("must be between the years %d and %d", minYear, maxYear))
	}
	return t, nil
}

// Pointer returns the time, nil if it is zero.
func (m Time) Pointer() *time.Time {
	if m.IsZero() {
		return nil
	}
	return &m.Time
}
