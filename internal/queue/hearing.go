package queue

import (
	"context"
	"errors"
	"net"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// A queue that does not answer within deafAfter is taken to be away. Then every
// shard is looked at each patrolEvery.
const (
	deafAfter   = 400 * time.Millisecond
	patrolEvery = 50 * time.Millisecond
)

// hearing tells whether this process would hear a ring that goes through asynq.
type hearing struct {
	deaf atomic.Bool
	lost chan struct{} // has something in it once it is deaf
}

func newHearing() *hearing { return &hearing{lost: make(chan struct{}, 1)} }

// asks is called before the queue is asked for something, and what it returns
// with the outcome.
func (h *hearing) asks() (answered func(error)) {
	timer := time.AfterFunc(deafAfter, h.lose)
	return func(err error) {
		timer.Stop()
		if away(err) {
			h.lose()
		} else {
			h.deaf.Store(false)
		}
	}
}

func (h *hearing) lose() {
	h.deaf.Store(true)
	select {
	case h.lost <- struct{}{}:
	default:
	}
}

// away tells the errors of a queue that was not reached.
func away(err error) bool {
	_, network := errors.AsType[net.Error](err)
	return network || redis.HasErrorPrefix(err, "CLUSTERDOWN")
}

// patrol drains the shards that answer unasked while the queue does not, because
// whoever rings in another process is not heard. It goes on until ctx is done.
func (l *Line) patrol(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.hearing.lost:
		}
		tick := time.NewTicker(patrolEvery)
		for ctx.Err() == nil && l.hearing.deaf.Load() {
			l.schedule.ringAll()
			<-tick.C
		}
		tick.Stop()
	}
}
