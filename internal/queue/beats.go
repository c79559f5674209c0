package queue

import (
	"context"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// beatTime is how long a Server of asynq may take to show that it is there.
const beatTime = 50 * time.Millisecond

// A beats client bounds the beats of asynq's Servers, which every five seconds
// write down who they are and what they work at. A Server hands out no task
// meanwhile, and on a Cluster the keys are on any master: one that does not
// answer would hold up what was rung for shards of others. A beat that got lost
// is missing from a list for operators.
type beats struct{ redis.UniversalClient }

// ZAdd implements [redis.Cmdable].
func (b beats) ZAdd(ctx context.Context, key string, members ...redis.Z) *redis.IntCmd {
	ctx, cancel := forKey(ctx, key)
	defer cancel()
	return b.UniversalClient.ZAdd(ctx, key, members...)
}

// ZRem implements [redis.Cmdable].
func (b beats) ZRem(ctx context.Context, key string, members ...any) *redis.IntCmd {
	ctx, cancel := forKey(ctx, key)
	defer cancel()
	return b.UniversalClient.ZRem(ctx, key, members...)
}

// EvalSha implements [redis.Scripter].
func (b beats) EvalSha(ctx context.Context, sha1 string, keys []string, args ...any) *redis.Cmd {
	ctx, cancel := forKey(ctx, keys...)
	defer cancel()
	return b.UniversalClient.EvalSha(ctx, sha1, keys, args...)
}

// Eval implements [redis.Scripter].
func (b beats) Eval(ctx context.Context, script string, keys []string, args ...any) *redis.Cmd {
	ctx, cancel := forKey(ctx, keys...)
	defer cancel()
	return b.UniversalClient.Eval(ctx, script, keys, args...)
}

// forKey bounds a call about the keys of Servers.
func forKey(ctx context.Context, keys ...string) (context.Context, context.CancelFunc) {
	if len(keys) > 0 && (strings.HasPrefix(keys[0], "asynq:servers") || strings.HasPrefix(keys[0], "asynq:workers")) {
		return context.WithTimeout(ctx, beatTime)
	}
	return ctx, func() {}
}
