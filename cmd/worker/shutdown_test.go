package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// produce has one producer for each conversation append until the worker does
// not take an append any more. It returns when all have ended.
func produce(t *testing.T, l *ledger, c *client, conversations []string, hook string) {
	var wg sync.WaitGroup
	for _, conversation := range conversations {
		wg.Go(func() {
			for i := 0; t.Context().Err() == nil; i++ {
				a, err := l.try(t.Context(), c, conversation, fmt.Sprintf("Number %d.", i), hook)
				if err != nil || a.status != http.StatusCreated {
					return
				}
			}
		})
	}
	wg.Wait()
}

// A worker that is asked to stop finishes what it has begun, gives the rest
// back untouched, and ends well.
func TestStopUnderLoad(t *testing.T) {
	t.Parallel()

	const grace = 5 * time.Second
	server := redistest.Server(t)
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		select {
		case <-time.After(20 * time.Millisecond): // a slow analyzer
		case <-ctx.Done():
		}
		return nothing()
	})
	settings := []string{"REDIS_URL=" + server.URL(), "ANALYZER_URL=" + service.url, fmt.Sprint("SHUTDOWN_GRACE=", grace)}
	first := startWorker(t, settings...)
	c := newClient(first)
	l := newLedger()
	conversations := l.begin(c, 8, "")
	var wg sync.WaitGroup
	wg.Go(func() { produce(t, l, c, conversations, "") })
	await(t, "the load is on", func() bool { return len(service.asked()) > 50 && l.count() > 100 })

	first.signal(syscall.SIGTERM)
	if code := first.exit(grace + 5*time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}
	wg.Wait()
	worked := len(service.asked())
	l.check(t, newClient(startWorker(t, settings...)), server.Client())
	if worked == len(service.asked()) {
		t.Error("nothing was left to do after the stop, so nothing was tested")
	}
	seen := map[string]int{}
	for _, call := range service.asked() {
		if seen[call.JobID]++; call.Attempt != 1 || seen[call.JobID] > 1 {
			t.Errorf("job %s: call %d is attempt %d, want one call", call.JobID, seen[call.JobID], call.Attempt)
		}
	}
}

// A job that takes longer than the grace is given back, and the attempt does
// not count against it.
func TestStopBreaksOffAfterGrace(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	var calls atomic.Int64
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		if calls.Add(1) == 1 {
			return hang(ctx)
		}
		return nothing()
	})
	settings := []string{"REDIS_URL=" + server.URL(), "ANALYZER_URL=" + service.url, "SHUTDOWN_GRACE=300ms"}
	first := startWorker(t, settings...)
	job := newClient(first).append("", "Only once.", hooks.url)
	await(t, "the analyzer is asked", func() bool { return calls.Load() == 1 })
	first.signal(syscall.SIGTERM)
	if code := first.exit(5 * time.Second); code != 0 {
		t.Errorf("exit code %d, want 0", code)
	}

	c := newClient(startWorker(t, settings...)) // which may take longer than the lease on a slow machine
	began := time.Now()
	c.finish(job.JobID)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("the job was completed after %v, as if its lease had to run out", took)
	}
	if got := service.attempts(job.JobID); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("attempts %v, want the first one twice", got)
	}
	if got := c.texts(job.ConversationID); !slices.Equal(got, []string{"Only once."}) {
		t.Errorf("stored %q, want the text once", got)
	}
	hooks.checkLives(t, jobs.Completed, job)
}

func TestSecondSignalEndsAtOnce(t *testing.T) {
	t.Parallel()

	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) { return hang(ctx) })
	w := startWorker(t, "EMBEDDED=memory", "ANALYZER_URL="+service.url, "SHUTDOWN_GRACE=1m")
	c := newClient(w)
	c.append("", "Never.", "")
	await(t, "the analyzer is asked", func() bool { return len(service.asked()) > 0 })
	asked := time.Now()
	w.signal(syscall.SIGTERM)
	await(t, "the API takes no more requests", func() bool {
		_, err := c.send(t.Context(), http.MethodGet, "/", "")
		return err != nil
	})
	await(t, "the worker is gone", func() bool { // should one more signal have come too soon
		return w.cmd.Process.Signal(syscall.SIGTERM) != nil
	})
	if code := w.exit(time.Second); code != -1 {
		t.Errorf("exit code %d, want it ended by the signal", code)
	}
	if took := time.Since(asked); took > 10*time.Second {
		t.Errorf("the worker ended after %v, long before its grace", took)
	}
}

// What got its 201 from a worker with a Redis of its own is there when that
// worker is started again, however it ended.
func TestRestart(t *testing.T) {
	t.Parallel()

	for _, tt := range []struct {
		name   string
		signal syscall.Signal
		code   int
	}{
		{name: "stopped", signal: syscall.SIGTERM, code: 0},
		{name: "killed", signal: syscall.SIGKILL, code: -1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			redistest.Binary(t)

			hooks := newReceiver(t, healthy)
			settings := []string{"EMBEDDED=redis", "LEASE=1s", "WEBHOOK_BACKOFF_INITIAL=50ms"}
			first := startWorker(t, settings...)
			c := newClient(first)
			l := newLedger()
			conversations := l.begin(c, 4, hooks.url)
			var wg sync.WaitGroup
			wg.Go(func() { produce(t, l, c, conversations, hooks.url) })
			await(t, "the load is on", func() bool { return l.count() > 100 })
			first.signal(tt.signal)
			if code := first.exit(15 * time.Second); code != tt.code {
				t.Errorf("exit code %d, want %d", code, tt.code)
			}
			wg.Wait()

			c = newClient(startWorker(t, append(settings, "DATA_DIR="+first.dir)...))
			l.check(t, c, nil)
			for _, conversation := range conversations {
				l.checkJobs(t, c, conversation)
				hooks.checkLives(t, jobs.Completed, l.told(conversation)...)
			}
		})
	}
}
