package webhook

import (
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

func TestPolicySettle(t *testing.T) {
	t.Parallel()

	const day = 24 * time.Hour
	policy := Policy{Backoff: lane.Backoff{Initial: 5 * time.Second, Max: 6 * time.Hour}, MaxElapsed: 3 * day}
	tests := []struct {
		name       string
		outcome    Outcome
		retryAfter time.Duration
		attempt    int
		elapsed    time.Duration // since the first attempt; negative if this is the first
		want       Outcome
		from, to   time.Duration // of the delay
	}{
		{"delivered", Delivered, 0, 1, -1, Delivered, 0, 0},
		{"delivered in the end", Delivered, 0, 20, 4 * day, Delivered, 0, 0},
		{"dead", Dead, 0, 1, -1, Dead, 0, 0},
		{"first failure", Retry, 0, 1, -1, Retry, 4 * time.Second, 6 * time.Second},
		{"second", Retry, 0, 2, 5 * time.Second, Retry, 8 * time.Second, 12 * time.Second},
		{"tenth", Retry, 0, 10, time.Hour, Retry, 2048 * time.Second, 3072 * time.Second},
		{"hundredth", Retry, 0, 100, day, Retry, 6 * time.Hour * 4 / 5, 6 * time.Hour},
		{"asked for less than the backoff", Retry, time.Second, 1, -1, Retry, 4 * time.Second, 6 * time.Second},
		{"asked for more", Retry, time.Minute, 1, -1, Retry, time.Minute, time.Minute},
		{"asked for more than a day", Retry, 30 * day, 1, -1, Retry, day, day},
		{"asked for what fits", Retry, day, 5, 2 * day, Retry, day, day},
		{"asked for more than fits", Retry, day, 5, 2*day + time.Hour, Retry, day, day},
		{"last try at the end", Retry, 0, 25, 3*day - time.Hour, Retry, time.Hour, time.Hour},
		{"last try as late as asked for", Retry, 2 * time.Hour, 25, 3*day - time.Hour, Retry, 2 * time.Hour, 2 * time.Hour},
		{"last try not at once", Retry, 0, 25, 3*day - time.Millisecond, Retry, 5 * time.Second, 5 * time.Second},
		{"time is over", Retry, 0, 30, 3 * day, Dead, 0, 0},
		{"time was over while it was waited for", Retry, day, 30, 4 * day, Dead, 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			now := time.Now()
			since := now.Add(-tt.elapsed)
			if tt.elapsed < 0 {
				since = time.Time{}
			}
			s := policy.Settle(Result{Outcome: tt.outcome, RetryAfter: tt.retryAfter, Attempt: Attempt{Code: 7}}, tt.attempt, since, now)
			if s.Outcome != tt.want || s.Delay < tt.from || s.Delay > tt.to {
				t.Errorf("got %s after %s, want %s after %s to %s", s.Outcome, s.Delay, tt.want, tt.from, tt.to)
			}
			if s.Attempt.Outcome != tt.want || s.Attempt.Code != 7 {
				t.Errorf("got record %+v, want the outcome and the rest as it was", s.Attempt)
			}
		})
	}
}

// Whatever is asked for, an event has a second attempt, and there is an end.
func TestPolicyHasALastTry(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name                string
		maxElapsed, asked   time.Duration
		least, most         int           // attempts
		lastFrom, lastUntil time.Duration // of the last attempt, since the first
	}{
		{"asked for more than there is", time.Minute, 90 * time.Second, 2, 2, 90 * time.Second, 90 * time.Second},
		{"asked for a day", time.Minute, 24 * time.Hour, 2, 2, 24 * time.Hour, 24 * time.Hour},
		{"asked for nothing", time.Minute, 0, 5, 6, time.Minute, 66 * time.Second},
		{"less than the first wait", time.Millisecond, 0, 2, 2, 4 * time.Second, 6 * time.Second},
		{"the defaults", 72 * time.Hour, 0, 24, 27, 72 * time.Hour, 72*time.Hour + 6*time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			policy := Policy{Backoff: lane.Backoff{Initial: 5 * time.Second, Max: 6 * time.Hour}, MaxElapsed: tt.maxElapsed}
			first := time.Now()
			now, since := first, time.Time{}
			for attempt := 1; ; attempt++ {
				s := policy.Settle(Result{Outcome: Retry, RetryAfter: tt.asked}, attempt, since, now)
				if s.Outcome == Dead {
					if last := now.Sub(first); attempt < tt.least || attempt > tt.most || last < tt.lastFrom || last > tt.lastUntil {
						t.Errorf("dead after %d attempts, the last after %s; want %d to %d, the last after %s to %s",
							attempt, last, tt.least, tt.most, tt.lastFrom, tt.lastUntil)
					}
					return
				}
				now, since = now.Add(s.Delay), first
			}
		})
	}
}
