package redisconn

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// deadlineHook ends a call without a deadline after the timeout, however often the
// client repeats it.
type deadlineHook struct{}

func (deadlineHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (deadlineHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		ctx, cancel := withDeadline(ctx)
		defer cancel()
		return next(ctx, cmd)
	}
}

func (deadlineHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		ctx, cancel := withDeadline(ctx)
		defer cancel()
		return next(ctx, cmds)
	}
}

func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, timeout)
}
