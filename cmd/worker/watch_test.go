package main

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
)

// A watch looks at the jobs of one conversation again and again, at all of
// them in the same instant.
type watch struct {
	t    *testing.T
	rdb  redis.UniversalClient
	jobs func() []entry // accepted so far, only ever more

	done  map[string]bool // jobs seen completed, which need not be looked at again
	until int             // the highest sequence among them
	seen  int             // how often a job was seen in progress
}

// watchTurns starts a watch. The function that it returns ends it, and tells
// how often a job was seen in progress.
func watchTurns(t *testing.T, rdb redis.UniversalClient, accepted func() []entry) (stop func() (seen int)) {
	t.Helper()
	w := &watch{t: t, rdb: rdb, jobs: accepted, done: map[string]bool{}}
	end := repeat(t, w.look)
	return func() int { end(); return w.seen }
}

// look checks the invariant at one instant: of a conversation's jobs those in
// front are completed, at most one is in progress, and the others wait.
func (w *watch) look(ctx context.Context) error {
	var replies []*redis.StringCmd
	var ids []string
	var state *redis.StringCmd
	_, err := w.rdb.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for _, r := range w.jobs() {
			if state == nil {
				state = p.Get(ctx, stateKey(r))
			}
			if !w.done[r.JobID] {
				ids = append(ids, r.JobID)
				replies = append(replies, p.HGet(ctx, jobKey(r.JobID), "state"))
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	var head int // the job that is in progress, by the state of the lane
	if f := strings.Split(state.Val(), "\x1f"); f[4] != "" {
		settled, _ := strconv.Atoi(f[3])
		head = settled + 1
	}
	running, waiting := "", 0
	for i, r := range replies {
		status, sequence := statusIn(r.Val())
		switch {
		case status == jobs.Scheduled && sequence == head:
			if running != "" {
				w.t.Errorf("jobs %s and %s are in progress at once", running, ids[i])
			}
			running = ids[i]
			w.seen++
		case status == jobs.Scheduled:
			waiting = min(sequence, cmp.Or(waiting, sequence))
		default:
			w.done[ids[i]] = true
			w.until = max(w.until, sequence)
		}
	}
	if 0 < waiting && waiting < w.until {
		w.t.Errorf("job %d is done while job %d waits", w.until, waiting)
	}
	return nil
}

// watchAPI asks the API for the jobs of one conversation again and again, each
// time from one that waits back to one that has ended. As soon as one has
// begun, those before it must have ended, and they are asked for later. The
// function that it returns ends that, and tells how often a job was seen in
// progress.
func watchAPI(t *testing.T, c *client, ordered []entry) (stop func() (seen int)) {
	t.Helper()
	const ahead = 24 // a batch and a half
	seen, ended := 0, 0
	end := repeat(t, func(ctx context.Context) error {
		begun := ""
		for i := min(ended+ahead, len(ordered)-1); i >= 0; i-- {
			var j jobAnswer
			if err := c.read(ctx, "/v1/job/"+ordered[i].JobID, &j); err != nil {
				return err
			}
			if j.Status.Final() {
				ended = i
				break
			}
			if begun != "" {
				t.Errorf("job %s has begun while job %s, before it, is %s", begun, j.ID, j.Status)
			}
			if j.Status == jobs.InProgress {
				begun = j.ID
				seen++
			}
		}
		return nil
	})
	return func() int { end(); return seen }
}

// repeat calls the function again and again until stop is called, which waits
// for its end.
func repeat(t *testing.T, do func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() {
		for tick := time.Tick(2 * time.Millisecond); ctx.Err() == nil; <-tick {
			if err := do(ctx); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	return func() { cancel(); wg.Wait() }
}
