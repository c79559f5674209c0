package jobs_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/quota"
)

// slowFor takes a second for each job of some accounts, and counts how many of
// these go on at once.
type slowFor struct {
	account   string
	now, most atomic.Int64
}

func (s *slowFor) Analyze(ctx context.Context, t jobs.Task) (analysis.Result, error) {
	if t.Account == s.account {
		s.most.Store(max(s.most.Load(), s.now.Add(1)))
		time.Sleep(time.Second)
		s.now.Add(-1)
	}
	return jobs.Local{}.Analyze(ctx, t)
}

// An account analyses no more at once than its share, however much it has, and
// its jobs are analysed in their order; others do not wait for it.
func TestSharedAnalyzer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow := &slowFor{account: "slow"}
		shared := jobs.NewShared(slow, 2, quota.New(2))
		begun := time.Now()
		ends := make(chan string, 6)
		for n := range 5 {
			go func() {
				_, _ = shared.Analyze(t.Context(), jobs.Task{Account: "slow", JobID: fmt.Sprint(n)})
				ends <- fmt.Sprint(n, " after ", time.Since(begun))
			}()
			synctest.Wait()
		}
		if _, err := shared.Analyze(t.Context(), jobs.Task{Account: "other"}); err != nil || time.Since(begun) != 0 {
			t.Errorf("another account = %v after %v, want no wait", err, time.Since(begun))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := shared.Analyze(ctx, jobs.Task{Account: "slow"}); err == nil {
			t.Error("an analysis whose time is over before its turn = nil, want an error")
		}
		time.Sleep(3 * time.Second)
		if slow.most.Load() != 2 || len(ends) != 5 || time.Since(begun) != 3500*time.Millisecond {
			t.Errorf("%d at once, %d ended after %v; want 2, and 5 after 3 s", slow.most.Load(), len(ends), time.Since(begun))
		}
	})
}

// An account that has its share of a process is passed over until one of its lanes
// ends, and no job is claimed for it with its acceptance.
func TestAccountIsPassedOverAtItsShare(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		slow := &slowFor{account: account}
		r := w.runner(slow, jobs.RunnerOptions{Lanes: 2})
		w.talk(1)
		go func() { w.drain(r) }()
		synctest.Wait() // in its analysis
		id, _ := w.talk(1)
		begun := time.Now()
		w.drain(r)
		if took := time.Since(begun); took != 0 || len(w.texts(id)) != 0 {
			t.Errorf("a drain took %v and stored %v, want it to pass the account over", took, w.texts(id))
		}
		time.Sleep(2 * time.Second)
		w.drain(r)
		equal(t, "messages", len(w.texts(id)), 1)
		equal(t, "at once", slow.most.Load(), int64(1))
	})
}

// committing are lanes whose commits wait until the gate is open, and tell that they do.
type committing struct {
	jobs.Lanes

	open chan struct{}
}

func (g committing) Commit(ctx context.Context, shard int, done []jobs.Done, want jobs.Want) (jobs.Committed, error) {
	<-g.open
	return g.Lanes.Commit(ctx, shard, done, want)
}

// A lane of which much is to be committed counts until that is stored, because its slot is
// taken as long; one of which little is does not.
func TestShareCountsCommitsInSeveralSteps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		text string
		want jobs.Status // of another conversation's job, meanwhile
	}{
		{"little", "Hi.", jobs.InProgress},
		{"much text", strings.Repeat("b", largeJob+1), jobs.Scheduled},
		{"many messages", strings.Repeat("a\n", 501), jobs.Scheduled},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				gate := committing{w.Store, make(chan struct{})}
				r := w.runnerOn(gate, jobs.Local{}, jobs.RunnerOptions{Lanes: 2})
				w.submit("", tt.text)
				var drains sync.WaitGroup
				drains.Go(func() { w.drain(r) })
				synctest.Wait() // in its commit
				_, others := w.talk(1)
				drains.Go(func() { w.drain(r) })
				synctest.Wait()
				equal(t, "status of another job", w.job(others[0]).Status, tt.want)
				close(gate.open)
				drains.Wait()
			})
		})
	}
}

// gated are lanes of which none is claimed before the gate is open.
type gated struct {
	jobs.Lanes

	open chan struct{}
}

func (g gated) Claim(ctx context.Context, shard int, want jobs.Want) ([]*jobs.Claim, lane.Wake, error) {
	<-g.open
	return g.Lanes.Claim(ctx, shard, want)
}

// Steps that claim at the same time may claim more for an account than its share. What
// is too much is given back, and no slot is held for it.
func TestAccountKeepsToItsShareWhateverIsClaimed(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		slow := &slowFor{account: account}
		gate := gated{w.Store, make(chan struct{})}
		r := w.runnerOn(gate, slow, jobs.RunnerOptions{Lanes: 4})
		for range 4 {
			w.talk(1)
		}
		var drains sync.WaitGroup
		for range 4 {
			drains.Go(func() { w.drain(r) })
		}
		synctest.Wait() // all of them are about to claim
		close(gate.open)
		synctest.Wait()
		equal(t, "at once", slow.now.Load(), int64(2))
		drains.Wait()
		w.drain(r)
		equal(t, "at once at last", slow.most.Load(), int64(2))
	})
}
