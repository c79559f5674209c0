package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// A Redis whose memory is full refuses new jobs, half-writes nothing, and
// still works off the jobs it has.
func TestFullRedisStillDrains(t *testing.T) {
	t.Parallel()
	f := newFixture(t, redistest.Real(t))
	first := f.accept("One.", true)
	f.accept("Two.", false)
	if err := f.rdb.ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}
	_, _, err := f.Accept(t.Context(), jobs.Job{
		ID: jobs.NewID(shard), Account: account, ConversationID: talk,
		Utterances: []analysis.Utterance{{Text: "Three."}},
	}, jobs.Terms{})
	if !errors.Is(err, jobs.ErrUnavailable) {
		t.Fatalf("Accept by a full Redis = %v, want ErrUnavailable", err)
	}
	f.lose(lane.Append)
	if ring, _, err := f.Sweep(t.Context(), lane.Append, shard); !ring || err != nil {
		t.Errorf("Sweep of a full Redis = %t, %v; want a ring", ring, err)
	}
	held := f.claim(1)
	if err := f.Renew(t.Context(), held.Claim); err != nil {
		t.Errorf("Renew by a full Redis = %v, want no error", err)
	}
	c := f.commit(held, 1, store.Next{Stay: true, Most: 1})
	f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "no use", Final: true}, store.Next{})
	equal(t, "messages", f.texts(), []string{"One."})
	equal(t, "events", sorted(f.events(), []string{first.ID}),
		[]string{first.ID + " 1 scheduled", first.ID + " 2 in_progress", first.ID + " 3 completed"})
	state := strings.Split(f.rdb.Get(t.Context(), f.keys("tw:{*}:l:*")[0]).Val(), "\x1f")
	equal(t, "numbers given out", state[2], "2")
}

func TestScriptsSurviveAFlushOfTheCache(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		if err := f.rdb.ScriptFlush(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		f.commit(f.claim(1), 1, store.Next{})
		equal(t, "messages", f.texts(), []string{"One."})
	})
}

func TestRedisAway(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t)
	f := newFixture(t, srv.Client())
	srv.Kill()
	_, _, err := f.ClaimOne(t.Context(), shard, 1)
	if !errors.Is(err, jobs.ErrUnavailable) {
		t.Errorf("Claim without Redis = %v, want ErrUnavailable", err)
	}
	if err := f.Probe(t.Context(), true); !errors.Is(err, jobs.ErrUnavailable) {
		t.Errorf("Probe without Redis = %v, want ErrUnavailable", err)
	}
}

// What was acknowledged, pending, leased and counted is back after a restart
// of a Redis that keeps an append-only file.
func TestStateSurvivesARestart(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	f := newFixture(t, srv.Client())
	f.accept("One.", true)
	two := f.accept("Two.", false)
	c := f.claim(1)
	srv.Kill()
	srv.Restart()
	f = &fixture{t: t, rdb: srv.Client(), Store: store.New(srv.Client(), store.Options{Shards: shards, Lease: time.Minute})}
	if err := f.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	if other := f.claim(1); other != nil {
		t.Errorf("Claim after the restart = %+v, want the lease to live on", other)
	}
	c = f.commit(c, 1, store.Next{Stay: true, Most: 1})
	equal(t, "the next job", c.Jobs[0].ID, two.ID)
}

func TestOpenRefusesAnotherNumberOfShards(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		err := store.New(f.rdb, store.Options{Shards: shards + 1}).Open(t.Context())
		if err == nil || !strings.Contains(err.Error(), "TURNWISE_SHARDS is 5: set it to 4") {
			t.Errorf("Open = %v, want a sentence with both numbers", err)
		}
		adopting := store.New(f.rdb, store.Options{})
		if err := adopting.Open(t.Context()); err != nil || adopting.Shards() != shards {
			t.Errorf("Open without a number = %v and %d shards, want those in Redis", err, adopting.Shards())
		}
	})
}

// Everything works on a Redis Cluster of three masters, where a script must
// stay within one slot.
func TestCluster(t *testing.T) {
	t.Parallel()
	rdb, _ := redistest.Cluster(t)
	f := newFixture(t, rdb)
	job := f.accept("One.", true)
	f.commit(f.claim(16), 1, store.Next{Stay: true, Move: true, Most: 16})
	equal(t, "messages", f.texts(), []string{"One."})
	equal(t, "events", f.events(), []string{job.ID + " 1 scheduled", job.ID + " 2 in_progress", job.ID + " 3 completed"})
	if _, _, err := f.BindKey(t.Context(), account, "key", "a", job.ID); err != nil {
		t.Errorf("BindKey: %v", err)
	}
	if err := f.TakeSlot(t.Context(), account, jobs.NewID(1), 1); err != nil {
		t.Errorf("TakeSlot: %v", err)
	}
	if err := f.TakeSlot(t.Context(), account, jobs.NewID(2), 1); err == nil {
		t.Error("TakeSlot over the limit: want no room")
	}
}
