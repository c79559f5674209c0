package queue

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// A queue that does not answer within unreachableAfter is taken to be away. Then every
// shard is looked at each unaskedEvery.
const (
	unreachableAfter = 200 * time.Millisecond
	unaskedEvery     = 50 * time.Millisecond
)

// reachability knows whether a ring that goes through asynq reaches this process.
type reachability struct {
	unreachable atomic.Bool
	lost        chan struct{} // has something in it once it is deaf
}

func newReachability() *reachability { return &reachability{lost: make(chan struct{}, 1)} }

// observe is called before a command to the queue that is to be answered within the
// given time, and its result afterwards, with the outcome.
func (h *reachability) observe(after time.Duration) (answered func(error)) {
	timer := time.AfterFunc(after, h.markUnreachable)
	return func(err error) {
		timer.Stop()
		if away(err) {
			h.markUnreachable()
		} else {
			h.unreachable.Store(false)
		}
	}
}

func (h *reachability) markUnreachable() {
	h.unreachable.Store(true)
	select {
	case h.lost <- struct{}{}:
	default:
	}
}

// away reports whether an error means that the queue was not reached.
func away(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || redis.HasErrorPrefix(err, "CLUSTERDOWN")
}

// drainUnasked drains all shards that answer while the queue does not, because
// rings of other processes do not arrive then. It goes on until ctx is done.
func (l *Pool) drainUnasked(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.reachability.lost:
		}
		tick := time.NewTicker(unaskedEvery)
		for ctx.Err() == nil && l.reachability.unreachable.Load() {
			l.schedule.ringAll()
			<-tick.C
		}
		tick.Stop()
	}
}
