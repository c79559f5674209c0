package input

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/turnwise/turnwise/internal/rfc3339"
)

// A Time is a point in time in UTC, to the millisecond, as the service stores it.
// The zero Time is none.
type Time struct{ time.Time }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (m *Time) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	text, given, err := scalar(dec, errTime)
	if err != nil || !given {
		return err
	}
	m.Time, err = ParseTime(text)
	return err
}

const errTime BadValue = "must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z"

// ParseTime reads RFC 3339 with up to nine digits of a second's fraction, and to
// the millisecond.
func ParseTime(s string) (time.Time, error) {
	t, err := rfc3339.Parse(s)
	if err != nil {
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
