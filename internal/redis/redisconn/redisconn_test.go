package redisconn_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redisconn"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func open(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	rdb, err := redisconn.Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rdb.Close() })
	return rdb
}

func TestOpenReachesEveryKindOfRedis(t *testing.T) {
	t.Parallel()

	t.Run("password and database", func(t *testing.T) {
		t.Parallel()

		p := redistest.Server(t)
		if err := p.Client().ConfigSet(t.Context(), "requirepass", "p@ss").Err(); err != nil {
			t.Fatal(err)
		}
		writes(t, open(t, "redis://:p%40ss@"+p.Addr+"/2"))
	})
	t.Run("socket", func(t *testing.T) {
		t.Parallel()

		p := redistest.Server(t, "--unixsocket", "s")
		writes(t, open(t, "unix://"+filepath.Join(p.Dir, "s")))
	})
	t.Run("sentinel", func(t *testing.T) {
		t.Parallel()

		master, sentinel := redistest.Server(t), redistest.Server(t, "--sentinel")
		host, port, err := net.SplitHostPort(master.Addr)
		if err != nil {
			t.Fatal(err)
		}
		if err := sentinel.Client().Do(t.Context(), "SENTINEL", "MONITOR", "main", host, port, 1).Err(); err != nil {
			t.Fatal(err)
		}
		writes(t, open(t, "redis+sentinel://"+sentinel.Addr+"/main"))
		if n := master.Client().DBSize(t.Context()).Val(); n != 1 {
			t.Errorf("the master holds %d keys, want the one written", n)
		}
	})
	t.Run("cluster", func(t *testing.T) {
		t.Parallel()

		_, nodes := redistest.Cluster(t)
		rdb := open(t, "redis+cluster://"+nodes[2].Addr+","+nodes[1].Addr)
		writes(t, rdb)
		if r := inspect(t, rdb); len(r.Nodes) != len(nodes) {
			t.Errorf("Inspect found %d masters, want %d", len(r.Nodes), len(nodes))
		}
	})
}

func writes(t *testing.T, rdb redis.UniversalClient) {
	t.Helper()
	if err := rdb.Set(t.Context(), "key", "value", 0).Err(); err != nil {
		t.Errorf("SET: %v", err)
	}
}

func TestDeadlinesHoldWhileRedisHangs(t *testing.T) {
	t.Parallel()

	p := redistest.Server(t)
	rdb := open(t, p.URL())
	writes(t, rdb)
	p.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if err := rdb.Ping(ctx).Err(); err == nil || time.Since(start) > time.Second {
		t.Errorf("PING of a Redis that hangs: %v after %v, want an error after 50ms", err, time.Since(start))
	}
}

func inspect(t *testing.T, rdb redis.UniversalClient) redisconn.Report {
	t.Helper()
	r, err := redisconn.Inspect(t.Context(), rdb)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestInspect(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name    string
		args    []string
		want    redisconn.Durability
		warning string
		refused bool
	}{
		{name: "synced", args: []string{"--appendonly", "yes", "--appendfsync", "always"}, want: redisconn.Disk},
		{name: "every second", args: []string{"--appendonly", "yes", "--appendfsync", "everysec"}, want: redisconn.Fast},
		{
			name: "synced when it pleases", args: []string{"--appendonly", "yes", "--appendfsync", "no"},
			want: redisconn.Memory, warning: "when the system pleases",
		},
		{name: "nothing", want: redisconn.Memory, warning: "keeps nothing on disk"},
		{name: "snapshots", args: []string{"--save", "3600 1"}, want: redisconn.Memory, warning: "only takes snapshots"},
		{
			name: "evicts", args: []string{"--maxmemory-policy", "allkeys-lru", "--appendonly", "yes"},
			want: redisconn.Fast, warning: "may drop jobs", refused: true,
		},
		{
			name: "managed", args: []string{"--rename-command", "CONFIG", "", "--appendonly", "yes"},
			want: redisconn.Unknown, warning: "does not say whether",
		},
		{
			name: "managed and evicts", args: []string{"--rename-command", "CONFIG", "", "--maxmemory-policy", "volatile-ttl"},
			want: redisconn.Memory, warning: "may drop jobs", refused: true,
		},
		{
			name: "replica", args: []string{"--appendonly", "yes", "--replicaof", "127.0.0.1 1"},
			want: redisconn.Fast, warning: "is a replica",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			p := redistest.Server(t, tt.args...)
			r := inspect(t, p.Client())
			if got := r.Durability(); got != tt.want {
				t.Errorf("Durability() = %s, want %s: %+v", got, tt.want, r)
			}
			warnings := strings.Join(r.Warnings(), "\n")
			if !strings.Contains(warnings, tt.warning) || (warnings != "") != (tt.warning != "") {
				t.Errorf("Warnings() = %q, want one with %q", warnings, tt.warning)
			}
			if got := r.MayEvict(); got != tt.refused {
				t.Errorf("MayEvict() = %t, want %t", got, tt.refused)
			}
			err := r.Refuse(false)
			if (err != nil) != tt.refused || err != nil && !strings.Contains(err.Error(), "TURNWISE_ALLOW_EVICTION") {
				t.Errorf("Refuse(false) = %v, want refused %t and the way out", err, tt.refused)
			}
			if err := r.Refuse(true); err != nil {
				t.Errorf("Refuse(true) = %v, want nil", err)
			}
		})
	}
}

// The configuration that operators start from must be one that passes.
func TestInspectFindsNoFaultWithOurConfiguration(t *testing.T) {
	t.Parallel()

	conf, err := filepath.Abs("../../../config/redis.conf")
	if err != nil {
		t.Fatal(err)
	}
	r := inspect(t, redistest.Server(t, "--include", conf).Client())
	if r.Durability() != redisconn.Disk || r.Refuse(false) != nil || len(r.Warnings()) != 0 {
		t.Errorf("Inspect = %+v, warnings %q; want nothing to complain about", r, r.Warnings())
	}
}

func TestInspectMayBeDenied(t *testing.T) {
	t.Parallel()

	rdb := redistest.Real(t)
	if err := rdb.Do(t.Context(), "ACL", "SETUSER", "default", "-info").Err(); err != nil {
		t.Fatal(err)
	}
	r := inspect(t, rdb)
	if got := r.Durability(); got != redisconn.Unknown {
		t.Errorf("Durability() = %s, want %s", got, redisconn.Unknown)
	}
	if w := r.Warnings(); len(w) != 2 || !strings.Contains(w[1], "does not say its maxmemory-policy") {
		t.Errorf("Warnings() = %q, want one about durability and one about eviction", w)
	}
}

func TestInspectMemory(t *testing.T) {
	t.Parallel()

	r := inspect(t, redistest.New(t))
	if got := r.Durability(); got != redisconn.Memory {
		t.Errorf("Durability() = %s, want %s", got, redisconn.Memory)
	}
	if w := r.Warnings(); len(w) != 1 || !strings.Contains(w[0], "in memory") {
		t.Errorf("Warnings() = %q, want that everything will be lost", w)
	}
	if err := r.Refuse(false); err != nil {
		t.Errorf("Refuse(false) = %v, want nil", err)
	}
}

func TestInspectReportsThatRedisIsAway(t *testing.T) {
	t.Parallel()

	p := redistest.Server(t)
	rdb := open(t, p.URL())
	p.Kill()
	if r, err := redisconn.Inspect(t.Context(), rdb); err == nil {
		t.Errorf("Inspect of a dead Redis = %+v, want an error", r)
	}
}

func TestDurabilityIsThatOfTheWeakestNode(t *testing.T) {
	t.Parallel()

	r := redisconn.Report{Nodes: []redisconn.Node{
		{Persistence: redisconn.Disk}, {Persistence: redisconn.Memory}, {Persistence: redisconn.Fast},
	}}
	if got := r.Durability(); got != redisconn.Memory {
		t.Errorf("Durability() = %s, want %s", got, redisconn.Memory)
	}
	if got := (redisconn.Report{}).Durability(); got != redisconn.Unknown {
		t.Errorf("Durability() of an empty report = %s, want %s", got, redisconn.Unknown)
	}
}

// Not parallel: the library has one logger per process.
func TestSendLogsTo(t *testing.T) {
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	redisconn.SendLogsTo(log)
	t.Cleanup(func() { redisconn.SendLogsTo(slog.New(slog.DiscardHandler)) })

	rdb := open(t, "redis://127.0.0.1:1")
	if err := rdb.Ping(t.Context()).Err(); err == nil {
		t.Fatal("somebody answers at port 1")
	}
	if !strings.Contains(out.String(), "redis client spoke") {
		t.Errorf("log = %q, want what the library said", out.String())
	}
}
