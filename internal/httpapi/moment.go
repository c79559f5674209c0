package httpapi

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// A moment is a point in time, in UTC and to the millisecond, which is what
// the service keeps. The zero moment is none.
type moment struct{ time.Time }

// UnmarshalJSONFrom implements [json.UnmarshalerFrom].
func (m *moment) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	token, err := dec.ReadToken()
	if err != nil || token.Kind() == jsontext.KindNull {
		return err
	}
	if token.Kind() != jsontext.KindString {
		return errMoment
	}
	m.Time, err = parseMoment(token.String())
	return err
}

const errMoment badValue = "must be an RFC 3339 date-time, such as 2020-07-21T16:02:19.01Z"

// parseMoment reads RFC 3339 with up to nine digits of a second's fraction.
// [time.Parse] is more liberal: it takes hours of one digit, a comma before the
// fraction and any length of it.
func parseMoment(s string) (time.Time, error) {
	const hour, second = len("2006-01-02T15"), len("2006-01-02T15:04:05")
	t, err := time.Parse(time.RFC3339, s)
	if err != nil || s[hour] != ':' || s[second] == ',' || strings.IndexAny(s[second:], "Z+-") > len(".123456789") {
		return time.Time{}, errMoment
	}
	t = t.UTC().Truncate(time.Millisecond)
	if t.Year() < minYear || t.Year() > maxYear {
		return time.Time{}, badValue(fmt.Sprintf("must be between the years %d and %d", minYear, maxYear))
	}
	return t, nil
}

// wireTime is how times look in answers: UTC, milliseconds, Z. The zero time
// is empty.
func wireTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// seconds is how durations look in answers: with two decimals.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*100) / 100 }
