package redisconn_test

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// What the clients repeat by themselves when a reply is lost, so that nobody
// relies on less: nothing on one server, and on a Cluster up to four times.
func TestLostRepliesAreRepeatedByTheClusterClientOnly(t *testing.T) {
	t.Parallel()

	for scheme, want := range map[string]int64{"redis": 1, "redis+cluster": 4} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()

			var ran atomic.Int64
			rdb := open(t, scheme+"://"+redistest.Fake(t, func(c *server.Peer, name string, _ []string) {
				if name == "EVALSHA" {
					ran.Add(1)
				}
				c.Close()
			}))
			if err := rdb.EvalSha(t.Context(), "sha", []string{"key"}).Err(); err == nil {
				t.Error("EVALSHA whose reply was lost has no error")
			}
			if n := ran.Load(); n != want {
				t.Errorf("EVALSHA ran %d times, want %d", n, want)
			}
		})
	}
}

// What a Cluster cannot do yet is tried again inside, for a while, and in a
// pipeline for each command.
func TestClusterClientTriesAgain(t *testing.T) {
	t.Parallel()

	for _, refusal := range []string{
		"TRYAGAIN Multiple keys request during rehashing of slot",
		"CLUSTERDOWN The cluster is down",
	} {
		t.Run(refusal, func(t *testing.T) {
			t.Parallel()

			var (
				mu      sync.Mutex
				refused = make(map[string]int)
			)
			rdb := open(t, "redis+cluster://"+redistest.Fake(t, func(c *server.Peer, name string, args []string) {
				if name != "GET" {
					c.WriteOK()
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if times := map[string]int{"ready": 0, "soon": 9, "later": 12, "never": 1 << 30}[args[0]]; refused[args[0]] < times {
					refused[args[0]]++
					c.WriteError(refusal)
					return
				}
				c.WriteBulk(args[0])
			}))
			if got, err := rdb.Get(t.Context(), "soon").Result(); got != "soon" || err != nil {
				t.Errorf("GET of what is refused for a while = %q, %v", got, err)
			}
			pipe := rdb.Pipeline()
			ready, later := pipe.Get(t.Context(), "ready"), pipe.Get(t.Context(), "later")
			if _, err := pipe.Exec(t.Context()); err != nil || ready.Val() != "ready" || later.Val() != "later" {
				t.Errorf("a pipeline of which a part is refused for a while: %v, %q and %q", err, ready.Val(), later.Val())
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			begun := time.Now()
			if err := rdb.Get(ctx, "never").Err(); err == nil || time.Since(begun) > 2*time.Second {
				t.Errorf("GET of what is refused for ever = %v after %v, want an error after 300ms", err, time.Since(begun))
			}
		})
	}
}

// However many wait for a Redis that does not answer, each ends with its own
// context, or after two seconds if that has no deadline.
func TestNobodyWaitsBeyondItsContextWhileRedisHangs(t *testing.T) {
	t.Parallel()

	servers := map[string]func(t *testing.T) (url string, nodes []*redistest.Process){
		"one server": func(t *testing.T) (string, []*redistest.Process) {
			p := redistest.Server(t)
			return p.URL(), []*redistest.Process{p}
		},
		"cluster": func(t *testing.T) (string, []*redistest.Process) {
			_, nodes := redistest.Cluster(t)
			return redistest.ClusterURL(nodes), nodes
		},
	}
	for name, start := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			url, nodes := start(t)
			rdb := open(t, url)
			writes(t, rdb)
			for _, p := range nodes {
				p.Stop()
			}
			steps := []func(context.Context) error{
				func(ctx context.Context) error { return rdb.Get(ctx, "key").Err() },
				func(ctx context.Context) error {
					_, err := rdb.Pipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "key"); p.Get(ctx, "other"); return nil })
					return err
				},
				func(ctx context.Context) error {
					_, err := rdb.TxPipelined(ctx, func(p redis.Pipeliner) error { p.Get(ctx, "key"); return nil })
					return err
				},
			}
			var (
				calls           sync.WaitGroup
				shorts, endless atomic.Int64
			)
			for n := range 300 {
				calls.Go(func() {
					ctx, worst := t.Context(), &endless
					if n%10 != 0 {
						short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
						defer cancel()
						ctx, worst = short, &shorts
					}
					begun := time.Now()
					if err := steps[n%len(steps)](ctx); err == nil {
						t.Error("a Redis that hangs answers")
					}
					took := int64(time.Since(begun))
					for w := worst.Load(); took > w && !worst.CompareAndSwap(w, took); {
						w = worst.Load()
					}
				})
			}
			calls.Wait()
			short, long := time.Duration(shorts.Load()), time.Duration(endless.Load())
			t.Logf("the slowest of 270 calls with 200ms took %v, of 30 without a limit %v", short, long)
			if short > time.Second || long > 3*time.Second { // a busy machine takes its time
				t.Errorf("calls with 200ms took up to %v, calls without a limit up to %v", short, long)
			}
		})
	}
}

// A master that Sentinel replaces is followed, even when one of the Sentinels
// does not answer.
func TestSentinelFailover(t *testing.T) {
	t.Parallel()

	for name, silent := range map[string]bool{"all Sentinels well": false, "the Sentinel asked is silent": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			s := redistest.Sentinel(t, time.Second)
			rdb := open(t, s.URL)
			writes(t, rdb)
			if silent {
				listenedTo(t, s).Stop()
			}
			s.Master.Kill()
			died, promoted := time.Now(), time.Duration(0)
			for {
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
				err := rdb.Set(ctx, "key", "after", 0).Err()
				cancel()
				if promoted == 0 && replaced(t, s) {
					promoted = time.Since(died)
				}
				if err == nil {
					break
				}
				if time.Since(died) > 30*time.Second {
					t.Fatalf("SET still fails 30s after the death of the master: %v", err)
				}
				time.Sleep(20 * time.Millisecond)
			}
			back := time.Since(died)
			t.Logf("promoted within %v, writes are back after %v", promoted, back)
			if back-promoted > 6*time.Second { // it takes one dial at most, and a busy machine takes its time
				t.Errorf("writes are back %v after the promotion", back-promoted)
			}
		})
	}
}

// listenedTo returns the Sentinel that the client holds its connection to.
func listenedTo(t *testing.T, s redistest.Sentinels) *redistest.Process {
	t.Helper()
	for _, p := range s.Sentinels {
		if strings.Contains(p.Client().ClientList(t.Context()).Val(), "cmd=subscribe") {
			return p
		}
	}
	t.Fatal("the client listens to no Sentinel")
	return nil
}

// replaced reports whether a replica has become the master.
func replaced(t *testing.T, s redistest.Sentinels) bool {
	t.Helper()
	for _, p := range s.Replicas {
		if strings.Contains(p.Client().Info(t.Context(), "replication").Val(), "role:master") {
			return true
		}
	}
	return false
}
