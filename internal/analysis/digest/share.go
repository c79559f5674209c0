package digest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/conversation"
	"github.com/turnwise/turnwise/internal/lane"
)

// Share returns the result of a computation on a conversation, with its size in
// bytes, from the cache if it has been computed for this version. Of several
// readers at the same time only one computes, and when none is left who waits for
// it the computation ends: its context does. It goes on if the time of the last one was up.
//
// What is computed may be newer than the version of c. Then the result is newer
// too, and readers of the newer version do not get it from the cache.
func (d *Cache) Share(ctx context.Context, name, account string, c conversation.Conversation, compute func(context.Context) (any, int, error)) (any, error) {
	key := strings.Join([]string{account, c.ID, c.Version, name}, "\x00")
	if v, ok := d.results.Get(key); ok {
		return v, nil
	}
	return d.flights.join(ctx, key, func(ctx context.Context) (_ any, err error) {
		defer func() {
			if p := recover(); p != nil { // else it would end the process: no caller can recover it
				err = fmt.Errorf("digest conversation %s: panic: %v\n%s", c.ID, p, debug.Stack())
			}
		}()
		leave, err := d.turns.take(ctx, account)
		if err != nil {
			return nil, err
		}
		defer leave()
		made, weight, err := compute(ctx)
		if err == nil {
			d.results.Put(key, made, perItem+len(key)+weight)
		}
		return made, err
	})
}

// flights are the computations under way, by key.
type flights struct {
	mu    sync.Mutex
	byKey map[string]*flight
}

type flight struct {
	waiting int // readers
	cancel  context.CancelFunc
	done    chan struct{}
	value   any
	err     error
}

// join returns the result of the computation with that key, which it begins
// unless it is under way. The computation has no deadline of its readers, because
// the store would retry until then, but ends after readTimeout. What the readers occupy
// is lent to others meanwhile, see [lane.Wait].
func (f *flights) join(ctx context.Context, key string, run func(context.Context) (any, error)) (any, error) {
	f.mu.Lock()
	one, ok := f.byKey[key]
	if !ok {
		detached, cancel := context.WithCancel(lane.Aside(context.WithoutCancel(ctx)))
		one = &flight{cancel: cancel, done: make(chan struct{})}
		f.byKey[key] = one
		go f.fly(detached, key, one, run)
	}
	one.waiting++
	f.mu.Unlock()
	defer lane.Wait(ctx)()
	select {
	case <-one.done:
		return one.value, one.err
	case <-ctx.Done():
		f.leave(key, one, errors.Is(context.Cause(ctx), context.DeadlineExceeded))
		return nil, ctx.Err()
	}
}

func (f *flights) fly(ctx context.Context, key string, one *flight, run func(context.Context) (any, error)) {
	defer time.AfterFunc(readTimeout, one.cancel).Stop()
	defer one.cancel()
	one.value, one.err = run(ctx)
	f.mu.Lock()
	f.remove(key, one)
	f.mu.Unlock()
	close(one.done)
}

// leave notes that a reader has gone. With the last one the computation ends, and
// who comes now begins another; but not if its time was up: it is told to ask again, and
// would never have an answer if each time the computation began anew.
func (f *flights) leave(key string, one *flight, asksAgain bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one.waiting--; one.waiting == 0 && !asksAgain {
		one.cancel()
		f.remove(key, one)
	}
}

func (f *flights) remove(key string, one *flight) {
	if f.byKey[key] == one {
		delete(f.byKey, key)
	}
}
