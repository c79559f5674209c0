package queue_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// One master of a real Cluster is stopped under load, be it the one that has
// the queue of asynq: work on the shards of the others goes on, and that on
// its own once it answers. The other masters refuse nobody for its sake.
func TestSilentMasterOfACluster(t *testing.T) {
	t.Parallel()

	queueSlot := "{" + queue.QueueName(lane.Append) + "}"
	for _, asynqs := range []bool{false, true} {
		t.Run(fmt.Sprintf("with the queue of asynq %t", asynqs), func(t *testing.T) {
			t.Parallel()

			rdb, nodes := redistest.Cluster(t)
			wake := redis.NewClusterClient(rdb.(*redis.ClusterClient).Options())
			t.Cleanup(func() { _ = wake.Close() })
			for _, n := range nodes {
				if err := n.Client().ConfigSet(t.Context(), "cluster-require-full-coverage", "no").Err(); err != nil {
					t.Fatal(err)
				}
			}
			node := func(key string) int {
				return int(rdb.ClusterKeySlot(t.Context(), key).Val()) * len(nodes) / 16384
			}
			victim := node(queueSlot)
			if !asynqs {
				victim = (victim + 1) % len(nodes)
			}
			m := newMasters()
			for shard := range 16 {
				m.on[shard] = node(fmt.Sprintf("{%d}", shard))
			}
			m.call = func(ctx context.Context, shard int) error {
				ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
				defer cancel()
				return rdb.Incr(ctx, fmt.Sprintf("{%d}", shard)).Err()
			}
			queue.PauseOnFailure(wake)
			l := queue.NewPool(lane.Append, wake, queue.Options{Concurrency: 8})
			stop := start(t, l, m, m)
			ctx, cancel := context.WithTimeout(t.Context(), 9*time.Second)
			defer cancel()
			time.AfterFunc(2*time.Second, nodes[victim].Stop)
			time.AfterFunc(7*time.Second, nodes[victim].Cont)
			m.load(ctx, l)
			for late := time.Now().Add(20 * time.Second); m.left() > 0; time.Sleep(50 * time.Millisecond) {
				if time.Now().After(late) {
					t.Fatalf("%d pieces of work are left", m.left())
				}
			}
			stop()
			for healthy := range nodes {
				if healthy == victim || len(m.times(healthy)) == 0 {
					continue
				}
				if got := ranks(m.times(healthy)); got[1] > time.Second {
					t.Errorf("work on master %d took %v (median, p99, longest), want well under a second", healthy, got)
				}
			}
			for n := range nodes {
				if took := m.times(n); len(took) > 0 {
					t.Logf("master %d, silent %t: %d pieces of work, %v (median, p99, longest)", n, n == victim, len(took), ranks(took))
				}
			}
		})
	}
}
