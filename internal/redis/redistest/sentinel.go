package redistest

import (
	"context"
	"net"
	"strconv"
	"testing"
	"time"
)

// Sentinels are three Sentinels that watch over a master and its replicas.
type Sentinels struct {
	Master    *Process
	Replicas  []*Process
	Sentinels []*Process
	URL       string // as the product reads it
}

// Sentinel starts a master with two replicas, and three Sentinels, of which
// two must find that the master has been silent for down before one of the
// replicas takes over.
func Sentinel(t testing.TB, down time.Duration) Sentinels {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	s := Sentinels{Master: Server(t)}
	host, port, _ := net.SplitHostPort(s.Master.Addr) // ours, so it splits
	for range 2 {
		s.Replicas = append(s.Replicas, Server(t, "--replicaof", host+" "+port, "--repl-diskless-sync-delay", "0"))
	}
	for range 3 {
		p := Server(t, "--sentinel")
		c := p.Client()
		if err := c.Do(ctx, "SENTINEL", "MONITOR", "main", host, port, 2).Err(); err != nil {
			t.Fatalf("have a Sentinel watch: %v", err)
		}
		for name, d := range map[string]time.Duration{"down-after-milliseconds": down, "failover-timeout": 10 * time.Second} {
			if err := c.Do(ctx, "SENTINEL", "SET", "main", name, strconv.FormatInt(d.Milliseconds(), 10)).Err(); err != nil {
				t.Fatalf("set %s of a Sentinel: %v", name, err)
			}
		}
		s.Sentinels = append(s.Sentinels, p)
	}
	for _, p := range s.Sentinels {
		c := p.Client()
		await(ctx, t, "the Sentinels and replicas to be found", func() (string, bool) {
			others, _ := c.Do(ctx, "SENTINEL", "SENTINELS", "main").Slice()
			replicas, err := c.Do(ctx, "SENTINEL", "REPLICAS", "main").Slice()
			return strconv.Itoa(len(others)) + " and " + strconv.Itoa(len(replicas)), err == nil && len(others) == 2 && len(replicas) == 2
		})
	}
	s.URL = "redis+sentinel://" + addrs(s.Sentinels) + "/main"
	return s
}
