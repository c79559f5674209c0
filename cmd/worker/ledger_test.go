package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
)

// An entry is an append that was accepted.
type entry struct {
	receipt

	text           string
	told           bool // whether it wants webhooks
	sent, answered time.Time
	sequence       int64 // of the job in its conversation; 0 if not looked up
}

// A ledger is what producers know of their appends, by conversation: those
// that were accepted, and the texts of those whose fate they were not told.
type ledger struct {
	mu       sync.Mutex
	accepted map[string][]entry
	unknown  map[string][]string
}

func newLedger() *ledger {
	return &ledger{accepted: map[string][]entry{}, unknown: map[string][]string{}}
}

// begin makes new conversations, with one append to each, and returns their
// ids.
func (l *ledger) begin(c *client, n int, hook string) []string {
	c.t.Helper()
	ids := make([]string, n)
	for i := range ids {
		sent := time.Now()
		r := c.append("", "Begin.", hook)
		l.accept(entry{receipt: r, text: "Begin.", told: hook != "", sent: sent, answered: time.Now()})
		ids[i] = r.ConversationID
	}
	return ids
}

func (l *ledger) accept(e entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accepted[e.ConversationID] = append(l.accepted[e.ConversationID], e)
}

// must sends an append that has to be accepted, by a machine that may be busy.
func (l *ledger) must(c *client, conversation, text, hook string) {
	c.t.Helper()
	if err := l.insist(c.t.Context(), c, conversation, text, hook); err != nil {
		c.t.Errorf("%s: %v", text, err)
	}
}

// insist sends an append under a key of its own, again and again until it is
// accepted, as those do who must know what became of it.
func (l *ledger) insist(ctx context.Context, c *client, conversation, text, hook string) error {
	sent, key := time.Now(), uuid.NewString()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for ; ; <-tick.C {
		a, err := c.submit(ctx, conversation, body(text, hook), "Idempotency-Key", key)
		switch {
		case err != nil:
			return err
		case a.status == http.StatusCreated:
			r, err := a.receipt()
			l.accept(entry{receipt: r, text: text, told: hook != "", sent: sent, answered: time.Now()})
			return err
		case a.header.Get("Retry-After") == "":
			return fmt.Errorf("answered %d without Retry-After: %s", a.status, a.body)
		}
	}
}

// try sends an append and writes down what became of it.
func (l *ledger) try(ctx context.Context, c *client, conversation, text, hook string) (answer, error) {
	sent := time.Now()
	a, err := c.submit(ctx, conversation, body(text, hook))
	if err != nil || a.status != http.StatusCreated {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.unknown[conversation] = append(l.unknown[conversation], text)
		return a, err
	}
	r, err := a.receipt()
	l.accept(entry{receipt: r, text: text, told: hook != "", sent: sent, answered: time.Now()})
	return a, err
}

// told returns the receipts of the jobs that want webhooks.
func (l *ledger) told(conversation string) (all []receipt) {
	for _, e := range l.entries(conversation) {
		if e.told {
			all = append(all, e.receipt)
		}
	}
	return all
}

func (l *ledger) conversations() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.accepted))
}

// entries returns a copy of what was accepted for a conversation.
func (l *ledger) entries(conversation string) []entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.accepted[conversation])
}

// count returns how many appends were accepted.
func (l *ledger) count() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, entries := range l.accepted {
		n += len(entries)
	}
	return n
}

// check waits until the accepted jobs are completed, and checks of each
// conversation that it holds what was accepted, in the order of acceptance,
// nothing lost and nothing twice. That order comes from Redis; without one,
// from a producer that was alone.
func (l *ledger) check(t *testing.T, c *client, rdb redis.UniversalClient) {
	t.Helper()
	for _, conversation := range l.conversations() {
		entries := l.entries(conversation)
		if rdb != nil {
			entries = l.ordered(t, rdb, conversation)
			checkArrival(t, entries)
		}
		want := make([]string, len(entries))
		for i, e := range entries {
			want[i] = e.text
		}
		last := entries[len(entries)-1].JobID
		if j := c.finish(last); j.Status != jobs.Completed {
			t.Errorf("job %s is %s, %q; want completed", last, j.Status, j.Message)
		}
		got := l.withoutUnknown(c.texts(conversation), conversation)
		if !slices.Equal(got, want) {
			t.Errorf("conversation %s: %s", conversation, difference(got, want))
		}
	}
}

// checkJobs checks that the API shows the jobs of a conversation completed,
// one after the other.
func (l *ledger) checkJobs(t *testing.T, c *client, conversation string) {
	t.Helper()
	entries := l.entries(conversation)
	all := make([]jobAnswer, len(entries))
	for i, e := range entries {
		all[i] = c.job(e.JobID)
	}
	slices.SortFunc(all, func(a, b jobAnswer) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), a.FinishedAt.Compare(b.FinishedAt))
	})
	var before jobAnswer
	for _, j := range all {
		if j.Status != jobs.Completed || j.AcceptedAt.After(j.StartedAt) || j.StartedAt.After(j.FinishedAt) {
			t.Errorf("job %+v, want it completed and its times in order", j)
		}
		if j.StartedAt.Before(before.FinishedAt) {
			t.Errorf("job %+v overlaps the one before, %+v", j, before)
		}
		before = j
	}
}

// ordered returns what was accepted for a conversation, in the order that
// Redis has it in.
func (l *ledger) ordered(t *testing.T, rdb redis.UniversalClient, conversation string) []entry {
	t.Helper()
	entries := l.entries(conversation)
	replies := make([]*redis.StringCmd, len(entries))
	_, err := rdb.Pipelined(t.Context(), func(p redis.Pipeliner) error {
		for i, e := range entries {
			replies[i] = p.HGet(t.Context(), jobKey(e.JobID), "state")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		_, sequence := statusIn(replies[i].Val())
		entries[i].sequence = int64(sequence)
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.sequence, b.sequence) })
	return entries
}

// jobKey names the hash of a job of the try-out.
func jobKey(id string) string {
	_, shard, _ := jobs.ParseID(id)
	return fmt.Sprintf("tw:{%d}:j:default:%s", shard, id)
}

// statusIn returns the status and the sequence in the state of a job in Redis, where one
// in progress is scheduled.
func statusIn(state string) (status jobs.Status, sequence int) {
	f := strings.Fields(state)
	if len(f) < 3 {
		return "", 0
	}
	sequence, _ = strconv.Atoi(f[2])
	return map[string]jobs.Status{"1": jobs.Scheduled, "3": jobs.Completed, "4": jobs.Failed}[f[0]], sequence
}

// stateKey names the state of the lane of an append to the try-out.
func stateKey(e entry) string {
	_, shard, _ := jobs.ParseID(e.JobID)
	return fmt.Sprintf("tw:{%d}:l:default:%s", shard, e.ConversationID)
}

// checkArrival checks that no append came before another that had been
// answered when it was sent, whoever sent them.
func checkArrival(t *testing.T, ordered []entry) {
	t.Helper()
	var latest entry // the one sent last, of those so far
	for _, e := range ordered {
		if e.answered.Before(latest.sent) {
			t.Errorf("%q (sequence %d) was answered before %q (sequence %d) was sent", e.text, e.sequence, latest.text, latest.sequence)
		}
		if e.sent.After(latest.sent) {
			latest = e
		}
	}
}

// withoutUnknown takes one copy of each text away whose fate is not known.
func (l *ledger) withoutUnknown(texts []string, conversation string) []string {
	l.mu.Lock()
	unknown := slices.Clone(l.unknown[conversation])
	l.mu.Unlock()
	return slices.DeleteFunc(texts, func(text string) bool {
		i := slices.Index(unknown, text)
		if i >= 0 {
			unknown = slices.Delete(unknown, i, i+1)
		}
		return i >= 0
	})
}

// difference says where two lists begin to differ.
func difference(got, want []string) string {
	i := 0
	for i < min(len(got), len(want)) && got[i] == want[i] {
		i++
	}
	return fmt.Sprintf("%d messages, want %d; from message %d on they are %q, want %q", len(got), len(want),
		i, got[i:min(len(got), i+3)], want[i:min(len(want), i+3)])
}
