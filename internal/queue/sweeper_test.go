package queue_test

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

const (
	account = "acme"
	talk    = "5815170693595136"
	shards  = 4
)

var shard = lane.ShardOf(talk, shards)

func open(t *testing.T, rdb redis.UniversalClient) *store.Store {
	t.Helper()
	s := store.New(rdb, store.Options{Shards: shards})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// accept accepts a job, as a process does that dies before it rings.
func accept(t *testing.T, s *store.Store) {
	t.Helper()
	_, _, err := s.Accept(t.Context(), jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: talk,
		Utterances: []analysis.Utterance{{Text: "Hello."}},
	}, jobs.Terms{Create: true})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSweepFindsWhatNobodyRangFor says how soon.
func TestSweepFindsWhatNobodyRangFor(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name     string
		before   func(t *testing.T, s *store.Store) // makes a lane due
		from, to time.Duration
	}{
		{"a ring that got lost", accept, 0, 750 * time.Millisecond}, // it is on its way for 500 ms
		{"the end of a backoff", func(t *testing.T, s *store.Store) {
			accept(t, s)
			fail(t, s, claim(t, s), 2*time.Second)
		}, 2 * time.Second, 2*time.Second + 10*time.Millisecond},
		{"the end of a dead worker's lease", func(t *testing.T, s *store.Store) {
			accept(t, s)
			claim(t, s)
		}, 4 * time.Second, 4*time.Second + 10*time.Millisecond},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				s, y := open(t, rdb), newTally()
				time.Sleep(123 * time.Millisecond)
				tt.before(t, s)
				begun := time.Now()
				start(t, queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Meter: y}), y, s)
				y.await(t, "a drain", func() bool { return len(y.drained) > 0 })
				if took := time.Since(begun); took < tt.from || took > tt.to {
					t.Errorf("found after %v, want between %v and %v", took, tt.from, tt.to)
				}
				y.read(func() {
					equal(t, "shard and sweeps that found something", []int{y.drained[0], y.found}, []int{shard, 1})
				})
			})
		})
	}
}

func claim(t *testing.T, s *store.Store) *jobs.Claim {
	t.Helper()
	claims, _, err := s.Claim(t.Context(), shard, jobs.Want{Lanes: 1, Jobs: 1})
	if err != nil || len(claims) != 1 {
		t.Fatalf("Claim = %v, %v", claims, err)
	}
	return claims[0]
}

func fail(t *testing.T, s *store.Store, c *jobs.Claim, delay time.Duration) {
	t.Helper()
	if _, _, err := s.Fail(t.Context(), c, jobs.Failure{JobID: c.Jobs[0].ID, Delay: delay}, 0); err != nil {
		t.Fatal(err)
	}
}

// Of many processes one rings for a lane, not all of them.
func TestSweepersShareTheWork(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		s, y := open(t, rdb), newTally()
		accept(t, s)
		for range 5 {
			start(t, queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Meter: y}), y, s)
			synctest.Wait()
		}
		time.Sleep(2500 * time.Millisecond) // a ring is repeated after half a second
		y.read(func() {
			if y.found < 3 || y.found > 5 {
				t.Errorf("%d rings in 2.5 s by five sweepers, want one each half second", y.found)
			}
		})
	})
}

// An active shard is swept every 200 to 250 ms, an idle one every 3.2 to 4 s;
// sooner if a lane is due sooner, but never without a pause; one that does not
// answer every 400 to 500 ms.
func TestPaceOfSweeps(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name        string
		active      bool
		again       time.Duration // what the Sweeper answers
		err         error
		least, most int // sweeps in twelve seconds
	}{
		{"idle, nothing there", false, 0, nil, 4, 5},
		{"idle, something much later", false, time.Hour, nil, 4, 5},
		{"idle, something soon", false, 100 * time.Millisecond, nil, 120, 150},
		{"active, nothing there", true, 0, nil, 48, 61},
		{"active, something much later", true, time.Hour, nil, 48, 61},
		{"something at once", false, time.Nanosecond, nil, 1200, 1500},
		{"no answer", false, 0, errNoAnswer, 24, 30},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				var asked [shards]atomic.Int64
				l := queue.NewPool(lane.Deliver, rdb, queue.Options{Shards: shards})
				stop := start(t, l, newTally(),
					sweep(func(_ context.Context, kind lane.Kind, shard int) (bool, time.Duration, error) {
						if kind != lane.Deliver {
							t.Errorf("swept %s lanes", kind)
						}
						asked[shard].Add(1)
						return false, tt.again, tt.err
					}))
				for begun := time.Now(); time.Since(begun) < 12*time.Second; time.Sleep(time.Second) {
					for shard := range asked {
						if tt.active {
							l.Ring(t.Context(), shard)
						}
					}
				}
				stop()
				for shard := range asked {
					if n := int(asked[shard].Load()); n < tt.least || n > tt.most+1 {
						t.Errorf("shard %d was asked %d times in 12s, want %d to %d", shard, n, tt.least, tt.most)
					}
				}
			})
		})
	}
}

// A ring makes an idle shard active at once: what follows is swept for within
// the short pause, not at the end of the long one.
func TestRingEndsTheIdlePause(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		var asked atomic.Int64
		l := queue.NewPool(lane.Append, rdb, queue.Options{Shards: 1})
		start(t, l, newTally(), sweep(func(context.Context, lane.Kind, int) (bool, time.Duration, error) {
			asked.Add(1)
			return false, 0, nil
		}))
		time.Sleep(10 * time.Second)
		before := asked.Load()
		l.Ring(t.Context(), 0)
		time.Sleep(300 * time.Millisecond)
		if n := asked.Load() - before; n < 1 || n > 2 { // two if the long pause has just ended
			t.Errorf("%d sweeps within 300ms of a ring, want one", n)
		}
	})
}

// On a cluster one master may be away: the shards on the others must not
// suffer, because the sweep is what everything rests on.
func TestSweepGoesOnBesideAShardThatIsAway(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		y, d := newTally(), newLogRecorder()
		var away atomic.Bool
		away.Store(true)
		start(t, queue.NewPool(lane.Append, rdb, queue.Options{Shards: shards, Log: d.log()}), y,
			sweep(func(_ context.Context, _ lane.Kind, shard int) (bool, time.Duration, error) {
				if shard == 1 && away.Load() {
					return false, 0, errors.New("CLUSTERDOWN")
				}
				return true, 0, nil
			}))
		time.Sleep(time.Second)
		drains := map[int]int{}
		y.read(func() {
			for _, shard := range y.drained {
				drains[shard]++
			}
		})
		for _, shard := range []int{0, 2, 3} {
			if drains[shard] < 4 {
				t.Errorf("shard %d was drained %d times in a second, want 4 or more", shard, drains[shard])
			}
		}
		equal(t, "complaints while it lasts", d.count("ERROR sweep failed"), 1)
		away.Store(false)
		time.Sleep(time.Second)
		equal(t, "news of its end", d.count("INFO sweep recovered"), 1)
	})
}

// Redis goes away and comes back: one complaint, one piece of good news, and
// what was accepted before is found.
func TestSweepSurvivesAnOutage(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	s, y, d := open(t, srv.Client()), newTally(), newLogRecorder()
	accept(t, s)
	c := claim(t, s) // so that it is not due yet
	wake := srv.Client()
	queue.PauseOnFailure(wake)
	start(t, queue.NewPool(lane.Append, wake, queue.Options{Shards: shards, Log: d.log()}), y, s)
	srv.Kill()
	d.await(t, "ERROR sweep failed")
	srv.Restart()
	d.await(t, "INFO sweep recovered")
	equal(t, "complaints", d.count("ERROR sweep failed"), 1)
	y.await(t, "a drain of each shard, since replies may have been lost", func() bool {
		return len(slices.Compact(slices.Sorted(slices.Values(y.drained)))) == shards
	})
	time.Sleep(600 * time.Millisecond) // the queue of asynq has answered
	var before int
	y.read(func() { before = len(y.drained) })
	if _, err := s.Release(t.Context(), c.Claim); err != nil {
		t.Fatal(err)
	}
	y.await(t, "a drain", func() bool { return len(y.drained) > before })
	y.read(func() { equal(t, "shard drained", y.drained[before], shard) })
}
