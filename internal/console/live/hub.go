// Package live tells browsers of what changes, at a price that does not grow with
// their number.
//
// What several of them look at is a topic, which is read once for all of them, and
// only while somebody looks. The more topics there are, the less often each is
// read, so that the store is asked a bounded number of times a second. Whoever is
// slow is told of the latest state alone, and nobody waits for another.
package live

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"
)

var (
	// ErrBusy reports that the hub has as many watchers as it takes.
	ErrBusy = errors.New("too many pages are watched")
	// ErrEnd reports that there is no more to come: a [Read] returns it, or an error that
	// wraps it, of what will never change again.
	ErrEnd = errors.New("there is no more to watch")
)

// A State is how a topic stands. Versions differ if states do.
type State struct {
	Version string
	Data    any // is not changed any more
}

// Read returns the present state of a topic. After an error, unless it is [ErrEnd],
// it is called again.
type Read func(ctx context.Context) (State, error)

// Options adjusts a [Hub]. The zero value is fit for production.
type Options struct {
	Every    time.Duration // between two readings of a topic, if there are few; 1s if zero
	Rate     int           // readings in that time, of all topics together; 8 if zero
	Watchers int           // at once; 256 if zero
	Bound    time.Duration // of one reading; 2s if zero
	Beat     time.Duration // between two calls of a watcher while nothing changes; 15s if zero
}

// A Hub reads topics for those who watch them.
type Hub struct {
	opts Options
	ctx  context.Context //nolint:containedctx // of all watchers: it ends with Close
	end  context.CancelFunc

	mu       sync.Mutex
	topics   map[string]*topic
	watchers int
}

// A topic is something that is watched.
type topic struct {
	read     Read
	end      context.CancelFunc
	ended    chan struct{}
	watchers map[chan struct{}]struct{} // each holds one, when there is something new
	state    State
	known    bool
	err      error // it ended with
}

// NewHub returns a Hub.
func NewHub(opts Options) *Hub {
	h := &Hub{topics: map[string]*topic{}, opts: Options{
		Every:    cmp.Or(opts.Every, time.Second),
		Rate:     cmp.Or(opts.Rate, 8),
		Watchers: cmp.Or(opts.Watchers, 256),
		Bound:    cmp.Or(opts.Bound, 2*time.Second),
		Beat:     cmp.Or(opts.Beat, 15*time.Second),
	}}
	h.ctx, h.end = context.WithCancel(context.Background())
	return h
}

// Close ends all that is watched, now and later.
func (h *Hub) Close() { h.end() }

// Watch calls tell with the state of the topic, and again whenever that has
// changed, until ctx is done, the hub is closed, or tell or the topic says that it
// is to end. While nothing changes it calls beat now and then, so that tell and beat
// notice a reader who has gone. Calls with one name must mean the same topic. It
// returns why it ended.
func (h *Hub) Watch(ctx context.Context, name string, read Read, tell func(State) error, beat func() error) error {
	news := make(chan struct{}, 1)
	t, err := h.join(name, read, news)
	if err != nil {
		return err
	}
	defer h.leave(name, t, news)
	still := time.NewTicker(h.opts.Beat)
	defer still.Stop()
	told := ""
	for first := true; ; {
		select {
		case <-still.C:
			if err := beat(); err != nil {
				return err
			}
			continue
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return ErrEnd
		case <-news:
		}
		state, known, err := h.stateOf(t)
		if err != nil {
			return err
		}
		if !known || !first && state.Version == told {
			continue
		}
		if err := tell(state); err != nil {
			return err
		}
		first, told = false, state.Version
	}
}

func (h *Hub) stateOf(t *topic) (State, bool, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return t.state, t.known, t.err
}

// join adds a watcher of a topic, and begins to read it with the first one.
func (h *Hub) join(name string, read Read, news chan struct{}) (*topic, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers >= h.opts.Watchers {
		return nil, ErrBusy
	}
	h.watchers++
	t, there := h.topics[name]
	if !there || t.err != nil {
		ctx, end := context.WithCancel(h.ctx)
		t = &topic{read: read, end: end, ended: make(chan struct{}), watchers: map[chan struct{}]struct{}{}}
		h.topics[name] = t
		go h.follow(ctx, t)
	}
	t.watchers[news] = struct{}{}
	if t.known {
		news <- struct{}{} // it has room for one
	}
	return t, nil
}

// leave takes a watcher out. The last one ends the reading, and waits for that.
func (h *Hub) leave(name string, t *topic, news chan struct{}) {
	h.mu.Lock()
	h.watchers--
	delete(t.watchers, news)
	last := len(t.watchers) == 0
	if last && h.topics[name] == t {
		delete(h.topics, name)
	}
	h.mu.Unlock()
	if last {
		t.end()
		<-t.ended
	}
}

// follow reads a topic until ctx is done or there is no more to come.
func (h *Hub) follow(ctx context.Context, t *topic) {
	defer close(t.ended)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		bound, cancel := context.WithTimeout(ctx, h.opts.Bound)
		state, err := t.read(bound)
		cancel()
		if h.note(t, state, err) {
			return
		}
		timer.Reset(h.pause())
	}
}

// note keeps what was read, and wakes the watchers if it is new. It reports whether
// it was the last.
func (h *Hub) note(t *topic, state State, err error) (last bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch last = errors.Is(err, ErrEnd); {
	case last:
		t.err = err
	case err != nil || t.known && state.Version == t.state.Version:
		return false
	default:
		t.state, t.known = state, true
	}
	for news := range t.watchers {
		select {
		case news <- struct{}{}:
		default: // it has not looked yet
		}
	}
	return last
}

// pause returns how long to wait between two readings of one topic.
func (h *Hub) pause() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(h.opts.Every, h.opts.Every*time.Duration(len(h.topics))/time.Duration(h.opts.Rate))
}
