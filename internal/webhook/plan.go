package webhook

import (
	"net/http"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A Policy says how long an event is tried.
type Policy struct {
	Backoff    lane.Backoff  // between attempts
	MaxElapsed time.Duration // since the first attempt
}

// Settle turns the result of an event's nth attempt, at now, into what becomes
// of the event. since is when it was first attempted; zero if that was now.
//
// The wait before another attempt is the backoff, or what the receiver asked
// for if that is longer, but never more than a day on its account. An event is
// dead when an attempt fails MaxElapsed or more after its first. The last one
// is made then, or as much later as the receiver asked for, and not sooner
// after the one before than the shortest backoff. What a receiver that is overloaded
// asks for holds its whole endpoint.
func (p Policy) Settle(r Result, attempt int, since, now time.Time) Settlement {
	s := Settlement{Outcome: r.Outcome, Attempt: r.Attempt, Class: r.Class, Health: healthOf(r)}
	if s.Outcome == Retry {
		if since.IsZero() {
			since = now
		}
		left := since.Add(p.MaxElapsed).Sub(now)
		wait := min(p.Backoff.Delay(attempt), max(left, p.Backoff.Initial))
		s.Delay = max(wait, min(r.RetryAfter, maxRetryAfter))
		if left <= 0 {
			s.Outcome, s.Delay = Dead, 0
		}
	}
	if code := r.Attempt.Code; r.RetryAfter > 0 && (code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable) {
		s.Hold = s.Delay
	}
	s.Attempt.Outcome = s.Outcome
	return s
}
