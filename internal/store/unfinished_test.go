package store_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis"
	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// Unfinished are the jobs that wait and those under way, of one account, in all shards.
func TestCountUnfinished(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		count := func(when string, want int) {
			t.Helper()
			if n, err := f.CountUnfinished(t.Context(), account); n != want || err != nil {
				t.Errorf("%s: CountUnfinished = %d, %v; want %d", when, n, err, want)
			}
		}
		count("at the beginning", 0)
		for n := range 5 {
			f.accept(strconv.Itoa(n), n == 0)
		}
		f.acceptFor("other", "", 3)
		f.acceptElsewhere(2)
		count("with seven jobs in two shards", 7)
		c := f.claim(2)
		count("with one under way", 7)
		c = f.commit(c, 1, store.Next{Stay: true, Most: 1})
		count("with one completed", 6)
		f.fail(c, jobs.Failure{JobID: c.Jobs[0].ID, Reason: "so", Final: true}, store.Next{})
		count("with one failed", 5)
	})
}

// acceptElsewhere accepts jobs in another shard.
func (f *fixture) acceptElsewhere(n int) {
	f.t.Helper()
	for range n {
		id := jobs.NewID((shard + 1) % shards)
		job := jobs.Job{ID: id, Account: account, ConversationID: id, Utterances: []analysis.Utterance{{Text: "Hi."}}}
		if _, _, err := f.Accept(f.t.Context(), job, jobs.Terms{Create: true}); err != nil {
			f.t.Fatal(err)
		}
	}
}

// Of a Cluster, the masters that answer in time are counted.
func TestCountUnfinishedBesideASilentMaster(t *testing.T) {
	t.Parallel()
	rdb, nodes := redistest.Cluster(t)
	s := store.New(rdb, store.Options{Shards: 16})
	if err := s.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	for n := range 16 {
		id := jobs.NewID(n)
		job := jobs.Job{ID: id, Account: account, ConversationID: id, Utterances: []analysis.Utterance{{Text: "Hi."}}}
		if _, _, err := s.Accept(t.Context(), job, jobs.Terms{Create: true}); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.CountUnfinished(t.Context(), account); n != 16 || err != nil {
		t.Errorf("CountUnfinished = %d, %v; want 16", n, err)
	}
	nodes[0].Stop()
	defer nodes[0].Cont()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	began := time.Now()
	n, err := s.CountUnfinished(ctx, account)
	if n == 0 || n == 16 || err != nil {
		t.Errorf("CountUnfinished beside a silent master = %d, %v; want some of the 16", n, err)
	}
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("it took %v", took)
	}
}
