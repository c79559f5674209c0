package queue

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/lane"
)

// heartbeatTimeout is how long a Server of asynq may take to show that it is there.
const heartbeatTimeout = 50 * time.Millisecond

// A Server that found nothing to fetch waits for a ring before it asks again: for
// each ring that is put into asynq, a shard is pushed to the list rungKey, and
// whoever waits pops it. It asks without a ring after askEvery, because a process
// may have popped one and died. So that a Redis that is silent is found out, one
// wait lasts minWait at first, as is fit where rings are frequent, and twice as long
// each time, up to maxWait.
const (
	minWait  = 200 * time.Millisecond
	maxWait  = 1600 * time.Millisecond
	askEvery = 5 * time.Second
)

// rungKey is the list of rings of a kind that nobody has popped, in the hash slot
// of asynq's queue.
func rungKey(kind lane.Kind) string { return "tw:{" + QueueName(kind) + "}:rung" }

// A serverClient is the client of asynq's Servers. It notes whether the queue
// answers them, and makes them wait while it is empty, because they would poll.
//
// It bounds their heartbeats, which write every five seconds who they are and what
// they work at. A Server hands out no task meanwhile, and on a Cluster the keys are
// on any master: one that does not answer would hold up rings for the shards of
// others. A heartbeat that is lost is missing from a list for operators.
type serverClient struct {
	redis.UniversalClient

	reachability *reachability
	rung         string
	stop         context.Context //nolint:containedctx // ends the waiting at a shutdown; asynq passes none
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
	cmd := f.observed(ctx, call)
	if len(keys) > 0 && isFetch(keys[0]) && errors.Is(cmd.Err(), redis.Nil) && f.awaitRing() {
		return f.observed(ctx, call)
	}
	return cmd
}

func (f serverClient) observed(ctx context.Context, call func(context.Context) *redis.Cmd) *redis.Cmd {
	answered := f.reachability.observe(unreachableAfter)
	cmd := call(ctx)
	answered(cmd.Err())
	return cmd
}

// awaitRing waits for a ring and reports whether there was one. It returns false
// after askEvery or so, and at once if the process stops or Redis does not answer.
func (f serverClient) awaitRing() (rung bool) {
	wait := minWait
	for begun := time.Now(); f.stop.Err() == nil && time.Since(begun) < askEvery; wait = min(2*wait, maxWait) {
		popped, err := f.pop(wait)
		switch {
		case f.stop.Err() != nil:
			if err == nil {
				f.giveBack(popped[1])
			}
			return false
		case err == nil:
			return true
		case !errors.Is(err, redis.Nil):
			return false
		}
	}
	return false // the Server asks again by itself, if it is to
}

// pop pops a ring, or returns [redis.Nil] after the wait. The method for BRPOP of
// the client knows only whole seconds.
func (f serverClient) pop(wait time.Duration) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.stop), wait+time.Second)
	defer cancel()
	answered := f.reachability.observe(wait + unreachableAfter)
	cmd := redis.NewStringSliceCmd(ctx, "brpop", f.rung, wait.Seconds())
	cmd.SetFirstKeyPos(1)
	_ = f.Process(ctx, cmd) // its error is that of the command
	answered(cmd.Err())
	return cmd.Result()
}

// noRing is pushed by a process that stops, to end the waiting of its Servers,
// which cannot be broken off. Another process that pops one finds no task.
const noRing = "stop"

// giveBack leaves a ring that was popped to another process.
func (f serverClient) giveBack(ring string) {
	if ring == noRing {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.stop), raiseTimeout)
	defer cancel()
	_ = f.RPush(ctx, f.rung, ring).Err() // else somebody asks within askEvery
}

// endWaiting ends the waiting of so many Servers.
func (f serverClient) endWaiting(servers int) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(f.stop), raiseTimeout)
	defer cancel()
	for range servers {
		_ = f.LPush(ctx, f.rung, noRing).Err() // else it takes them maxWait
	}
}

// isFetch reports whether a key is the first one of the script with which asynq
// fetches a task.
func isFetch(key string) bool { return strings.HasSuffix(key, ":pending") }

// isHeartbeat tells the keys of beats.
func isHeartbeat(key string) bool {
	return strings.HasPrefix(key, "asynq:servers") || strings.HasPrefix(key, "asynq:workers")
}
