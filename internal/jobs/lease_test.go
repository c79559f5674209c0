package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
)

// An analysis may take far longer than a lease: renewals keep it, and nobody
// else gets at the conversation.
func TestSlowAnalysisKeepsItsLease(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(1)
		var j analysisLog
		var wg sync.WaitGroup
		wg.Go(func() { w.drain(w.runner(j.of(taking(30*time.Second)), jobs.RunnerOptions{})) })
		other := w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{})
		time.Sleep(time.Millisecond)
		for range 59 { // up to half a second before the end
			w.drain(other)
			time.Sleep(500 * time.Millisecond)
		}
		equal(t, "status", w.statuses(ids), "i")
		wg.Wait()
		equal(t, "analyses", j.read(), once(texts(1, 1)))
		equal(t, "messages", w.texts(id), texts(1, 1))
		equal(t, "status", w.statuses(ids), "c")
		equal(t, "refused for a lost claim", w.meter.stale, 0)
	})
}

// paused are the lanes as seen by a process that sleeps while it works: it
// neither renews its lease nor notices.
type paused struct{ jobs.Lanes }

func (paused) Renew(context.Context, lane.Claim) error { return nil }

// A worker that comes back after its lease is refused: what it did has no
// effect, whether the other one is done by then or still at work.
func TestLateCommitIsRefused(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		takes time.Duration // the other's work, begun one second before the late commit
	}{
		{"the other is done", 0},
		{"the other is at work", 3 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, ids := w.talk(3)
				var late, heir analysisLog
				var wg sync.WaitGroup
				wg.Go(func() {
					more, err := w.runnerOn(paused{w.Store}, late.of(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
						time.Sleep(lease + 2*time.Second)
						return jobs.Local{}.Analyze(ctx, t)
					})), jobs.RunnerOptions{Batch: 1}).Drain(t.Context(), 0)
					if err != nil || !more {
						t.Errorf("late Drain = %t, %v; want no error, and that lanes may be left", more, err)
					}
				})
				time.Sleep(lease + time.Second)
				w.drain(w.runner(heir.of(taking(tt.takes)), jobs.RunnerOptions{Batch: 1}))
				wg.Wait()
				w.work(w.runner(heir.of(taking(tt.takes)), jobs.RunnerOptions{Batch: 1}))

				equal(t, "analyses of the late one", late.read(), once(texts(1, 1)))
				equal(t, "analyses of its heir", heir.read(), once(texts(1, 3))) // the late process lives: no attempt of it counts
				equal(t, "messages", w.texts(id), texts(1, 3))
				equal(t, "statuses", w.statuses(ids), "ccc")
				equal(t, "refused for a lost claim", w.meter.stale, 1)
				equal(t, "jobs completed", w.meter.finished[jobs.Completed], 3)
			})
		})
	}
}

// A failure is as void as a success once the claim is lost.
func TestLateFailureIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(1)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := w.runnerOn(paused{w.Store}, analyze(func(context.Context, jobs.Task) (analysis.Result, error) {
				time.Sleep(lease + 2*time.Second)
				return analysis.Result{}, &jobs.PermanentError{Message: "no use"}
			}), jobs.RunnerOptions{}).Drain(t.Context(), 0)
			if err != nil {
				t.Errorf("late Drain: %v", err)
			}
		})
		time.Sleep(lease + time.Second)
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		wg.Wait()
		equal(t, "messages", w.texts(id), texts(1, 1))
		equal(t, "status", w.statuses(ids), "c")
		equal(t, "refused for a lost claim, and failed", []int{w.meter.stale, w.meter.finished[jobs.Failed]}, []int{1, 0})
	})
}

// A worker that renews in vain breaks the analysis off at once instead of
// finishing what would be refused. That is no failure of the job.
func TestLostLeaseBreaksOffTheAnalysis(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, ids := w.talk(2)
		begun := time.Now()
		var wg sync.WaitGroup
		wg.Go(func() {
			more, err := w.runner(taking(time.Hour), jobs.RunnerOptions{MaxAttempts: 1}).Drain(t.Context(), 0)
			if err != nil || !more {
				t.Errorf("Drain = %t, %v; want no error, and that lanes may be left", more, err)
			}
		})
		time.Sleep(time.Second)
		w.steal(id)
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		wg.Wait()
		if took := time.Since(begun); took > 2*lease/3 {
			t.Errorf("broken off after %v, want the next renewal", took)
		}
		equal(t, "statuses", w.statuses(ids), "cc")
		equal(t, "messages", w.texts(id), texts(1, 2))
		equal(t, "refused for a lost claim, retried and failed",
			[]int{w.meter.stale, w.meter.retried, w.meter.finished[jobs.Failed]}, []int{1, 0, 0})
	})
}

// A worker that does not heed the end of its lease is refused all the same, and
// that is no trouble with Redis.
func TestWorkAfterALostLeaseIsRefused(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		var wg sync.WaitGroup
		wg.Go(func() {
			more, err := w.runner(analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
				time.Sleep(lease)
				return jobs.Local{}.Analyze(ctx, t)
			}), jobs.RunnerOptions{}).Drain(t.Context(), 0)
			if err != nil || !more {
				t.Errorf("Drain = %t, %v; want no error, and that lanes may be left", more, err)
			}
		})
		time.Sleep(time.Second)
		w.steal(id)
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		wg.Wait()
		equal(t, "messages", w.texts(id), texts(1, 1))
		equal(t, "refused for a lost claim", w.meter.stale, 1)
	})
}

// stuck are lanes whose commits get no answer.
type stuck struct{ jobs.Lanes }

func (stuck) Commit(ctx context.Context, _ int, _ []jobs.Done, _ jobs.Want) (jobs.Committed, error) {
	<-ctx.Done()
	return jobs.Committed{}, fmt.Errorf("commit: %w: %w", jobs.ErrUnavailable, ctx.Err())
}

// A commit that gets no answer ends with the lease, and whoever claims the lane
// then works the job once more.
func TestCommitWithoutAnswerEndsWithTheLease(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		var wg sync.WaitGroup
		wg.Go(func() {
			begun := time.Now()
			_, err := w.runnerOn(stuck{w.Store}, jobs.Local{}, jobs.RunnerOptions{}).Drain(t.Context(), 0)
			if took := time.Since(begun); !errors.Is(err, jobs.ErrUnavailable) || took != lease {
				t.Errorf("Drain = %v after %v, want ErrUnavailable after the lease, %v", err, took, lease)
			}
		})
		time.Sleep(time.Second)
		w.steal(id)
		w.drain(w.runner(jobs.Local{}, jobs.RunnerOptions{}))
		wg.Wait()
		equal(t, "messages", w.texts(id), texts(1, 1))
	})
}

// steal lets the lease of a conversation end before its time.
func (w *world) steal(id string) {
	w.t.Helper()
	n, err := w.rdb.ZAddArgs(w.t.Context(), "tw:{0}:ready:append:"+account, redis.ZAddArgs{
		XX: true, Ch: true, Members: []redis.Z{{Score: 1, Member: account + ":" + id}},
	}).Result()
	if err != nil || n != 1 {
		w.t.Fatalf("end the lease of %s: %d lanes changed, %v", id, n, err)
	}
	w.rdb.ZAdd(w.t.Context(), "tw:{0}:ready:append", redis.Z{Score: 1, Member: account})
}

// A worker that dies holds its conversation for a lease, and no longer; the
// others go on.
func TestDeadWorkerIsReplacedAfterItsLease(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(20)
		dead := w.process(5)
		if c, _, err := dead.Claim(t.Context(), 0, jobs.Want{Lanes: 1, Jobs: 16}); len(c) == 0 || err != nil { // and is never heard of again
			t.Fatalf("Claim = %v, %v", c, err)
		}
		begun := time.Now()
		var j analysisLog
		r := w.runner(j.of(jobs.Local{}), jobs.RunnerOptions{})
		other := w.submit("", "Other.")
		w.drain(r)
		equal(t, "status of another conversation's job", w.job(other.JobID).Status, jobs.Completed)
		w.work(r)
		if took := time.Since(begun); took < lease-10*time.Millisecond || took > lease+100*time.Millisecond {
			t.Errorf("the conversation was worked after %v, want the lease, %v", took, lease)
		}
		equal(t, "messages", w.texts(id), texts(1, 20))
		equal(t, "analyses", j.read(), slices.Concat([]string{"Other. 1", "Message 1. 2"}, once(texts(2, 20))))
	})
}
