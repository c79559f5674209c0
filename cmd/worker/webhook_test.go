package main

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A receiver refuses every event twice. What it accepts in the end is in order
// all the same.
func TestReceiverInTrouble(t *testing.T) {
	t.Parallel()

	const conversations, each, refusals = 5, 4, 2
	const initial = 200 * time.Millisecond
	hooks := newReceiver(t, func(attempt int) int {
		if attempt <= refusals {
			return http.StatusServiceUnavailable
		}
		return http.StatusNoContent
	})
	c := newClient(startWorker(t, fmt.Sprint("WEBHOOK_BACKOFF_INITIAL=", initial)))
	var all []receipt
	for range conversations {
		conversation := ""
		for i := range each {
			r := c.append(conversation, fmt.Sprintf("Number %d.", i), hooks.url)
			conversation = r.ConversationID
			all = append(all, r)
		}
	}
	checkTimes(t, hooks.checkLives(t, jobs.Completed, all...))
	checkAttempts(t, hooks.all(), initial)
}

// checkAttempts checks that an event's attempts kept the distance of the
// backoff, and that no event was attempted before the one in front of it, in
// the same job, was accepted.
func checkAttempts(t *testing.T, attempts []delivery, initial time.Duration) {
	t.Helper()
	const late = 3 * time.Second // than due; more than a busy machine accounts for
	last := map[string]delivery{}
	accepted := map[string]int64{} // last sequence by job
	for _, d := range attempts {
		if d.Sequence != accepted[d.JobID]+1 {
			t.Errorf("%s was attempted when %d was the last that job %s had got through", d.eventID, accepted[d.JobID], d.JobID)
		}
		if d.code == http.StatusNoContent {
			accepted[d.JobID] = d.Sequence
		}
		if before, again := last[d.eventID]; again {
			delay := initial << (before.attempt - 1)
			if gap := d.at.Sub(before.at); gap < delay*8/10 || gap > delay*12/10+late {
				t.Errorf("attempt %d at %s came %v after the one before, want about %v", d.attempt, d.eventID, gap, delay)
			}
		}
		last[d.eventID] = d
	}
}
