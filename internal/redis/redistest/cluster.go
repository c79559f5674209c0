package redistest

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
)

// masters is the number of masters of a test's cluster, the least there may be.
const masters = 3

// Cluster starts three masters, each with a third of the slots and no replica,
// and returns a client of the cluster, as the product opens it, with its
// nodes. A node that is killed takes its slots away until it is restarted. The
// arguments are those of every node, and win.
func Cluster(t testing.TB, args ...string) (redis.UniversalClient, []*Process) {
	t.Helper()
	nodes := clusterNodes(t, masters, append([]string{"--cluster-node-timeout", "1000"}, args...))
	join(t, nodes)
	return Open(t, ClusterURL(nodes)), nodes
}

// ReplicatedCluster is as [Cluster], and the replica with the number of a
// master takes over when that has been silent for some longer than the
// nodeTimeout.
func ReplicatedCluster(t testing.TB, nodeTimeout time.Duration, args ...string) (rdb redis.UniversalClient, mains, replicas []*Process) {
	t.Helper()
	ms := strconv.FormatInt(nodeTimeout.Milliseconds(), 10)
	nodes := clusterNodes(t, 2*masters, append([]string{"--cluster-node-timeout", ms}, args...))
	mains, replicas = nodes[:masters], nodes[masters:]
	join(t, nodes)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for i, r := range replicas {
		id := mains[i].Client().Do(ctx, "CLUSTER", "MYID").Val()
		if err := r.Client().Do(ctx, "CLUSTER", "REPLICATE", id).Err(); err != nil {
			t.Fatalf("give a master its replica: %v", err)
		}
	}
	for i, n := range nodes {
		c := n.Client()
		await(ctx, t, "every node to know the replicas", func() (string, bool) {
			known := c.ClusterNodes(ctx).Val()
			return known, strings.Count(known, "slave ") == masters
		})
		if i >= masters {
			await(ctx, t, "a replica to have all", func() (string, bool) {
				info := c.Info(ctx, "replication").Val()
				return info, strings.Contains(info, "master_link_status:up")
			})
		}
	}
	return Open(t, ClusterURL(nodes)), mains, replicas
}

// ClusterURL returns the URL of the cluster that the nodes form.
func ClusterURL(nodes []*Process) string { return "redis+cluster://" + addrs(nodes) }

func addrs(nodes []*Process) string {
	all := make([]string, len(nodes))
	for i, n := range nodes {
		all[i] = n.Addr
	}
	return strings.Join(all, ",")
}

// Open returns a client of the URL as the product opens it, closed with the
// test.
func Open(t testing.TB, url string) redis.UniversalClient {
	t.Helper()
	rdb, err := redisconn.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	return closed(t, rdb)
}

func clusterNodes(t testing.TB, count int, args []string) []*Process {
	t.Helper()
	nodes := make([]*Process, count)
	for i := range nodes {
		_, bus, err := net.SplitHostPort(freeAddr(t))
		if err != nil {
			t.Fatal(err)
		}
		nodes[i] = Server(t, append([]string{"--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-port", bus}, args...)...)
	}
	return nodes
}

// join shares the slots out among the first nodes, introduces all to the first
// one, and waits until each of them finds the cluster complete.
func join(t testing.TB, nodes []*Process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	const slots = 16384
	first := nodes[0].Client()
	host, port, _ := net.SplitHostPort(nodes[0].Addr) // ours, so it splits
	bus := first.ConfigGet(ctx, "cluster-port").Val()["cluster-port"]
	for i, n := range nodes {
		rdb := n.Client()
		if i < masters {
			from, to := i*slots/masters, (i+1)*slots/masters-1
			if err := rdb.ClusterAddSlotsRange(ctx, from, to).Err(); err != nil {
				t.Fatalf("give slots to a node: %v", err)
			}
		}
		if err := rdb.Do(ctx, "CLUSTER", "SET-CONFIG-EPOCH", i+1).Err(); err != nil {
			t.Fatalf("number a node: %v", err)
		}
		if i == 0 {
			continue
		}
		if err := rdb.Do(ctx, "CLUSTER", "MEET", host, port, bus).Err(); err != nil {
			t.Fatalf("introduce a node: %v", err)
		}
	}
	known := "cluster_known_nodes:" + strconv.Itoa(len(nodes)) + "\r\n"
	for _, n := range nodes {
		rdb := n.Client()
		await(ctx, t, "the cluster to be complete", func() (string, bool) {
			info := rdb.ClusterInfo(ctx).Val()
			return info, strings.Contains(info, "cluster_state:ok") && strings.Contains(info, known)
		})
	}
}

// await asks until the answer is the one wanted, or fails the test with it.
func await(ctx context.Context, t testing.TB, what string, ask func() (answer string, ok bool)) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		answer, ok := ask()
		if ok {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s: %s", what, answer)
		case <-tick.C:
		}
	}
}
