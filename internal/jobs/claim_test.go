package jobs_test

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// claiming are lanes whose first claim has another answer.
type claiming struct {
	jobs.Lanes
	wake lane.Wake
	err  error
}

func (c *claiming) Claim(ctx context.Context, shard, most int) (*jobs.Claim, lane.Wake, error) {
	if c.err == nil {
		return c.Lanes.Claim(ctx, shard, most)
	}
	err := c.err
	c.err = nil
	return nil, c.wake, err
}

// A claim that fails ends the drain, which says so, counts no claim and rings
// for nobody.
func TestDrainWhoseClaimFails(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(1)
		w.bell.heard()
		lanes := &claiming{Lanes: w.Store, wake: lane.Wake{Append: true}, err: jobs.ErrUnavailable}
		more, err := w.runnerOn(lanes, jobs.Local{}, jobs.RunnerOptions{}).Drain(t.Context(), 0)
		if more || !errors.Is(err, jobs.ErrUnavailable) {
			t.Errorf("Drain = %t, %v; want false, ErrUnavailable", more, err)
		}
		equal(t, "claims counted", len(w.meter.claims), 0)
		equal(t, "rings", len(w.bell.heard()), 0)
	})
}

// Whoever mends a lane rings for what that makes due, such as the event of the
// job that failed for it.
func TestMendedLaneRings(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		lanes := &claiming{Lanes: w.Store, wake: lane.Wake{Deliver: true}, err: &lane.MendedError{Lane: "acme:gone"}}
		w.drain(w.runnerOn(lanes, jobs.Local{}, jobs.RunnerOptions{}))
		equal(t, "rings", w.bell.heard(), []ring{{0, lane.Wake{Deliver: true}}})
		equal(t, "lanes mended", w.meter.mended, 1)
	})
}

// renewing are lanes whose renewals take until go on is closed.
type renewing struct {
	jobs.Lanes
	begun, goOn chan struct{}
	once        sync.Once
}

func (r *renewing) Renew(ctx context.Context, c lane.Claim) error {
	r.once.Do(func() { close(r.begun) })
	<-r.goOn
	return r.Lanes.Renew(ctx, c)
}

// A drain does not end before a renewal that is under way, since the client of
// Redis may be closed then. It is by the real clock, because that of a bubble
// stands still while somebody waits for a mutex.
func TestDrainWaitsForARenewalUnderWay(t *testing.T) {
	t.Parallel()

	w := newWorld(t, redistest.New(t), store.Options{})
	_, ids := w.talk(1)
	lanes := &renewing{Lanes: w.Store, begun: make(chan struct{}), goOn: make(chan struct{})}
	r := w.runnerOn(lanes, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
		<-lanes.begun
		return jobs.Local{}.Analyze(ctx, t)
	}), jobs.RunnerOptions{Lease: 30 * time.Millisecond})
	ended := make(chan error, 1)
	go func() {
		_, err := r.Drain(t.Context(), 0)
		ended <- err
	}()
	<-lanes.begun
	for w.job(ids[0]).Status != jobs.Completed {
		runtime.Gosched()
	}
	select {
	case err := <-ended:
		t.Errorf("Drain = %v, before the renewal has ended", err)
		close(lanes.goOn)
	case <-time.After(50 * time.Millisecond):
		close(lanes.goOn)
		if err := <-ended; err != nil {
			t.Errorf("Drain: %v", err)
		}
	}
}
