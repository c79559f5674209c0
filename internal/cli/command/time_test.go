package command

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, time.March, 10, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		value string
		want  string // empty if it is refused
	}{
		{"2026-03-01T10:00:00.25+01:00", "2026-03-01T09:00:00.25Z"},
		{"2026-03-01", "2026-03-01T00:00:00Z"},
		{"90m", "2026-03-10T10:30:00Z"},
		{"7d", "2026-03-03T12:00:00Z"},
		{"0s", "2026-03-10T12:00:00Z"},
		{"-1h", ""},
		{"-1d", ""},
		{"d", ""},
		{"01.03.2026", ""},
		{"yesterday", ""},
	}
	for _, tt := range tests {
		t.Run(tt.value, func(t *testing.T) {
			t.Parallel()

			at, err := ParseTime("since", tt.value, now)
			if (err == nil) != (tt.want != "") || err == nil && at.Format(time.RFC3339Nano) != tt.want {
				t.Errorf("ParseTime(%q) = %v, %v; want %q", tt.value, at, err, tt.want)
			}
		})
	}
}
