package redisconn

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// reload is how old what a client knows of a Cluster may get while it is
	// used: who holds which slots. Asking costs one command.
	reload = time.Second
	// impatience bounds how long a node that did not answer last is asked
	// about the Cluster. Any other one knows as much.
	impatience = 200 * time.Millisecond
)

// openCluster returns a client of a Cluster that follows it.
//
// The library asks who holds the slots once a minute and after MOVED and ASK,
// but not when a master dies: nobody is left there to say MOVED. Here it asks
// every second, and at once whenever a node does not answer.
//
// What the library repeats by itself cannot be set apart: with MaxRedirects at
// its default of 3, a command that is redirected is sent on, and one whose
// reply was lost, or that did not get through, is sent again, up to four times
// in all within 100 ms or so. MaxRetries has no say in that. So every command
// to a Cluster may take effect more than once, which each that Turnwise sends
// can bear.
func openCluster(o *redis.UniversalOptions) *redis.ClusterClient {
	opts := o.Cluster()
	opts.ClusterStateReloadInterval = reload
	c := redis.NewClusterClient(opts)
	c.OnNewNode(func(node *redis.Client) { node.AddHook(&failoverHook{reload: c.ReloadState}) })
	c.AddHook(deadlineHook{})
	c.AddHook(retryHook{})
	return c
}

// failoverHook is the hook of one node. When the node does not answer, the client
// reloads the table of the slots' owners. The library does so at most five times a
// second, however often it is asked, and once at a time.
type failoverHook struct {
	reload func(context.Context)
	silent atomic.Bool // did not answer last
}

func (w *failoverHook) DialHook(next redis.DialHook) redis.DialHook { return next }

func (w *failoverHook) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "cluster" {
			err := next(ctx, cmd)
			w.note(ctx, err)
			return err
		}
		// This is the question itself. It goes to any node, one after another.
		if w.silent.Load() {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, impatience)
			defer cancel()
		}
		err := next(ctx, cmd)
		w.silent.Store(unanswered(err))
		return err
	}
}

func (w *failoverHook) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		err := next(ctx, cmds)
		w.note(ctx, cmds[len(cmds)-1].Err()) // what broke off has no end
		return err
	}
}

func (w *failoverHook) note(ctx context.Context, err error) {
	lost := unanswered(err)
	w.silent.Store(lost)
	if lost {
		w.reload(ctx)
	}
}

// unanswered reports whether an error means that a node was not reached, or did not
// answer in time.
func unanswered(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, redis.ErrClosed) {
		return false
	}
	_, said := errors.AsType[redis.Error](err)
	return !said
}
