package queue_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// overlapDetector is an Analyzer that tells when two jobs of a conversation overlap,
// in whichever processes. Now and then a job fails at first.
type overlapDetector struct {
	t      *testing.T
	mu     sync.Mutex
	active map[string]string // text by conversation
	runs   int
}

func (l *overlapDetector) Analyze(ctx context.Context, task jobs.Task) (analysis.Result, error) {
	text := task.Input.Utterances[0].Text
	l.mu.Lock()
	if other, overlap := l.active[task.ConversationID]; overlap {
		l.t.Errorf("%q is analysed while %q is", text, other)
	}
	l.active[task.ConversationID] = text
	l.runs++
	broken := l.runs%97 == 0
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.active, task.ConversationID)
	}()
	if broken {
		return analysis.Result{}, errors.New("the model is busy")
	}
	return jobs.Local{}.Analyze(ctx, task)
}

// finished is a Meter that tells when so many jobs are completed.
type finished struct {
	mu   sync.Mutex
	left int
	all  chan struct{}
}

func (f *finished) JobFinished(s jobs.Status, _, _, _ time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if s == jobs.Completed {
		f.left--
	}
	if f.left == 0 {
		close(f.all)
	}
}

func (*finished) JobRefused(jobs.Limit)               {}
func (*finished) JobSubmitted()                       {}
func (*finished) AccountSent(string, int)             {}
func (*finished) AccountWorked(string, time.Duration) {}
func (*finished) AccountAsked(string)                 {}
func (*finished) JobRetried()                         {}
func (*finished) Claimed(lane.Kind, bool)             {}
func (*finished) StaleRefused(lane.Kind)              {}
func (*finished) LaneMended(lane.Kind)                {}

// submit repeats a request under its key, as callers do, while the store is
// too slow to answer in time on a machine with much to do.
func submit(ctx context.Context, s *jobs.Service, a jobs.Append) (r jobs.Receipt, err error) {
	for range 5 {
		if r, err = s.Submit(ctx, a); !errors.Is(err, jobs.ErrUnavailable) {
			break
		}
	}
	return r, err
}

// Four processes on one Redis take and work 200 conversations of ten jobs
// each; one of them ends on the way and another one comes. Each job completes
// once, in the order of acceptance, one at a time in its conversation.
func TestFleet(t *testing.T) {
	t.Parallel()

	const processes, talks, each = 4, 200, 10
	srv := redistest.Server(t)
	look := &overlapDetector{t: t, active: map[string]string{}}
	meter := &finished{left: talks * each, all: make(chan struct{})}
	launch := func() (service *jobs.Service, stop func()) {
		rdb, wake := srv.Client(), srv.Client()
		queue.PauseOnFailure(wake)
		s := open(t, rdb)
		line := queue.NewPool(lane.Append, wake, queue.Options{Shards: shards, Concurrency: 3})
		bells := queue.Doorbells{Append: line, Deliver: queue.NewPool(lane.Deliver, wake, queue.Options{Shards: shards})}
		r := jobs.NewRunner(s, look, bells, jobs.RunnerOptions{
			Meter: meter, Backoff: lane.Backoff{Initial: 10 * time.Millisecond, Max: 50 * time.Millisecond},
		})
		return jobs.NewService(s, bells, shards, jobs.ServiceOptions{LocalSlots: line, Runner: r}), start(t, line, r, s)
	}
	var services [processes]*jobs.Service
	var stops [processes]func()
	for p := range processes {
		services[p], stops[p] = launch()
	}

	ids := make([]string, talks)
	var wg sync.WaitGroup
	for p := range processes {
		wg.Go(func() {
			for n := range each {
				for c := p; c < talks; c += processes {
					service := services[(p+n)%processes] // a conversation is submitted to through all of them
					r, err := submit(t.Context(), service, jobs.Append{
						Account: account, ConversationID: ids[c], Utterances: []analysis.Utterance{{Text: fmt.Sprintf("Message %d.", n)}},
						IdempotencyKey: fmt.Sprintf("%d of talk %d", n, c),
					})
					if err != nil {
						t.Errorf("Submit: %v", err)
						return
					}
					ids[c] = r.ConversationID
				}
				if p == 0 && n == each/2 { // the last one takes requests still, but works no more
					stops[processes-1]()
					_, stops[processes-1] = launch()
				}
			}
		})
	}
	wg.Wait()
	select {
	case <-meter.all:
	case <-time.After(30 * time.Second):
		t.Error("not all jobs complete")
	}
	s := store.New(srv.Client(), store.Options{Shards: shards})
	var want []string
	for n := range each {
		want = append(want, fmt.Sprintf("Message %d.", n))
	}
	for _, id := range ids {
		messages, err := s.Messages(t.Context(), account, id)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, m := range messages {
			got = append(got, m.Text)
		}
		equal(t, "messages of conversation "+id, got, want)
	}
	for _, stop := range stops {
		stop()
	}
	if q := info(t, srv.Client()); q.Archived+q.Retry+q.Failed > 0 {
		t.Errorf("asynq holds %+v, want nothing archived, to retry or failed", q)
	}
}
