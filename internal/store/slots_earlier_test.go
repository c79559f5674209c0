package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// begin accepts a job in a conversation of its own, without a slot.
func (f *fixture) begin(account string) (id string, at int) {
	f.t.Helper()
	talk := conversation.NewID()
	at = lane.ShardOf(talk, shards)
	id = jobs.NewID(at)
	_, _, err := f.Accept(f.t.Context(), jobs.Job{
		ID: id, Account: account, ConversationID: talk, Utterances: []analysis.Utterance{{Text: "One."}},
	}, jobs.Terms{Create: true})
	if err != nil {
		f.t.Fatal(err)
	}
	return id, at
}

// finish fails the oldest job that is due in a shard.
func (f *fixture) finish(shard int) {
	f.t.Helper()
	c, _, err := f.ClaimOne(f.t.Context(), shard, 1)
	if err != nil || c == nil {
		f.t.Fatalf("Claim = %v, %v; want a job", c, err)
	}
	f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "no use", Final: true}, store.Next{})
}

// crowd takes slots for that many jobs at once, in several processes, and
// returns how many were taken.
func (f *fixture) crowd(processes []jobs.Slots, limit int) int {
	var taken atomic.Int64
	var wg sync.WaitGroup
	for n := range 4 * limit {
		wg.Go(func() {
			if processes[n%len(processes)].TakeSlot(f.t.Context(), account, jobs.NewID(n%shards), limit) == nil {
				taken.Add(1)
			}
		})
	}
	wg.Wait()
	return int(taken.Load())
}

// A limit that is switched on counts the unfinished jobs that were accepted
// without one, in every process, and nobody else's.
func TestALimitCountsEarlierJobs(t *testing.T) {
	t.Parallel()

	const limit = 5
	for _, earlier := range []int{0, 1, 4, 5, 6, 40} {
		t.Run(fmt.Sprint(earlier), func(t *testing.T) {
			t.Parallel()

			f := newFixture(t, redistest.Real(t))
			for range earlier {
				f.begin(account)
			}
			for range 10 {
				f.begin("other")
				f.begin(account + "x")
			}
			processes := []jobs.Slots{f.opened(), f.opened(), f.opened()}
			equal(t, "slots taken", f.crowd(processes, limit), max(limit-earlier, 0))
		})
	}
}

// Earlier jobs beyond the limit take up the slots that others free, until fewer
// than the limit are left.
func TestALimitWaitsForEarlierJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		var begun []int
		for range 7 {
			_, at := f.begin(account)
			begun = append(begun, at)
		}
		s := f.opened()
		for n, at := range begun {
			left := len(begun) - n
			err := s.TakeSlot(t.Context(), account, jobs.NewID(at), 2)
			if (err == nil) != (left < 2) {
				t.Fatalf("TakeSlot with %d of 2 slots needed by earlier jobs = %v", left, err)
			}
			f.finish(at)
		}
	})
}

// Of the jobs of one conversation all are counted, also if some have slots already.
func TestALimitCountsTheRestOfALane(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for n := range 4 {
			f.accept("One.", n == 0)
		}
		for _, limit := range []int{3, 4} { // the first process finds slots for three of them
			if err := f.opened().TakeSlot(t.Context(), account, jobs.NewID(shard), limit); err == nil {
				t.Errorf("a slot of %d was taken beside 4 unfinished jobs", limit)
			}
		}
	})
}

// What is counted is looked for in pages, in any number of lanes.
func TestALimitCountsInManyLanes(t *testing.T) {
	t.Parallel()

	f := newFixture(t, redistest.Real(t))
	for range 3000 {
		f.begin("other")
	}
	for range 8 {
		f.begin(account)
	}
	one, two := f.opened(), f.opened()
	for _, p := range []*store.Store{one, two} { // a process that has no answer in time goes on without one
		for known := false; !known; {
			_, known, _ = p.Unfinished(t.Context(), account)
		}
	}
	equal(t, "slots taken", f.crowd([]jobs.Slots{one, two}, 10), 2)
}

// Whoever asks how many unfinished jobs there are is told of the earlier ones,
// and nothing rather than a wrong number.
func TestUnfinishedCountsEarlierJobs(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		for range 7 {
			f.begin(account)
		}
		if n, known, err := f.opened().Unfinished(t.Context(), account); n != 7 || !known || err != nil {
			t.Errorf("Unfinished = %d, known %t, %v; want 7", n, known, err)
		}
		for range 100 {
			f.begin(account)
		}
		if _, known, err := f.opened().Unfinished(t.Context(), account); known || err != nil {
			t.Errorf("Unfinished of 107 = known %t, %v; want it unknown", known, err)
		}
	})
}

// A shard that is away keeps no job from being accepted by the others. Its jobs
// are counted when it is back.
func TestALimitWithAShardAway(t *testing.T) {
	t.Parallel()

	rdb, nodes := redistest.Cluster(t)
	for _, n := range nodes {
		if err := n.Client().ConfigSet(t.Context(), "cluster-require-full-coverage", "no").Err(); err != nil {
			t.Fatal(err)
		}
	}
	f := newFixture(t, rdb)
	for range 12 {
		f.begin(account)
	}
	owner := rdb.ClusterKeySlot(t.Context(), "tw:{"+account+"}:slots").Val() * 3 / 16384
	nodes[(owner+1)%3].Stop()
	s := f.opened()
	begun := time.Now()
	if err := s.TakeSlot(t.Context(), account, jobs.NewID(1), 100); err != nil {
		t.Errorf("TakeSlot with a shard away = %v", err)
	}
	if took := time.Since(begun); took > 2*time.Second {
		t.Errorf("TakeSlot took %v with a shard away", took)
	}
	nodes[(owner+1)%3].Cont()
	time.Sleep(1100 * time.Millisecond) // then it is tried again
	if n, known, err := s.Unfinished(t.Context(), account); n != 13 || !known || err != nil {
		t.Errorf("Unfinished = %d, known %t, %v; want 12 and the one that was accepted", n, known, err)
	}
}
