package jobs_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
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

func (c *claiming) Claim(ctx context.Context, shard int, want jobs.Want) ([]*jobs.Claim, lane.Wake, error) {
	if c.err == nil {
		return c.Lanes.Claim(ctx, shard, want)
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

// outdated are lanes whose members were edited once while a claim was worked.
type outdated struct {
	ledger
	members map[string]conversation.Member // of the jobs since then
	said    bool
}

func (o *outdated) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	if !o.said {
		o.said = true
		time.Sleep(time.Second)
		edited := *done[0].Claim
		edited.Jobs = slices.Clone(edited.Jobs)
		for n := range edited.Jobs {
			edited.Jobs[n].Members = o.members
		}
		return jobs.Committed{Outcomes: []jobs.Outcome{{Err: jobs.ErrOutdated, Outdated: &edited}}}, nil
	}
	return o.ledger.Commit(ctx, shard, done, want)
}

// Jobs whose members were edited meanwhile are not analysed again and keep
// their times; who speaks is looked up anew.
func TestCommitAfterMembersWereEdited(t *testing.T) {
	t.Parallel()

	known := map[string]conversation.Member{}
	for _, key := range request("", "").Utterances[0].From.Keys() {
		known[key] = conversation.Member{ID: "edited", Name: "Anna"}
	}
	tests := []struct {
		name    string
		members map[string]conversation.Member // after the edit
		brings  []string                       // names of members that the jobs bring
	}{
		{"the speaker is still unknown", nil, []string{"Ann"}},
		{"the speaker is a member now", known, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				id, ids := w.talk(2)
				begun := time.Now()
				lanes := &outdated{ledger: ledger{Lanes: w.Store}, members: tt.members}
				var j analysisLog
				w.drain(w.runnerOn(lanes, j.of(taking(time.Millisecond)), jobs.RunnerOptions{}))
				equal(t, "analyses", j.read(), once(texts(1, 2)))
				equal(t, "jobs of each commit", lanes.commits, []int{2})
				equal(t, "messages", w.texts(id), texts(1, 2))
				last := w.job(ids[1])
				equal(t, "times of the last job", []time.Duration{last.StartedAt.Sub(begun), last.FinishedAt.Sub(begun)},
					[]time.Duration{time.Millisecond, 2 * time.Millisecond})
				c, err := w.Conversation(t.Context(), account, id)
				if err != nil {
					t.Fatal(err)
				}
				speaker, brought := "edited", []string(nil)
				for _, m := range c.Members {
					speaker, brought = m.ID, append(brought, m.Name)
				}
				equal(t, "members", brought, tt.brings)
				messages, err := w.Messages(t.Context(), account, id)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range messages {
					equal(t, "speaker of "+m.Text, m.Member, speaker)
				}
			})
		})
	}
}

// granting are lanes whose commits grant nothing or another job than the next
// one, as when the conversation was deleted meanwhile.
type granting struct {
	jobs.Lanes
	other bool
	fails []string // jobs of calls of Fail
}

func (g *granting) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	r, err := g.Lanes.Commit(ctx, shard, done, want)
	if len(r.Claims) == 0 {
		return r, err
	}
	if g.other {
		r.Claims[0].Jobs[0] = done[0].Claim.Jobs[2]
		return r, err
	}
	_, err = g.Release(ctx, r.Claims[0].Claim)
	r.Claims = nil
	return r, err
}

func (g *granting) Fail(ctx context.Context, c *jobs.Claim, f jobs.Failure, stay int) (*jobs.Claim, lane.Wake, error) {
	g.fails = append(g.fails, f.JobID)
	return g.Lanes.Fail(ctx, c, f, stay)
}

// A failure behind others is that of its job only, and of none if the commit
// of the others does not grant that job.
func TestFailureOfAJobThatIsNotGranted(t *testing.T) {
	t.Parallel()

	for name, other := range map[string]bool{"nothing is granted": false, "another job is granted": true} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				w.talk(3)
				lanes := &granting{Lanes: w.Store, other: other}
				ctx, stop := context.WithCancel(t.Context())
				_, err := w.runnerOn(lanes, analyze(func(ctx context.Context, t jobs.Task) (analysis.Result, error) {
					if text(t) != "Message 1." {
						stop()
						return analysis.Result{}, errBusy
					}
					return jobs.Local{}.Analyze(ctx, t)
				}), jobs.RunnerOptions{}).Drain(ctx, 0)
				if err != nil {
					t.Errorf("Drain: %v", err)
				}
				equal(t, "attempts that failed", len(lanes.fails), 0)
				equal(t, "retries counted", w.meter.retried, 0)
			})
		})
	}
}

// unreleased are lanes that cannot be renewed or given back.
type unreleased struct {
	jobs.Lanes
	releases int
}

func (*unreleased) Renew(context.Context, lane.Claim) error { return jobs.ErrUnavailable }

func (u *unreleased) Release(context.Context, lane.Claim) (lane.Wake, error) {
	u.releases++
	return lane.Wake{}, jobs.ErrUnavailable
}

// A lane that cannot be given back at a shutdown is an error, which names its
// conversation.
func TestShutdownThatCannotRelease(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		id, _ := w.talk(1)
		w.bell.heard()
		ctx, stop := context.WithCancel(t.Context())
		stop()
		more, err := w.runnerOn(&unreleased{Lanes: w.Store}, jobs.Local{}, jobs.RunnerOptions{}).Drain(ctx, 0)
		if more || !errors.Is(err, jobs.ErrUnavailable) || !strings.Contains(err.Error(), id) {
			t.Errorf("Drain = %t, %v; want false, and ErrUnavailable with the conversation", more, err)
		}
	})
}

// When no renewal gets through for as long as the lease lasts, the lane is lost
// and nobody tries to give it back.
func TestDrainWithoutRenewalsEndsWithTheLease(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		w.talk(1)
		lanes := &unreleased{Lanes: w.Store}
		begun := time.Now()
		more, err := w.runnerOn(lanes, taking(time.Hour), jobs.RunnerOptions{}).Drain(t.Context(), 0)
		if took := time.Since(begun); err != nil || !more || took > lease+lease/3 || lanes.releases > 0 {
			t.Errorf("Drain = %t, %v after %v and %d tries to give the lane back; want true, no error after %v, and none",
				more, err, took, lanes.releases, lease)
		}
		equal(t, "refused for a lost claim", w.meter.stale, 1)
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
