package redistest

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// masters is the number of nodes of a test's cluster, the least there may be.
const masters = 3

// Cluster starts three masters, each with a third of the slots and no replica,
// and returns a client of the cluster with its nodes. A node that is killed
// takes its slots away until it is restarted.
func Cluster(t testing.TB) (redis.UniversalClient, []*Process) {
	t.Helper()
	nodes := make([]*Process, masters)
	addrs := make([]string, masters)
	for i := range nodes {
		_, bus, err := net.SplitHostPort(freeAddr(t))
		if err != nil {
			t.Fatal(err)
		}
		nodes[i] = Server(t, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf",
			"--cluster-node-timeout", "1000", "--cluster-port", bus)
		addrs[i] = nodes[i].Addr
	}
	join(t, nodes)
	o := options("")
	return closed(t, redis.NewClusterClient(&redis.ClusterOptions{
		Addrs:                    addrs,
		ContextTimeoutEnabled:    o.ContextTimeoutEnabled,
		DialTimeout:              o.DialTimeout,
		DialerRetries:            o.DialerRetries,
		ReadTimeout:              o.ReadTimeout,
		WriteTimeout:             o.WriteTimeout,
		PoolSize:                 o.PoolSize,
		DisableIdentity:          o.DisableIdentity,
		MaintNotificationsConfig: o.MaintNotificationsConfig,
	})), nodes
}

// join shares the slots out, introduces the nodes to the first one, and waits
// until all of them find the cluster complete.
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
		from, to := i*slots/masters, (i+1)*slots/masters-1
		if err := rdb.ClusterAddSlotsRange(ctx, from, to).Err(); err != nil {
			t.Fatalf("give slots to a node: %v", err)
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
	for _, n := range nodes {
		awaitComplete(ctx, t, n.Client())
	}
}

func awaitComplete(ctx context.Context, t testing.TB, rdb redis.UniversalClient) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		info := rdb.ClusterInfo(ctx).Val()
		if strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("the cluster is not complete: %s", info)
		case <-tick.C:
		}
	}
}
