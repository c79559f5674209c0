package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/webhook"
)

// A delivery is an attempt at a webhook as it arrived.
type delivery struct {
	webhook.Payload

	eventID string
	attempt int // of this event: 1, 2, 3 …
	at      time.Time
	code    int // what it was answered
	replay  bool
}

func (d delivery) occurred(t *testing.T) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, d.OccurredAt)
	if err != nil {
		t.Error(err)
	}
	return at
}

// A receiver takes webhooks and checks their signatures with the library that
// the standard offers.
type receiver struct {
	url string

	mu       sync.Mutex
	attempts map[string]int // by event
	got      []delivery     // in the order of arrival
}

// newReceiver returns a receiver that answers the nth attempt at each event
// with what the function says.
func newReceiver(t *testing.T, code func(attempt int) int) *receiver {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(testSecret)
	if err != nil {
		t.Fatal(err)
	}
	r := &receiver{attempts: map[string]int{}}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		d := delivery{eventID: req.Header.Get("Webhook-Id"), at: time.Now(), replay: req.Header.Get("Webhook-Replay") == "true"}
		content, err := io.ReadAll(req.Body)
		if err != nil {
			return // the sender was killed
		}
		if err := verifier.Verify(content, req.Header); err != nil {
			t.Errorf("webhook %s: %v", d.eventID, err)
		}
		if err := json.Unmarshal(content, &d.Payload); err != nil {
			t.Errorf("webhook %s: %v", d.eventID, err)
		}
		if want := fmt.Sprintf("%s_%d_%.4x", d.JobID, d.Sequence, sha256.Sum256(content)); d.eventID != want {
			t.Errorf("the id of %s is %q, want %q", content, d.eventID, want)
		}
		w.WriteHeader(r.take(d, code))
	}))
	t.Cleanup(srv.Close)
	r.url = srv.URL + "/hook"
	return r
}

func healthy(int) int { return http.StatusNoContent }

func (r *receiver) take(d delivery, code func(int) int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.attempts[d.eventID]++
	d.attempt = r.attempts[d.eventID]
	d.code = code(d.attempt)
	r.got = append(r.got, d)
	return d.code
}

// all returns every attempt so far, in the order of arrival.
func (r *receiver) all() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.got)
}

// heard returns what was accepted so far, less what a receiver drops that
// keeps to the one rule: whatever is not above the last sequence of its job.
func (r *receiver) heard() []delivery {
	last := map[string]int64{}
	return slices.DeleteFunc(r.all(), func(d delivery) bool {
		if d.code/100 != 2 || d.Sequence <= last[d.JobID] {
			return true
		}
		last[d.JobID] = d.Sequence
		return false
	})
}

// checkLives waits until the jobs have ended, and checks of each that its
// events were heard in order, all of them, and that the given status was the
// last. It returns everything that was heard.
func (r *receiver) checkLives(t *testing.T, last jobs.Status, receipts ...receipt) []delivery {
	t.Helper()
	want := []jobs.Status{jobs.Scheduled, jobs.InProgress, last}
	heard, byJob := r.heard(), map[string][]delivery{}
	await(t, "every job's last webhook is accepted", func() bool {
		heard = r.heard()
		clear(byJob)
		for _, d := range heard {
			byJob[d.JobID] = append(byJob[d.JobID], d)
		}
		return !slices.ContainsFunc(receipts, func(job receipt) bool {
			events := byJob[job.JobID]
			return len(events) == 0 || !jobs.Status(events[len(events)-1].Status).Final()
		})
	})
	for _, job := range receipts {
		events := byJob[job.JobID]
		if len(events) != len(want) {
			t.Errorf("job %s had %d webhooks, want %v: %+v", job.JobID, len(events), want, events)
			continue
		}
		for i, d := range events {
			if d.Status != string(want[i]) || d.Sequence != int64(i+1) || d.ID != job.JobID || d.ConversationID != job.ConversationID {
				t.Errorf("webhook %d of job %s is %s %+v, want %v", i+1, job.JobID, d.eventID, d.Payload, want)
			}
		}
	}
	return heard
}

// checkTurns checks that no receiver could see two jobs of one conversation in
// progress, events taken as they arrived.
func checkTurns(t *testing.T, heard []delivery) {
	t.Helper()
	running, overlaps, first := map[string]string{}, 0, "" // running is a job by conversation
	for _, d := range heard {
		switch other := running[d.ConversationID]; {
		case d.Status == string(jobs.InProgress) && other != "":
			overlaps++
			first = cmp.Or(first, d.JobID+" beside "+other)
		case d.Status == string(jobs.InProgress):
			running[d.ConversationID] = d.JobID
		case jobs.Status(d.Status).Final() && other == d.JobID:
			delete(running, d.ConversationID)
		}
	}
	if overlaps > 0 {
		t.Errorf("%d jobs were told to be in progress beside another one, the first %s", overlaps, first)
	}
}

// checkTimes checks that the jobs of a conversation did not overlap by the
// times that their webhooks tell.
func checkTimes(t *testing.T, heard []delivery) {
	t.Helper()
	type span struct{ from, to time.Time }
	spans := map[string]map[string]span{} // by conversation, by job
	for _, d := range heard {
		c := spans[d.ConversationID]
		if c == nil {
			c = map[string]span{}
			spans[d.ConversationID] = c
		}
		s := c[d.JobID]
		switch {
		case d.Status == string(jobs.InProgress):
			s.from = d.occurred(t)
		case jobs.Status(d.Status).Final():
			s.to = d.occurred(t)
		}
		c[d.JobID] = s
	}
	for conversation, c := range spans {
		ordered := make([]span, 0, len(c))
		for _, s := range c {
			ordered = append(ordered, s)
		}
		slices.SortFunc(ordered, func(a, b span) int { return cmp.Or(a.from.Compare(b.from), a.to.Compare(b.to)) })
		for i := 1; i < len(ordered); i++ {
			if ordered[i].from.Before(ordered[i-1].to) {
				t.Errorf("conversation %s: a job began at %v, before another ended at %v", conversation, ordered[i].from, ordered[i-1].to)
			}
		}
	}
}
