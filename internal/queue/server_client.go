package queue

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// heartbeatTimeout is how long a Server of asynq may take to show that it is there.
const heartbeatTimeout = 50 * time.Millisecond

// A serverClient is the client of asynq's Servers. It notes whether the queue
// answers them.
//
// It bounds their heartbeats, which write every five seconds who they are and what
// they work at. A Server hands out no task meanwhile, and on a Cluster the keys are
// on any master: one that does not answer would hold up rings for the shards of
// others. A heartbeat that is lost is missing from a list for operators.
type serverClient struct {
	redis.UniversalClient

	reachability *reachability
}

// ZAdd implements [redis.Cmdable].
func (f serverClient) ZAdd(ctx context.Context, key string, members ...redis.Z) *redis.IntCmd {
	if isHeartbeat(key) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, heartbeatTimeout)
		defer cancel()
	}
	return f.UniversalClient.ZAdd(ctx, key, members...)
}

// ZRem implements [redis.Cmdable].
func (f serverClient) ZRem(ctx context.Context, key string, members ...any) *redis.IntCmd {
	if isHeartbeat(key) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, heartbeatTimeout)
		defer cancel()
	}
	return f.UniversalClient.ZRem(ctx, key, members...)
}

// EvalSha implements [redis.Scripter].
func (f serverClient) EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd {
	return f.script(ctx, keys, func(ctx context.Context) *redis.Cmd {
		return f.UniversalClient.EvalSha(ctx, sha1, keys, args...)
	})
}

// Eval implements [redis.Scripter].
func (f serverClient) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	return f.script(ctx, keys, func(ctx context.Context) *redis.Cmd {
		return f.UniversalClient.Eval(ctx, script, keys, args...)
	})
}

func (f serverClient) script(ctx context.Context, keys []string, call func(context.Context) *redis.Cmd) *redis.Cmd {
	if len(keys) > 0 && isHeartbeat(keys[0]) {
		ctx, cancel := context.WithTimeout(ctx, heartbeatTimeout)
		defer cancel()
		return call(ctx)
	}
	asked := f.reachability.observe()
	cmd := call(ctx)
	asked(cmd.Err())
	return cmd
}

// isHeartbeat tells the keys of beats.
func isHeartbeat(key string) bool {
	return strings.HasPrefix(key, "asynq:servers") || strings.HasPrefix(key, "asynq:workers")
}
