package edge

import (
	"math"
	"time"
)

// FormatTime formats a time for answers: UTC, milliseconds, Z. The zero time
// is empty.
func FormatTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000Z")
}

// Seconds converts a duration for answers: seconds with two decimals.
func Seconds(d time.Duration) float64 { return math.Round(d.Seconds()*100) / 100 }
