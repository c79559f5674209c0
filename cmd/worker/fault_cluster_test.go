package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/jobs"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// A probe is an append to a conversation, and what became of it.
type probe struct {
	receipt

	hit            bool // whether the conversation lives on the node that fails
	sent, answered time.Time
	accepted       bool
}

// A clusterLoad appends to conversations of every shard.
type clusterLoad struct {
	t     *testing.T
	c     *client
	hooks *receiver

	sound, hit []string // conversations on the nodes that stay, and on the one that fails

	mu      sync.Mutex
	samples []probe
	ledger  *ledger // of the sound ones
}

// newClusterLoad starts the processes, and makes conversations until the master
// that will fail and the others have some each.
func newClusterLoad(t *testing.T, rdb redis.UniversalClient, nodes []*redistest.Process, victim int) *clusterLoad {
	t.Helper()
	const each = 8
	settings := []string{"REDIS_URL=" + redistest.ClusterURL(nodes), "WEBHOOK_BACKOFF_INITIAL=100ms"}
	o := &clusterLoad{t: t, hooks: newReceiver(t, healthy), ledger: newLedger()}
	o.c = newClient(startWorker(t, append(settings, "ROLES=api")...))
	startWorker(t, append(settings, "ROLES=worker,dispatcher")...)
	for range 1000 {
		sent := time.Now()
		r := o.c.append("", "Begin.", o.hooks.url)
		_, shard, _ := jobs.ParseID(r.JobID)
		switch hit := masterOf(t, rdb, fmt.Sprintf("{%d}", shard)) == victim; {
		case hit && len(o.hit) < each:
			o.hit = append(o.hit, r.ConversationID)
		case !hit && len(o.sound) < 2*each:
			o.ledger.accept(entry{receipt: r, text: "Begin.", told: true, sent: sent, answered: time.Now()})
			o.sound = append(o.sound, r.ConversationID)
		}
		if len(o.hit) == each && len(o.sound) == 2*each {
			return o
		}
	}
	t.Fatal("the conversations do not spread over the shards")
	return nil
}

// masterOf returns which of the three masters has a key, as long as none has
// failed.
func masterOf(t *testing.T, rdb redis.UniversalClient, key string) int {
	t.Helper()
	slot, err := rdb.ClusterKeySlot(t.Context(), key).Result()
	if err != nil {
		t.Fatal(err)
	}
	return int(slot) * 3 / 16384
}

// run appends until the context ends, 4 times a second to each conversation
// that lets it.
func (o *clusterLoad) run(ctx context.Context) {
	var wg sync.WaitGroup
	for i, conversation := range slices.Concat(o.hit, o.sound) {
		l, hit := o.ledger, i < len(o.hit)
		if hit {
			l = newLedger() // a failover may lose what was acknowledged
		}
		wg.Go(func() {
			tick := time.NewTicker(250 * time.Millisecond)
			defer tick.Stop()
			for n := 0; ctx.Err() == nil; n++ {
				s := probe{hit: hit, sent: time.Now()}
				a, err := l.try(o.t.Context(), o.c, conversation, fmt.Sprintf("Number %d.", n), o.hooks.url)
				s.answered = time.Now()
				if err != nil {
					o.t.Errorf("append: %v", err)
				}
				if a.status == http.StatusCreated {
					s.accepted = true
					s.receipt, _ = a.receipt() // try has read it
				}
				o.mu.Lock()
				o.samples = append(o.samples, s)
				o.mu.Unlock()
				<-tick.C
			}
		})
	}
	wg.Wait()
}

// Figures are what a part of the load met with between two times.
type figures struct {
	accepted, refused int
	accept, completed []time.Duration
}

// of returns the figures of the appends sent between two times, to the node
// that failed or to the others. What was not completed counts as long as the
// test waited.
func (o *clusterLoad) of(hit bool, from, to time.Time) (f figures) {
	done := map[string]time.Time{}
	for _, d := range o.hooks.all() {
		if jobs.Status(d.Status).Final() {
			done[d.JobID] = d.at
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, s := range o.samples {
		switch {
		case s.hit != hit || s.sent.Before(from) || !s.sent.Before(to):
		case !s.accepted:
			f.refused++
			f.accept = append(f.accept, s.answered.Sub(s.sent))
		default:
			f.accepted++
			f.accept = append(f.accept, s.answered.Sub(s.sent))
			at, ended := done[s.JobID]
			if !ended {
				at = time.Now()
			}
			f.completed = append(f.completed, at.Sub(s.sent))
		}
	}
	return f
}

func (f figures) String() string {
	ms := func(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }
	return fmt.Sprintf("%d accepted, %d refused, accept p50 %v p99 %v longest %v, completed and told p50 %v p99 %v longest %v",
		f.accepted, f.refused, ms(quantile(f.accept, 0.5)), ms(quantile(f.accept, 0.99)), ms(quantile(f.accept, 1)),
		ms(quantile(f.completed, 0.5)), ms(quantile(f.completed, 0.99)), ms(quantile(f.completed, 1)))
}

// back returns when an append that was answered after the given time was
// accepted in every conversation on the node that failed, zero if that never
// was so.
func (o *clusterLoad) back(after time.Time) (last time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	first := map[string]time.Time{}
	for _, s := range o.samples {
		at, known := first[s.ConversationID]
		if s.hit && s.accepted && s.answered.After(after) && (!known || s.answered.Before(at)) {
			first[s.ConversationID] = s.answered
		}
	}
	for _, at := range first {
		if at.After(last) {
			last = at
		}
	}
	if len(first) < len(o.hit) {
		return time.Time{}
	}
	return last
}

// A clusterFault is what befalls one master of three.
type clusterFault struct {
	name       string
	has        string // a key that this master has
	replicas   bool   // whether each master has one
	begin, end func(*redistest.Process)
}

// One master of a Cluster fails under load. The shards of the others go on as
// if nothing had been, whatever else it holds, and its own are back soon after
// a replica took over, or after it is back itself.
//
//nolint:paralleltest // it measures times, and wants the machine for itself
func TestClusterLosesAMaster(t *testing.T) {
	const servers, queues = "asynq:servers", "{turnwise:append}" // what asynq keeps
	for _, tt := range []clusterFault{
		{name: "killed", has: servers, replicas: true, begin: (*redistest.Process).Kill, end: (*redistest.Process).Restart},
		{name: "silent", has: queues, replicas: true, begin: (*redistest.Process).Stop, end: (*redistest.Process).Cont},
		{name: "silent, without replicas", has: servers, begin: (*redistest.Process).Stop, end: (*redistest.Process).Cont},
		{name: "silent, without replicas, with the queue", has: queues, begin: (*redistest.Process).Stop, end: (*redistest.Process).Cont},
	} {
		t.Run(tt.name, func(t *testing.T) { testClusterLosesAMaster(t, tt) })
	}
}

func testClusterLosesAMaster(t *testing.T, tt clusterFault) {
	t.Helper()
	const slack = time.Second // what a busy machine may add
	rdb, nodes, replicas := startCluster(t, tt.replicas)
	victim := masterOf(t, rdb, tt.has)
	o := newClusterLoad(t, rdb, slices.Concat(nodes, replicas), victim)
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { o.run(ctx) })
	t.Cleanup(wg.Wait)
	t.Cleanup(cancel)

	time.Sleep(time.Second) // connections are made
	start := time.Now()
	time.Sleep(lasts(2*time.Second, 20*time.Second))
	fails := time.Now()
	tt.begin(nodes[victim])
	var healed time.Time // when somebody has its slots again
	if tt.replicas {
		healed = promotion(t, replicas[victim])
	}
	time.Sleep(time.Until(fails.Add(lasts(5*time.Second, time.Minute))))
	ends := time.Now()
	tt.end(nodes[victim])
	if !tt.replicas {
		healed = ends
	}
	time.Sleep(3 * time.Second)
	cancel()
	wg.Wait()

	before, during := o.of(false, start, fails), o.of(false, fails, ends)
	t.Logf("other shards before: %v", before)
	t.Logf("other shards during: %v", during)
	itself := o.of(true, start, ends)
	t.Logf("its shards, all the time: %v", itself)
	back := o.back(healed)
	t.Logf("healed %v after the fault, accepted %v later", healed.Sub(fails).Round(time.Millisecond), back.Sub(healed).Round(time.Millisecond))
	if took := back.Sub(healed); back.IsZero() || took > 2*time.Second+slack {
		t.Errorf("its shards accepted %v after somebody had them, want 2s at most", took)
	}
	if took := quantile(itself.accept, 1); took > 2*time.Second+slack {
		t.Errorf("an append to its shards was answered after %v, want 2s at most", took)
	}
	if during.refused > 0 {
		t.Errorf("%d appends to the other shards were refused", during.refused)
	}
	if limit := max(quantile(before.accept, 0.99)*3/2, slack/2); quantile(during.accept, 0.99) > limit {
		t.Errorf("p99 of accepts on the other shards rose to %v, want %v at most", quantile(during.accept, 0.99), limit)
	}
	// Until it is known which shards do not answer, some wait behind them.
	if took := quantile(during.completed, 1); took > 2*time.Second+slack {
		t.Errorf("a completion on the other shards took %v, want 2s at most", took)
	}
	later := o.of(false, fails.Add(3*time.Second), ends)
	t.Logf("other shards, later: %v", later)
	if limit := max(quantile(before.completed, 0.99)*3/2, slack); quantile(later.completed, 0.99) > limit {
		t.Errorf("p99 of completions on the other shards rose to %v, want %v at most", quantile(later.completed, 0.99), limit)
	}
	o.ledger.check(t, o.c, nil)
	for _, conversation := range o.sound {
		o.hooks.checkLives(t, jobs.Completed, o.ledger.told(conversation)...)
	}
}

func startCluster(t *testing.T, replicated bool) (rdb redis.UniversalClient, nodes, replicas []*redistest.Process) {
	t.Helper()
	uncovered := []string{"--cluster-require-full-coverage", "no"} // or Redis itself stops every shard
	if replicated {
		return redistest.ReplicatedCluster(t, time.Second, uncovered...)
	}
	rdb, nodes = redistest.Cluster(t, uncovered...)
	return rdb, nodes, nil
}

// promotion returns when the replica became a master.
func promotion(t *testing.T, replica *redistest.Process) time.Time {
	t.Helper()
	rdb := replica.Client()
	await(t, "the replica takes over", func() bool {
		return strings.Contains(rdb.Info(t.Context(), "replication").Val(), "role:master")
	})
	return time.Now()
}
