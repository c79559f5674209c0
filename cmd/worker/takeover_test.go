package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A worker dies in the middle of a job. The settings are the default ones.
func TestKilledWorkerIsReplaced(t *testing.T) {
	t.Parallel()

	const bound = 6 * time.Second
	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	var calls atomic.Int64
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		if calls.Add(1) == 1 {
			return hang(ctx)
		}
		return nothing()
	})
	settings := []string{"REDIS_URL=" + server.URL(), "ANALYZER_URL=" + service.url}
	first := startWorker(t, settings...)
	job := newClient(first).append("", "Only once.", hooks.url)
	await(t, "the analyzer is asked", func() bool { return len(service.asked()) > 0 })
	c := newClient(startWorker(t, settings...))
	killed := time.Now()
	first.kill()

	if got := c.finish(job.JobID); got.Status != jobs.Completed {
		t.Errorf("the job is %s, %q; want completed", got.Status, got.Message)
	}
	if took := time.Since(killed); took > bound {
		t.Errorf("the job was completed %v after the kill, want %v at most", took, bound)
	}
	if got := c.texts(job.ConversationID); !slices.Equal(got, []string{"Only once."}) {
		t.Errorf("stored %q, want the text once", got)
	}
	// Four seconds after the kill nobody knows yet that the process is dead.
	if got := service.attempts(job.JobID); !slices.Equal(got, []int{1, 1}) {
		t.Errorf("attempts %v, want 1 twice", got)
	}
	hooks.checkLives(t, jobs.Completed, job)
	ids := map[string]bool{}
	for _, d := range hooks.all() {
		if d.Status == string(jobs.InProgress) {
			ids[d.eventID] = true
		}
	}
	if len(ids) != 1 {
		t.Errorf("in_progress was told under the ids %v, want one", ids)
	}
}

// A worker is stopped for longer than its lease, and then goes on with a job
// that another one has done.
func TestStalledWorkerIsRefused(t *testing.T) {
	t.Parallel()

	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	goOn := make(chan struct{})
	var calls atomic.Int64
	service := newAnalyzer(t, func(ctx context.Context, _ call) (int, string) {
		if calls.Add(1) == 1 {
			select {
			case <-goOn:
			case <-ctx.Done():
			}
		}
		return nothing()
	})
	settings := []string{"REDIS_URL=" + server.URL(), "ANALYZER_URL=" + service.url, "LEASE=1s"}
	first := startWorker(t, settings...)
	job := newClient(first).append("", "Only once.", hooks.url)
	await(t, "the analyzer is asked", func() bool { return len(service.asked()) > 0 })
	c := newClient(startWorker(t, settings...))
	first.signal(syscall.SIGSTOP)
	if got := c.finish(job.JobID); got.Status != jobs.Completed {
		t.Errorf("the job is %s, %q; want completed", got.Status, got.Message)
	}
	close(goOn)
	first.signal(syscall.SIGCONT)

	await(t, "the change of the stalled worker is refused", func() bool {
		return first.metric(`turnwise_stale_commits_refused_total{lane="append"}`) >= 1
	})
	next := c.append(job.ConversationID, "And on.", "")
	c.finish(next.JobID)
	if got := c.texts(job.ConversationID); !slices.Equal(got, []string{"Only once.", "And on."}) {
		t.Errorf("stored %q, want each text once", got)
	}
	hooks.checkLives(t, jobs.Completed, job)
}

// Workers are killed again and again while producers append.
func TestKilledAgainAndAgain(t *testing.T) {
	t.Parallel()

	const producers, appends, kills = 8, 40, 4
	server := redistest.Server(t)
	hooks := newReceiver(t, healthy)
	settings := []string{"REDIS_URL=" + server.URL(), "LEASE=500ms", "WEBHOOK_BACKOFF_INITIAL=50ms"}
	c := newClient(startWorker(t, append(settings, "ROLES=api")...))
	settings = append(settings, "ROLES=worker,dispatcher")
	w := startWorker(t, settings...)
	l := newLedger()
	conversations := l.begin(c, 4, hooks.url)

	var wg sync.WaitGroup
	for p := range producers {
		wg.Go(func() {
			for i := range appends {
				text := fmt.Sprintf("Producer %d says number %d.", p, i)
				l.must(c, conversations[(p+i)%len(conversations)], text, hooks.url)
			}
		})
	}
	for k := range kills {
		enough := min((k+1)*producers*appends/(kills+1), producers*appends)
		await(t, "some appends are accepted and some worked", func() bool {
			return l.count() >= enough && len(hooks.all()) > enough
		})
		next := startWorker(t, settings...)
		w.kill()
		w = next
	}
	wg.Wait()
	l.check(t, c, server.Client())
	for _, conversation := range conversations {
		l.checkJobs(t, c, conversation)
		checkTimes(t, hooks.checkLives(t, jobs.Completed, l.told(conversation)...))
	}
}
