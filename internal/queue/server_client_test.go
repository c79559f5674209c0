package queue_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/queue"
)

// silentKeys is a hook that lets nobody have an answer about keys that begin
// with a prefix, as if the master of a Cluster were silent that has them.
type silentKeys struct {
	prefix string
	other  string // another prefix, if there is one
	silent atomic.Bool
}

func (k *silentKeys) has(key string) bool {
	return strings.HasPrefix(key, k.prefix) || k.other != "" && strings.HasPrefix(key, k.other)
}

func (k *silentKeys) begin() { k.silent.Store(true) }
func (k *silentKeys) end()   { k.silent.Store(false) }

func (k *silentKeys) DialHook(next redis.DialHook) redis.DialHook { return next }

func (k *silentKeys) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		for _, arg := range cmd.Args() {
			if key, is := arg.(string); !is || !k.has(key) || !k.silent.Load() {
				continue
			}
			ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
			defer cancel()
			<-ctx.Done()
			cmd.SetErr(ctx.Err())
			return ctx.Err()
		}
		return next(ctx, cmd)
	}
}

func (k *silentKeys) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// The Servers of asynq write down every five seconds that they are there, to
// keys that may be on a master that is silent. Whoever rings through the queue,
// which is on another one, is heard soon all the same.
func TestSilentMasterOfTheServers(t *testing.T) {
	for _, prefix := range []string{"asynq:servers", "asynq:workers", "asynq:servers:{"} {
		t.Run(prefix, func(t *testing.T) {
			bubble(t, func(t *testing.T, rdb redis.UniversalClient) {
				silent := &silentKeys{prefix: prefix}
				silent.begin()
				rdb.AddHook(silent)
				queue.PauseOnFailure(rdb)
				var drained atomic.Pointer[time.Time]
				start(t, queue.NewPool(lane.Append, rdb, queue.Options{}), drain(func(context.Context, int) (bool, error) {
					now := time.Now()
					drained.Store(&now)
					return false, nil
				}), sweep(nothing))
				elsewhere := queue.NewPool(lane.Append, rdb, queue.Options{}) // it does not run, so it rings through asynq
				for begun := time.Now(); time.Since(begun) < 12*time.Second; {
					rang := time.Now()
					elsewhere.Ring(t.Context(), 3)
					time.Sleep(200 * time.Millisecond)
					if last := drained.Load(); last == nil || last.Before(rang) {
						t.Errorf("a ring was not heard within 200ms, %v after the start", time.Since(begun))
					}
				}
			})
		})
	}
}
