package diagnosis

import (
	"testing"
	"time"
)

func TestClock(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	tests := []struct{ date, state, detail string }{
		{"Sun, 01 Mar 2026 10:00:04 GMT", well, "that of the server says the same"},
		{"Sun, 01 Mar 2026 10:01:00 GMT", failed, "the clock here is 1m0s behind that of the server"},
		{"Sun, 01 Mar 2026 09:59:00 GMT", failed, "the clock here is 1m0s ahead of that of the server"},
		{"", unknown, "the answer says no time"},
	}
	for _, tt := range tests {
		if got := clock(tt.date, now); got.State != tt.state || got.Detail != tt.detail || (got.Fix == "") == (tt.state == failed) {
			t.Errorf("clock(%q) = %+v, want %s: %s", tt.date, got, tt.state, tt.detail)
		}
	}
}
