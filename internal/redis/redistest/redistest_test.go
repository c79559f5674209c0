package redistest_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

func TestEachStartsEmpty(t *testing.T) {
	t.Parallel()

	for range 2 {
		redistest.Each(t, func(t *testing.T, rdb redis.UniversalClient) {
			if n := rdb.DBSize(t.Context()).Val(); n != 0 {
				t.Errorf("DBSIZE of a fresh Redis = %d, want 0", n)
			}
			if err := rdb.Set(t.Context(), "key", "value", 0).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestNewFollowsTheClockOfABubble(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		if err := rdb.Set(t.Context(), "key", "value", time.Hour).Err(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(59 * time.Minute)
		if n := rdb.Exists(t.Context(), "key").Val(); n != 1 {
			t.Error("the key expired before its time")
		}
		time.Sleep(2 * time.Minute)
		if n := rdb.Exists(t.Context(), "key").Val(); n != 0 {
			t.Error("the key outlived its time")
		}
	})
}

func TestServerRestarts(t *testing.T) {
	t.Parallel()

	p := redistest.Server(t, "--appendonly", "yes", "--appendfsync", "always")
	rdb, first := p.Client(), p.PID()
	if err := rdb.Set(t.Context(), "key", "kept", 0).Err(); err != nil {
		t.Fatal(err)
	}
	p.Kill()
	if err := rdb.Ping(t.Context()).Err(); err == nil {
		t.Fatal("a killed server answers")
	}
	p.Restart()
	if got, err := rdb.Get(t.Context(), "key").Result(); got != "kept" {
		t.Errorf("GET after the restart = %q, %v; want kept", got, err)
	}
	if p.PID() == first {
		t.Error("the process is the old one")
	}
}

func TestServerPauses(t *testing.T) {
	t.Parallel()

	p := redistest.Server(t)
	rdb := p.Client()
	p.Stop()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := rdb.Ping(ctx).Err(); err == nil {
		t.Error("a paused server answers")
	}
	p.Cont()
	if err := rdb.Ping(t.Context()).Err(); err != nil {
		t.Errorf("PING after the pause: %v", err)
	}
}

func TestClockedServerIsShifted(t *testing.T) {
	t.Parallel()

	p := redistest.ClockedServer(t)
	rdb := p.Client()
	for _, ahead := range []time.Duration{0, -45 * time.Second, time.Hour, 0} {
		p.Shift(ahead)
		now, err := rdb.Time(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if off := time.Until(now) - ahead; off.Abs() > 5*time.Second {
			t.Errorf("the clock is %v off after a shift of %v", time.Until(now), ahead)
		}
	}
}

func TestClusterUsesEveryNode(t *testing.T) {
	t.Parallel()

	rdb, nodes := redistest.Cluster(t)
	for i := range 100 {
		if err := rdb.Set(t.Context(), fmt.Sprint("key", i), i, 0).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range nodes {
		if size := n.Client().DBSize(t.Context()).Val(); size == 0 {
			t.Errorf("node %s holds no key", n.Addr)
		}
	}
}
