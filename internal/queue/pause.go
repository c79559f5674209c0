package queue

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

// PauseOnFailure makes a client pause after a reply that Redis cannot work, or
// after none. It is for the clients of asynq, whose Servers ask again without a
// pause: of a full Redis each would ask some 70,000 times a second.
func PauseOnFailure(rdb redis.UniversalClient) { rdb.AddHook(pauseHook{failurePause}) }

// failurePause is shorter than unreachableAfter: a queue that refuses is not away.
const failurePause = 150 * time.Millisecond

type pauseHook struct{ pause time.Duration }

func (b pauseHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (b pauseHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		err := next(ctx, cmd)
		if outOfService(err) {
			timer := time.NewTimer(b.pause)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		}
		return err
	}
}

func (b pauseHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return next
}

// outOfService reports whether an error means that Redis cannot work now: it is
// full, read-only, loading, busy with a script, closed to us, without its disk,
// replicas or cluster, or the connection broke.
func outOfService(err error) bool {
	if err == nil || errors.Is(err, redis.Nil) {
		return false
	}
	for _, prefix := range []string{"OOM", "MISCONF", "READONLY", "LOADING", "NOREPLICAS", "CLUSTERDOWN", "MASTERDOWN", "BUSY", "NOAUTH", "NOPERM"} {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	_, network := errors.AsType[net.Error](err)
	return network
}
