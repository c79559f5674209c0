package retryafter

import (
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		name, value string
		want        time.Duration
	}{
		{"none", "", 0},
		{"seconds", "120", 2 * time.Minute},
		{"blanks around", " 120 ", 2 * time.Minute},
		{"zero", "0", 0},
		{"a day", "86400", 24 * time.Hour},
		{"longer than a day", "86401", 24 * time.Hour},
		{"more than an int64 of nanoseconds", "10000000000", 24 * time.Hour},
		{"more than a uint64", "100000000000000000000", 24 * time.Hour},
		{"negative", "-5", 0},
		{"signed", "+5", 0},
		{"a fraction", "1.2", 2 * time.Second},
		{"less than one", "0.001", time.Second},
		{"a fraction of nothing", "120.000", 2 * time.Minute},
		{"a point at the end", "120.", 2 * time.Minute},
		{"a point at the beginning", ".5", 0},
		{"a fraction over a day", "86400.1", 24 * time.Hour},
		{"largest uint64 and a fraction", "18446744073709551615.5", 24 * time.Hour},
		{"two points", "1.2.3", 0},
		{"an exponent", "1e3", 0},
		{"a unit", "120s", 0},
		{"garbage", "soon", 0},
		{"other digits", "１２０", 0},
		{"date", "Sun, 01 Mar 2026 12:01:30 GMT", 90 * time.Second},
		{"date in the old form", "Sunday, 01-Mar-26 12:01:30 GMT", 90 * time.Second},
		{"date in the past", "Sun, 01 Mar 2026 11:00:00 GMT", 0},
		{"date far off", "Fri, 31 Dec 9999 23:59:59 GMT", 24 * time.Hour},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			if got := Parse(tt.value, now, 24*time.Hour); got != tt.want {
				t.Errorf("Parse(%q) = %s, want %s", tt.value, got, tt.want)
			}
		})
	}
}
