package lane_test

import (
	"math"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

const year = 365 * 24 * time.Hour

// TestDelay draws each delay many times: all draws must lie within the bounds,
// and spread over most of the room between them.
func TestDelay(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name      string
		backoff   lane.Backoff
		attempts  int
		low, high time.Duration
	}{
		{"after the first attempt", lane.Backoff{Initial: time.Second, Max: time.Minute}, 1, 800 * time.Millisecond, 1200 * time.Millisecond},
		{"twice as long after the second", lane.Backoff{Initial: time.Second, Max: time.Minute}, 2, 1600 * time.Millisecond, 2400 * time.Millisecond},
		{"and after the third", lane.Backoff{Initial: time.Second, Max: time.Minute}, 3, 3200 * time.Millisecond, 4800 * time.Millisecond},
		{"the last doubling below the maximum", lane.Backoff{Initial: time.Second, Max: time.Minute}, 6, 25600 * time.Millisecond, 38400 * time.Millisecond},
		{"the maximum, jitter included", lane.Backoff{Initial: time.Second, Max: time.Minute}, 7, 48 * time.Second, time.Minute},
		{"a maximum that is a doubling", lane.Backoff{Initial: time.Second, Max: 8 * time.Second}, 4, 6400 * time.Millisecond, 8 * time.Second},
		{"an initial above the maximum", lane.Backoff{Initial: time.Hour, Max: time.Second}, 1, 800 * time.Millisecond, time.Second},
		{"a maximum above the library's", lane.Backoff{Initial: time.Hour, Max: 24 * time.Hour}, 5, 16 * time.Hour * 4 / 5, 16 * time.Hour * 6 / 5},
		{"no end of attempts", lane.Backoff{Initial: time.Nanosecond, Max: time.Minute}, 1000, 48 * time.Second, time.Minute},
		{"as many as there can be", lane.Backoff{Initial: time.Second, Max: time.Minute}, math.MaxInt, 48 * time.Second, time.Minute},
		{"a maximum of two centuries", lane.Backoff{Initial: time.Second, Max: 200 * year}, 1000, 160 * year, 200 * year},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			shortest, longest := time.Duration(math.MaxInt64), time.Duration(0)
			for range 1000 {
				d := tt.backoff.Delay(tt.attempts)
				shortest, longest = min(shortest, d), max(longest, d)
			}
			if shortest < tt.low || longest > tt.high {
				t.Errorf("Delay(%d) went from %v to %v, want it within %v and %v", tt.attempts, shortest, longest, tt.low, tt.high)
			}
			if spread := longest - shortest; spread < (tt.high-tt.low)/4*3 {
				t.Errorf("Delay(%d) went from %v to %v only: the jitter is too small", tt.attempts, shortest, longest)
			}
		})
	}
}

// Whatever the number of attempts, a delay is neither negative nor above the
// maximum, and its range never shrinks.
func TestDelayOfAnyAttempt(t *testing.T) {
	t.Parallel()

	b := lane.Backoff{Initial: 7 * time.Millisecond, Max: 11 * time.Minute}
	floor := time.Duration(0)
	for attempts := 1; attempts <= 1000; attempts++ {
		for range 20 {
			d := b.Delay(attempts)
			if d < floor || d > b.Max {
				t.Fatalf("Delay(%d) = %v, want it within %v and %v", attempts, d, floor, b.Max)
			}
		}
		interval := min(float64(b.Initial)*math.Pow(2, float64(attempts-1)), float64(b.Max)/2)
		floor = time.Duration(interval * 4 / 5)
	}
}
