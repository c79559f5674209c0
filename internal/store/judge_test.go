package store_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// silentSigns is a hook that lets nobody have an answer about the signs of life
// of processes, as if the master of a Cluster were silent that has them.
type silentSigns struct{}

func (silentSigns) DialHook(next redis.DialHook) redis.DialHook          { return next }
func (silentSigns) ProcessHook(next redis.ProcessHook) redis.ProcessHook { return next }

func (silentSigns) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		if key, is := cmds[0].Args()[1].(string); !is || !strings.HasPrefix(key, "tw:process:") {
			return next(ctx, cmds)
		}
		<-ctx.Done()
		for _, cmd := range cmds {
			cmd.SetErr(ctx.Err())
		}
		return ctx.Err()
	}
}

// Whether a process is dead that left lanes behind need not be known for others
// to take them up.
func TestLapseWhileNobodyTellsOfProcesses(t *testing.T) {
	bubble(t, func(t *testing.T, f *fixture) {
		f.accept("One.", true)
		dead := newFixture(t, f.rdb)
		dead.claim(1)
		dead.claimEvent()
		time.Sleep(2 * time.Minute) // the lease is one
		f.rdb.AddHook(silentSigns{})
		asked := time.Now()
		if c := f.claim(1); c == nil || c.Attempt != 1 {
			t.Errorf("Claim = %+v, want the job; nobody knows of an attempt", c)
		}
		if c := f.claimEvent(); c == nil || c.Attempt != 1 {
			t.Errorf("ClaimEvent = %+v, want the event; nobody knows of an attempt", c)
		}
		if took := time.Since(asked); took > time.Second {
			t.Errorf("both took %v, want less than a second", took)
		}
	})
}
