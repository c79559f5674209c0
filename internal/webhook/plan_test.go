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
		{"last wait that fits", Retry, day, 5, 2 * day, Retry, day, day},
		{"wait that does not", Retry, day, 5, 2*day + time.Second, Dead, 0, 0},
		{"time is over", Retry, 0, 30, 3 * day, Dead, 0, 0},
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
