package command

import (
	"strconv"
	"strings"
	"time"

	"github.com/turnwise/turnwise/internal/cli/exit"
	"github.com/turnwise/turnwise/internal/rfc3339"
)

// ParseTime returns the time that the value of a flag names, in UTC: RFC 3339,
// a day, or how long before now. It is zero for an empty value.
func ParseTime(flag, value string, now time.Time) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	if at, err := rfc3339.Parse(value); err == nil {
		return at.UTC(), nil
	}
	if at, err := time.Parse(time.DateOnly, value); err == nil {
		return at, nil
	}
	if ago, err := parseDuration(value); err == nil && ago >= 0 {
		return now.Add(-ago).UTC(), nil
	}
	return time.Time{}, exit.Usagef("--%s is %q, want a time such as 2026-03-01T10:00:00Z, a day such as 2026-03-01, or how long ago, such as 24h or 7d", flag, value)
}

// parseDuration reads a duration, which may be in days.
func parseDuration(s string) (time.Duration, error) {
	days, found := strings.CutSuffix(s, "d")
	if !found {
		return time.ParseDuration(s)
	}
	n, err := strconv.ParseUint(days, 10, 16)
	return time.Duration(n) * 24 * time.Hour, err
}
