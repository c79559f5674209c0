package batch

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// tagsOf returns a hash tag of each master, in their order.
func tagsOf(t *testing.T, rdb redis.UniversalClient, nodes []*redistest.Process) []string {
	t.Helper()
	tags := make([]string, len(nodes))
	for n := 0; slices.Contains(tags, ""); n++ {
		tag := fmt.Sprint("{", n, "}")
		c, err := rdb.(*redis.ClusterClient).MasterForKey(t.Context(), tag)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(nodes, func(p *redistest.Process) bool { return p.Addr == c.Options().Addr })
		if tags[i] == "" {
			tags[i] = tag
		}
	}
	return tags
}

// A call as the load of a test made it.
type madeCall struct {
	master     int
	begun, end time.Time
	err        error
}

// load calls a script on each of the tags, without a pause to speak of, until
// it is stopped; then it returns the calls.
func load(t *testing.T, c redis.Scripter, tags []string, limit time.Duration) (stop func() []madeCall) {
	t.Helper()
	const callers = 4 // of each tag
	var (
		script  = redis.NewScript(`return redis.call("INCR", KEYS[1])`)
		stopped = make(chan struct{})
		calls   = make([][]madeCall, callers*len(tags))
		all     sync.WaitGroup
	)
	for n := range calls {
		master := n % len(tags)
		all.Go(func() {
			for {
				select {
				case <-stopped:
					return
				case <-time.After(5 * time.Millisecond):
				}
				ctx, cancel := context.WithTimeout(context.Background(), limit)
				begun := time.Now()
				err := script.Run(ctx, c, []string{tags[master] + "n"}).Err()
				cancel()
				calls[n] = append(calls[n], madeCall{master: master, begun: begun, end: time.Now(), err: err})
			}
		})
	}
	return sync.OnceValue(func() []madeCall {
		close(stopped)
		all.Wait()
		return slices.Concat(calls...)
	})
}

func failed(c madeCall) bool { return c.err != nil }

func ofOthers(c madeCall) bool { return c.master != 0 }

// only returns the calls for which all of the conditions hold.
func only(calls []madeCall, conditions ...func(madeCall) bool) []madeCall {
	return slices.DeleteFunc(slices.Clone(calls), func(c madeCall) bool {
		return slices.ContainsFunc(conditions, func(holds func(madeCall) bool) bool { return !holds(c) })
	})
}

// When a master dies or hangs, its shards are back within two seconds after its
// replica has taken over, and no call to the others fails. By default a Cluster
// refuses everything until then, see cluster-require-full-coverage.
func TestScripterFollowsAFailover(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, coverage string
		end            func(*redistest.Process)
	}{
		{"killed", "no", (*redistest.Process).Kill},
		{"killed and the others refuse", "yes", (*redistest.Process).Kill},
		{"silent", "no", (*redistest.Process).Stop},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rdb, mains, replicas := redistest.ReplicatedCluster(t, time.Second, "--cluster-require-full-coverage", tt.coverage)
			stop := load(t, New(rdb, maxOnTime), tagsOf(t, rdb, mains), 2*time.Second)
			defer stop()
			time.Sleep(300 * time.Millisecond)
			tt.end(mains[0])
			ended, next := time.Now(), replicas[0].Client()
			for !strings.Contains(next.Info(t.Context(), "replication").Val(), "role:master") {
				if time.Since(ended) > 30*time.Second {
					t.Fatal("the replica does not take over")
				}
				time.Sleep(5 * time.Millisecond)
			}
			promoted := time.Now()
			time.Sleep(4 * time.Second)
			calls := stop()
			back := promoted // when the last call that failed was begun
			for _, c := range only(calls, failed) {
				if c.master != 0 {
					t.Errorf("a call to another master, begun %v after the end, failed after %v: %v", c.begun.Sub(ended), c.end.Sub(c.begun), c.err)
				} else if c.begun.After(back) {
					back = c.begun
				}
			}
			gap := back.Sub(promoted)
			t.Logf("promoted after %v, back %v after that; %d calls, %d failed", promoted.Sub(ended), gap, len(calls), len(only(calls, failed)))
			if gap > 3*time.Second { // 2s, and what a busy machine takes
				t.Errorf("calls to the master's shards failed until %v after the promotion, want 2s at most", gap)
			}
			if len(only(calls, func(c madeCall) bool { return c.master == 0 && c.err == nil && c.begun.After(back) })) == 0 {
				t.Error("no call to the master's shards succeeded after the promotion")
			}
		})
	}
}

// A master that does not answer holds up no call to another, and those to it
// end with their contexts.
func TestScripterDoesNotWaitForASilentMaster(t *testing.T) {
	t.Parallel()
	rdb, nodes := redistest.Cluster(t, "--cluster-node-timeout", "60000")
	c, tags := New(rdb, maxOnTime), tagsOf(t, rdb, nodes)
	const spell = time.Second
	stop := load(t, c, tags, spell/4)
	time.Sleep(spell)
	nodes[0].Stop()
	silent := time.Now()
	time.Sleep(3 * spell)
	calls := stop()
	before := only(calls, ofOthers, func(c madeCall) bool { return c.end.Before(silent) })
	during := only(calls, ofOthers, func(c madeCall) bool { return c.begun.After(silent) })
	t.Logf("calls to the others: %d/s before, %d/s while one master is silent; slowest %v and %v", len(before), len(during)/3, slowest(before), slowest(during))
	if bad := only(during, failed); len(bad) > 0 {
		t.Errorf("%d calls to other masters failed, the first: %v", len(bad), bad[0].err)
	}
	if len(during)/3 < len(before)/4 {
		t.Errorf("%d calls to other masters in a second, %d before", len(during)/3, len(before))
	}
	lost := only(calls, func(c madeCall) bool { return c.master == 0 && c.begun.After(silent) })
	if len(lost) == 0 || len(only(lost, failed)) != len(lost) || slowest(lost) > spell {
		t.Errorf("%d of %d calls to the silent master failed, the slowest after %v; want all, after %v", len(only(lost, failed)), len(lost), slowest(lost), spell/4)
	}
}

func slowest(calls []madeCall) (d time.Duration) {
	for _, c := range calls {
		d = max(d, c.end.Sub(c.begun))
	}
	return d
}

// No call fails while the slot of its keys moves to another master, not even
// when one of the keys has moved and the other has not.
func TestScripterFollowsAMovingSlot(t *testing.T) {
	t.Parallel()
	rdb, nodes := redistest.Cluster(t)
	tag := tagsOf(t, rdb, nodes)[0]
	c := New(rdb, maxOnTime)
	script := redis.NewScript(`redis.call("INCR", KEYS[1]) return redis.call("INCR", KEYS[2])`)
	keys := []string{tag + "a", tag + "b"}
	stopped, ended := make(chan struct{}), make(chan int)
	go func() {
		defer close(ended)
		for n := 0; ; n++ {
			select {
			case <-stopped:
				ended <- n
				return
			default:
			}
			ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
			if err := script.Run(ctx, c, keys).Err(); err != nil {
				t.Errorf("call %d: %v", n, err)
			}
			cancel()
		}
	}()
	time.Sleep(100 * time.Millisecond)
	move(t, rdb, nodes[0], nodes[1], keys)
	time.Sleep(100 * time.Millisecond)
	close(stopped)
	n := <-ended
	if got, err := rdb.Get(t.Context(), keys[0]).Int(); got != n || err != nil {
		t.Errorf("%d calls counted to %d, %v", n, got, err)
	}
}

// move has the slot of the keys move, one key after the other.
func move(t *testing.T, rdb redis.UniversalClient, from, to *redistest.Process, keys []string) {
	t.Helper()
	ctx := t.Context()
	slot := rdb.ClusterKeySlot(ctx, keys[0]).Val()
	a, b := from.Client(), to.Client()
	do := func(c redis.UniversalClient, args ...any) string {
		t.Helper()
		got, err := c.Do(ctx, args...).Result()
		if err != nil {
			t.Fatalf("%v: %v", args, err)
		}
		return fmt.Sprint(got)
	}
	fromID, toID := do(a, "CLUSTER", "MYID"), do(b, "CLUSTER", "MYID")
	do(b, "CLUSTER", "SETSLOT", slot, "IMPORTING", fromID)
	do(a, "CLUSTER", "SETSLOT", slot, "MIGRATING", toID)
	host, port, _ := strings.Cut(to.Addr, ":")
	for _, key := range keys {
		do(a, "MIGRATE", host, port, key, 0, 1000)
		time.Sleep(300 * time.Millisecond)
	}
	do(b, "CLUSTER", "SETSLOT", slot, "NODE", toID)
	do(a, "CLUSTER", "SETSLOT", slot, "NODE", toID)
}
