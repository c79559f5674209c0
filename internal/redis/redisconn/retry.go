package redisconn

import (
	"context"
	"errors"
	"time"

	"github.com/cenkalti/backoff/v4"
	"github.com/redis/go-redis/v9"
)

// errAgain has a command sent again.
var errAgain = errors.New("send again")

// retryHook repeats a command that a Cluster answered with TRYAGAIN, because its
// keys are on their way to another node, with CLUSTERDOWN, as between the death of
// a master and the promotion of its replica, or with one redirection after another.
// Such a command had no effect. The repetition ends with the context of the call,
// or after the timeout if that comes first. The library by itself gives up after
// some 100 ms, and in a pipeline looks at the first command only.
type retryHook struct{}

func (retryHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (retryHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		var err error
		retryUntil(ctx, func() (done bool) {
			err = next(ctx, cmd)
			return !later(err)
		})
		return err
	}
}

func (retryHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err, left := error(nil), cmds
		retryUntil(ctx, func() (done bool) {
			if err = next(ctx, left); len(left) < len(cmds) {
				err = firstError(cmds)
			}
			left = unfinished(cmds)
			return len(left) == 0
		})
		return err
	}
}

// retryUntil calls try until it is done, with growing waits in between.
func retryUntil(ctx context.Context, try func() (done bool)) {
	waits := backoff.NewExponentialBackOff(
		backoff.WithInitialInterval(20*time.Millisecond),
		backoff.WithMaxInterval(300*time.Millisecond),
		backoff.WithMaxElapsedTime(timeout),
	)
	_ = backoff.Retry(func() error {
		if try() {
			return nil
		}
		return errAgain
	}, backoff.WithContext(waits, ctx))
}

// unfinished returns the commands that are to be sent again. A transaction is
// sent again as a whole.
func unfinished(cmds []redis.Cmder) []redis.Cmder {
	var left []redis.Cmder
	for _, cmd := range cmds {
		if later(cmd.Err()) {
			left = append(left, cmd)
		}
	}
	if len(left) > 0 && cmds[0].Name() == "multi" {
		return cmds
	}
	return left
}

func firstError(cmds []redis.Cmder) error {
	for _, cmd := range cmds {
		if err := cmd.Err(); err != nil {
			return err
		}
	}
	return nil
}

// later tells the answers of a Cluster that may be another one soon. The
// library follows MOVED and ASK, but not when they come last of the four times
// that it sends a command.
func later(err error) bool {
	if redis.IsTryAgainError(err) || redis.IsClusterDownError(err) {
		return true
	}
	_, moved := redis.IsMovedError(err)
	_, ask := redis.IsAskError(err)
	return moved || ask
}
