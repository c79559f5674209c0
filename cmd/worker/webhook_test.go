package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/account"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A receiver refuses every event twice, and its breaker does not open. What it accepts in the end is in order
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
	c := newClient(startWorker(t, fmt.Sprint("WEBHOOK_BACKOFF_INITIAL=", initial), "WEBHOOK_BREAKER_FAILURES=1000"))
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

// A dispatcher whose file lacks the account, as after the account was removed,
// before every process has a file with it, or when a try-out is given one,
// sends nothing. One that knows the secret delivers what was held back.
func TestDispatcherWithoutTheAccount(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "turnwise.yaml")
	accounts := fmt.Sprintf("accounts:\n  - id: other\n    token_hashes: [%q]\n", account.HashToken("tw_other"))
	if err := os.WriteFile(file, []byte(accounts), 0o600); err != nil {
		t.Fatal(err)
	}
	hooks := newReceiver(t, healthy) // complains of what is not signed
	shared := []string{"REDIS_URL=" + redistest.Server(t).URL(), "WEBHOOK_BACKOFF_INITIAL=100ms", "WEBHOOK_BACKOFF_MAX=200ms"}
	c := newClient(startWorker(t, slices.Concat(shared, []string{"ROLES=api,worker"})...))
	r := c.append("", "Signed or not at all.", hooks.url)
	c.finish(r.JobID)

	stranger := startWorker(t, slices.Concat(shared, []string{"ROLES=dispatcher", "CONFIG=" + file, "TOKEN="})...)
	await(t, "attempts are held back", func() bool { return stranger.metric("turnwise_webhook_withheld_total") >= 3 })
	if got := hooks.all(); len(got) != 0 {
		t.Errorf("the receiver got %+v, want nothing", got)
	}
	if n := strings.Count(stranger.log.String(), "webhooks held back"); n != 1 {
		t.Errorf("it was logged %d times, want once", n)
	}
	var told struct{ Attempts []struct{ Error string } }
	c.get("/v1/job/"+r.JobID+"/attempts", &told)
	if len(told.Attempts) == 0 || !strings.Contains(told.Attempts[0].Error, "does not know the account's secret") {
		t.Errorf("the attempts are %+v, want why nothing was sent", told.Attempts)
	}
	startWorker(t, slices.Concat(shared, []string{"ROLES=dispatcher"})...)
	hooks.checkLives(t, jobs.Completed, r)
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

// Every event is refused once, one of two dispatchers is killed in the middle, and events
// that have arrived are sent again meanwhile: the events of a job arrive in order, each
// under one id, and none is missing.
func TestDispatcherIsKilledAmongRetries(t *testing.T) {
	t.Parallel()

	const conversations, each = 60, 5
	hooks := newReceiver(t, func(attempt int) int {
		if attempt == 1 {
			return http.StatusServiceUnavailable
		}
		return http.StatusNoContent
	})
	shared := []string{
		"REDIS_URL=" + redistest.Server(t).URL(), "WEBHOOK_BACKOFF_INITIAL=300ms", "WEBHOOK_BACKOFF_MAX=300ms", "WEBHOOK_BREAKER_FAILURES=10000",
	}
	c := newClient(startWorker(t, slices.Concat(shared, []string{"ROLES=api,worker"})...))
	doomed := startWorker(t, slices.Concat(shared, []string{"ROLES=dispatcher"})...)
	startWorker(t, slices.Concat(shared, []string{"ROLES=dispatcher"})...)
	var all []receipt
	for range conversations {
		conversation := ""
		for n := range each {
			r := c.append(conversation, fmt.Sprintf("Number %d.", n), hooks.url)
			conversation = r.ConversationID
			all = append(all, r)
		}
	}
	await(t, "webhooks arrive", func() bool { return len(hooks.all()) > conversations*each })
	doomed.kill()
	again := c.resendSome(hooks.all(), conversations)
	checkTimes(t, hooks.checkLives(t, jobs.Completed, all...))
	await(t, "what was sent again arrives", func() bool { return len(replayed(hooks.all())) >= again })

	type place struct {
		job      string
		sequence int64
	}
	ids, last := map[place]string{}, map[string]int64{}
	for _, d := range hooks.all() {
		at := place{d.JobID, d.Sequence}
		id, known := ids[at]
		if known && id != d.eventID {
			t.Errorf("event %d of job %s came as %s and as %s", d.Sequence, d.JobID, id, d.eventID)
		}
		if !known && (d.replay || d.Sequence < last[d.JobID]) { // what the killed one had not settled comes again, from its first event on
			t.Errorf("event %d of job %s was sent after %d", d.Sequence, d.JobID, last[d.JobID])
		}
		ids[at], last[d.JobID] = d.eventID, d.Sequence
	}
}

// resendSome has events sent again that were accepted, so many at most, and returns how
// many will be. One that the killed dispatcher had not settled is still being tried.
func (c *client) resendSome(arrived []delivery, most int) (sent int) {
	c.t.Helper()
	for _, d := range arrived {
		if d.code != http.StatusNoContent || sent == most {
			continue
		}
		a, err := c.send(c.t.Context(), http.MethodPost, "/v1/webhooks/deliveries/"+d.eventID+"/resend", "")
		switch {
		case err != nil || a.status != http.StatusOK && a.status != http.StatusConflict:
			c.t.Fatalf("resend of %s: %+v, %v", d.eventID, a, err)
		case a.status == http.StatusOK:
			sent++
		}
	}
	if sent == 0 {
		c.t.Errorf("none of %d arrivals could be sent again", len(arrived))
	}
	return sent
}

// replayed returns the ids of what was sent again and accepted.
func replayed(arrived []delivery) (ids []string) {
	for _, d := range arrived {
		if d.replay && d.code == http.StatusNoContent {
			ids = append(ids, d.eventID)
		}
	}
	return ids
}
