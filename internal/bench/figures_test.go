package bench

import (
	"context"
	"testing"

	"github.com/redis/go-redis/v9"
)

// A job of two plain commands and a script of two more, in two round trips.
func TestTimed(t *testing.T) {
	t.Parallel()

	on := openTestServer(t)
	ctx := t.Context()
	script := redis.NewScript(`redis.call("SET", KEYS[1], ARGV[1]); return redis.call("GET", KEYS[1])`)
	if err := script.Load(ctx, on.rdb).Err(); err != nil {
		t.Fatal(err)
	}
	const n = 50
	got, err := on.timed(ctx, n, func() error {
		for range n {
			_, err := on.wake.Pipelined(ctx, func(p redis.Pipeliner) error {
				p.Set(ctx, "a", "1", 0)
				return p.Get(ctx, "a").Err()
			})
			if err != nil {
				return err
			}
			if err := script.EvalSha(ctx, on.rdb, []string{"b"}, "1").Err(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	// What opens a connection counts too, once for all jobs.
	near := func(what string, got, want float64) {
		if got < want || got > want+0.5 {
			t.Errorf("%s of a job = %.2f, want %.0f", what, got, want)
		}
	}
	near("commands", got.Commands, 5)
	near("scripts", got.Scripts, 1)
	near("SET", got.ByCommand["set"], 2)
	near("GET", got.ByCommand["get"], 2)
	near("EVALSHA", got.ByCommand["evalsha"], 1)
	near("round trips", got.RoundTrips, 2)
	if calls := got.ByCommand["info"]; calls != 0 {
		t.Errorf("the bench's own question counts: %.2f", calls)
	}
	if got.Jobs != n || got.Rate <= 0 || got.OwnCPU <= 0 || got.Allocations < 1 || got.BytesIn < 100 || got.BytesOut < 10 {
		t.Errorf("timed = %+v, want every figure", got)
	}
}

// The answer of a fake Redis, which tells nothing of itself, is no figure.
func TestReadRedisWantsFigures(t *testing.T) {
	t.Parallel()

	rdb := openTestServer(t).rdb
	rdb.AddHook(silent{})
	if f, err := readRedis(t.Context(), rdb); err == nil {
		t.Errorf("readRedis = %+v without an error, want one where Redis says nothing", f)
	}
}

// silent has every command answered by nothing.
type silent struct{ *roundTrips }

func (silent) ProcessHook(redis.ProcessHook) redis.ProcessHook {
	return func(context.Context, redis.Cmder) error { return nil }
}
