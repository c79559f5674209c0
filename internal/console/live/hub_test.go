package live_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/turnwise/turnwise/internal/console/live"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// counter is a topic that changes with every reading.
func counter(n *atomic.Int64) live.Read {
	return func(context.Context) (live.State, error) {
		v := n.Add(1)
		return live.State{Version: strconv.FormatInt(v, 10), Data: v}, nil
	}
}

func still() error { return nil }

// However many watch, a topic is read once a second, and by nobody when all have
// left.
func TestOneReadingForAll(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub(live.Options{})
		defer h.Close()
		var reads atomic.Int64
		ctx, leave := context.WithTimeout(t.Context(), 10*time.Second+time.Millisecond)
		defer leave()
		var all sync.WaitGroup
		for range 100 {
			all.Go(func() {
				told := 0
				err := h.Watch(ctx, "x", counter(&reads), func(live.State) error { told++; return nil }, still)
				if !errors.Is(err, context.DeadlineExceeded) || told < 10 || told > 11 {
					t.Errorf("Watch = %v after %d changes, want the end of the context after 11", err, told)
				}
			})
		}
		all.Wait()
		if n := reads.Load(); n != 11 {
			t.Errorf("%d readings in ten seconds, want 11", n)
		}
		time.Sleep(time.Minute)
		if n := reads.Load(); n != 11 {
			t.Errorf("%d readings a minute later, want none more", n)
		}
	})
}

// Many topics are read less often each.
func TestReadingsAreBounded(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub(live.Options{Rate: 10})
		defer h.Close()
		var reads atomic.Int64
		ctx, leave := context.WithTimeout(t.Context(), 100*time.Second)
		defer leave()
		var all sync.WaitGroup
		for n := range 200 {
			all.Go(func() {
				_ = h.Watch(ctx, strconv.Itoa(n), counter(&reads), func(live.State) error { return nil }, still)
			})
		}
		all.Wait()
		if n := reads.Load(); n > 10*100+2*200 {
			t.Errorf("%d readings in 100 seconds, want 10 a second", n)
		}
	})
}

// Who watches is told when something has changed only, of a topic that ends, and
// when there are too many.
func TestChangesAndEnds(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub(live.Options{Watchers: 1})
		defer h.Close()
		gone := errors.New("gone")
		n := 0
		states := []live.State{{Version: "a"}, {Version: "a"}, {}, {Version: "b"}}
		failed := errors.New("not now")
		read := func(context.Context) (live.State, error) {
			if n == len(states) {
				return live.State{}, errors.Join(gone, live.ErrEnd)
			}
			n++
			if n == 3 {
				return live.State{}, failed
			}
			return states[n-1], nil
		}
		told := ""
		err := h.Watch(t.Context(), "x", read, func(s live.State) error {
			told += s.Version
			if busy := h.Watch(t.Context(), "y", read, nil, nil); !errors.Is(busy, live.ErrBusy) {
				t.Errorf("a watcher too many: %v, want %v", busy, live.ErrBusy)
			}
			return nil
		}, still)
		if told != "ab" || !errors.Is(err, gone) {
			t.Errorf("told %q, then %v; want ab, then %v", told, err, gone)
		}
		h.Close()
		if err := h.Watch(t.Context(), "x", counter(new(atomic.Int64)), func(live.State) error { return nil }, still); !errors.Is(err, live.ErrEnd) {
			t.Errorf("Watch = %v after Close, want %v", err, live.ErrEnd)
		}
	})
}

// Who watches something that does not change is asked whether it is still there.
func TestBeat(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		h := live.NewHub(live.Options{})
		defer h.Close()
		left := errors.New("left")
		began := time.Now()
		same := func(context.Context) (live.State, error) { return live.State{Version: "a"}, nil }
		err := h.Watch(t.Context(), "x", same, func(live.State) error { return nil }, func() error { return left })
		if took := time.Since(began); !errors.Is(err, left) || took != 15*time.Second {
			t.Errorf("Watch = %v after %v, want %v after 15s", err, took, left)
		}
	})
}
