package webhooks

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// How often jobs are posted that strain nobody, and for how long.
const (
	calmEvery = 50 * time.Millisecond
	calmFor   = time.Minute
)

// calm measures how long after the change of a status its event comes.
func (s *scene) calm(ctx context.Context) ([]Figure, error) {
	r, err := newReceiver(ctx, 1, taken)
	if err != nil {
		return nil, err
	}
	defer r.close()
	came, lost, err := s.traffic(ctx, r, calmEvery, s.lasting(calmFor), func(int) string { return r.urls[0] })
	all := delays(came, "")
	figures := []Figure{
		count("events, of 20 jobs a second", len(all)),
		millis("from the change to the receiver, p50", all, 0.5).most(3),
		millis("from the change to the receiver, p99", all, 0.99).most(30),
	}
	for _, status := range []string{"scheduled", "in_progress", "completed"} {
		figures = append(figures, millis("of these "+status+", p50", delays(came, status), 0.5))
	}
	return append(figures, count("lost, doubled or out of order", lost).most(0)), err
}

// traffic posts jobs so often for so long, and returns what came of them, and how many
// events did not come as they should.
func (s *scene) traffic(ctx context.Context, r *receiver, every, during time.Duration, hook func(n int) string) (came []arrival, lost int, err error) {
	r.seen()
	posts, err := s.stream(ctx, every, during, hook)
	if err == nil {
		err = r.wait(ctx, eventsEach*posts)
	}
	came, wrong := r.seen()
	return came, wrong + abs(eventsEach*posts-len(delays(came, ""))), err
}

func abs(n int) int { return max(n, -n) }

// Of so many jobs the first event of one is refused once. That is less than half of all
// attempts, so the endpoint stays closed.
const (
	refusedOf   = 5
	refusePath  = "refuse"
	refuseAfter = time.Second // which it asks for, more than the wait of the schedule
)

// retries measures when what was refused with Retry-After: 1 comes again, beside traffic
// that is taken.
func (s *scene) retries(ctx context.Context) ([]Figure, error) {
	r, err := newReceiver(ctx, 1, func(a arrival) (status, seconds int) {
		if strings.HasSuffix(a.path, refusePath) && a.sequence == 1 && a.nth == 1 {
			return http.StatusInternalServerError, int(refuseAfter / time.Second)
		}
		return http.StatusNoContent, 0
	})
	if err != nil {
		return nil, err
	}
	defer r.close()
	_, lost, err := s.traffic(ctx, r, calmEvery, s.lasting(calmFor), func(n int) string {
		if n%refusedOf == 0 {
			return r.urls[0] + refusePath
		}
		return r.urls[0]
	})
	slices.Sort(r.retries)
	return []Figure{
		count("events refused once, with Retry-After: 1", len(r.retries)),
		millis("from the refusal to the retry, least", r.retries, 0).least(999), // due times are whole milliseconds
		millis("from the refusal to the retry, p50", r.retries, 0.5),
		millis("from the refusal to the retry, p99", r.retries, 0.99).most(1300),
		count("lost, doubled or out of order", lost).most(0),
	}, err
}
