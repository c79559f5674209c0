package webhook

import (
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
// for if that is longer, but never more than a day on its account. An event
// whose next attempt would be later than MaxElapsed after its first is dead.
func (p Policy) Settle(r Result, attempt int, since, now time.Time) Settlement {
	s := Settlement{Outcome: r.Outcome, Attempt: r.Attempt}
	if s.Outcome == Retry {
		s.Delay = max(p.Backoff.Delay(attempt), min(r.RetryAfter, maxRetryAfter))
		if since.IsZero() {
			since = now
		}
		if now.Add(s.Delay).Sub(since) > p.MaxElapsed {
			s.Outcome, s.Delay = Dead, 0
		}
	}
	s.Attempt.Outcome = s.Outcome
	return s
}
