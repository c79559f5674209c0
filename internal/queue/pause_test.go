package queue_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

// refusal is an error that Redis replies.
type refusal string

func (r refusal) Error() string { return string(r) }
func (refusal) RedisError()     {}

// replying is a hook by which every command ends with an error.
type replying struct{ err error }

func (r replying) DialHook(next redis.DialHook) redis.DialHook { return next }

func (r replying) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(context.Context, redis.Cmder) error { return r.err }
}

func (r replying) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// TestPauseOnFailure says which errors make a client pause. It passes each on as it is.
func TestPauseOnFailure(t *testing.T) {
	t.Parallel()

	const pause = 150 * time.Millisecond
	tests := []struct {
		name  string
		err   error
		pause time.Duration
	}{
		{"nothing wrong", nil, 0},
		{"nothing there", redis.Nil, 0},
		{"out of memory", refusal("OOM command not allowed when used memory > 'maxmemory'."), pause},
		{"out of memory, wrapped", fmt.Errorf("dequeue: %w", refusal("OOM command not allowed")), pause},
		{"no disk", refusal("MISCONF Redis is configured to save RDB snapshots"), pause},
		{"a replica", refusal("READONLY You can't write against a read only replica."), pause},
		{"loading", refusal("LOADING Redis is loading the dataset in memory"), pause},
		{"too few replicas", refusal("NOREPLICAS Not enough good replicas to write."), pause},
		{"no cluster", refusal("CLUSTERDOWN The cluster is down"), pause},
		{"no master", refusal("MASTERDOWN Link with MASTER is down"), pause},
		{"nobody listens", &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, pause},
		{"no answer", context.DeadlineExceeded, pause},
		{"a script that is not known yet", refusal("NOSCRIPT No matching script."), 0},
		{"a mistake", refusal("ERR unknown command"), 0},
		{"a caller who gave up", context.Canceled, 0},
		{"a connection that broke, once", io.EOF, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				queue.PauseOnFailure(rdb)
				rdb.AddHook(replying{tt.err})
				begun := time.Now()
				err := rdb.Do(context.Background(), "PING").Err()
				if !errors.Is(err, tt.err) {
					t.Errorf("error = %v, want %v", err, tt.err)
				}
				if took := time.Since(begun); took != tt.pause {
					t.Errorf("it took %v, want %v", took, tt.pause)
				}
			})
		})
	}
}

func TestPauseOnFailureEndsWithItsContext(t *testing.T) {
	bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
		queue.PauseOnFailure(rdb)
		full := refusal("OOM command not allowed")
		rdb.AddHook(replying{full})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		begun := time.Now()
		if err := rdb.Do(ctx, "PING").Err(); !errors.Is(err, full) {
			t.Errorf("error = %v, want %v", err, full)
		}
		if took := time.Since(begun); took != 100*time.Millisecond {
			t.Errorf("it took %v, want the 100ms of its caller", took)
		}
	})
}

// A line in front of a full Redis asks it a few times a second, not without
// end, and goes on where it stopped once there is room.
func TestFullRedisIsLeftAlone(t *testing.T) {
	t.Parallel()
	srv := redistest.Server(t)
	rdb, wake := srv.Client(), srv.Client()
	s, y := open(t, rdb), newTally()
	accept(t, s)
	queue.PauseOnFailure(wake)
	l := queue.NewPool(lane.Append, wake, queue.Options{Shards: shards, Meter: y})
	l.Ring(t.Context(), 1) // asynq makes its keys
	y.await(t, "a ring in asynq", func() bool { return y.vias[queue.ViaAsynq] == 1 })
	memory := func(size string) {
		t.Helper()
		if err := rdb.ConfigSet(t.Context(), "maxmemory", size).Err(); err != nil {
			t.Fatal(err)
		}
	}
	memory("1") // it has far more
	start(t, l, y, sweep(nothing))
	time.Sleep(200 * time.Millisecond) // it gets going
	before, begun := commands(t, rdb), time.Now()
	time.Sleep(1500 * time.Millisecond)
	rate := float64(commands(t, rdb)-before) / time.Since(begun).Seconds()
	if rate > 100 {
		t.Errorf("%.0f commands a second to a full Redis, want fewer than 100", rate)
	}
	var unasked int
	y.read(func() { unasked = len(y.drained) })
	equal(t, "drains while Redis is full, but those of all shards because it was slow", unasked%shards, 0)
	memory("0")
	y.await(t, "the drain that waited in asynq", func() bool { return len(y.drained)%shards == 1 })
	harmless(t, settled(t, rdb, 1))
	t.Logf("%.0f commands a second", rate)
}

// commands returns how many commands Redis has been sent, those of scripts not
// counted.
func commands(t *testing.T, rdb redis.UniversalClient) (n int64) {
	t.Helper()
	stats, err := rdb.Info(t.Context(), "commandstats").Result()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(stats) {
		if !strings.HasPrefix(line, "cmdstat_") {
			continue
		}
		for field := range strings.SplitSeq(strings.TrimSpace(line), ",") {
			name, value, _ := strings.Cut(field, "=")
			if strings.HasSuffix(name, ":calls") || name == "rejected_calls" {
				calls, err := strconv.ParseInt(value, 10, 64)
				if err != nil {
					t.Fatal(err)
				}
				n += calls
			}
		}
	}
	return n
}
