package batch

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/redis/go-redis/v9"

	"github.com/turnwise/turnwise/internal/redis/redistest"
)

const maxOnTime = 4 // as scripts have it

// trips counts the commands of each round trip.
type trips struct {
	mu    sync.Mutex
	sizes []int
	hold  chan struct{} // each trip begins once it may receive; nil holds nothing
}

func (h *trips) DialHook(next redis.DialHook) redis.DialHook { return next }

// seen returns the sizes so far.
func (h *trips) seen() []int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.sizes)
}

func (h *trips) note(n int) {
	h.mu.Lock()
	h.sizes = append(h.sizes, n)
	h.mu.Unlock()
	if h.hold != nil {
		<-h.hold
	}
}

func (h *trips) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		if cmd.Name() != "hello" { // of a new connection
			h.note(1)
		}
		return next(ctx, cmd)
	}
}

func (h *trips) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		h.note(len(cmds))
		return next(ctx, cmds)
	}
}

// Calls that gather while as many batches as may be are under way travel
// together, in bounded batches, each with its own reply: one that fails, or
// that Redis does not know yet, concerns no other.
func TestScripterSendsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := New(rdb, maxOnTime)
		echo, fail := redis.NewScript(`return {"echo", ARGV[1]}`), redis.NewScript(`return redis.error_reply("ERR on purpose")`)
		var calls sync.WaitGroup
		for n := range maxOnTime + maxCalls + 50 {
			calls.Go(func() {
				want := fmt.Sprint(n)
				got, err := echo.Run(t.Context(), b, []string{"k"}, want).StringSlice()
				if err != nil || got[1] != want {
					t.Errorf("call %d = %q, %v", n, got, err)
				}
			})
			if n < maxOnTime {
				synctest.Wait() // each is sent at once
			}
		}
		calls.Go(func() {
			if err := fail.Run(t.Context(), b, []string{"k"}).Err(); err == nil || err.Error() != "ERR on purpose" {
				t.Errorf("a call that fails = %v", err)
			}
		})
		synctest.Wait()
		if want := slices.Repeat([]int{1}, maxOnTime); !slices.Equal(h.seen(), want) {
			t.Fatalf("trips = %v before any reply, want %v", h.seen(), want)
		}
		close(h.hold)
		calls.Wait()
		synctest.Wait() // the batcher has ended too
		var most, sum int
		for _, n := range h.seen() {
			most, sum = max(most, n), sum+n
		}
		// Each call was sent once, and those that were not known again.
		if calls := maxOnTime + maxCalls + 51; most != maxCalls || sum < calls || sum > 2*calls {
			t.Errorf("trips = %v for %d calls, want none over %d", h.seen(), calls, maxCalls)
		}
		if len(b.trips.queues) != 0 {
			t.Errorf("%d queues are left of an idle Scripter", len(b.trips.queues))
		}
	})
}

// A batch that is late no longer keeps others from being sent.
func TestScripterDoesNotWaitForLateBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := New(rdb, maxOnTime)
		var calls sync.WaitGroup
		for range 2 * maxUnderWay {
			calls.Go(func() { b.Eval(t.Context(), `return 1`, []string{"k"}) })
			synctest.Wait()
		}
		if len(h.seen()) != maxOnTime {
			t.Errorf("%d batches are under way, want %d", len(h.seen()), maxOnTime)
		}
		time.Sleep(lateAfter)
		synctest.Wait()
		if seen := h.seen(); len(seen) != maxOnTime+1 || seen[maxOnTime] < maxUnderWay {
			t.Errorf("trips = %v once the first are late, want one more with those that wait", seen)
		}
		for range 2 * maxUnderWay {
			calls.Go(func() { b.Eval(t.Context(), `return 1`, []string{"k"}) })
			time.Sleep(lateAfter)
			synctest.Wait()
		}
		if len(h.seen()) != maxUnderWay {
			t.Errorf("%d batches are under way, want %d at most", len(h.seen()), maxUnderWay)
		}
		close(h.hold)
		calls.Wait()
	})
}

// Nobody's call is sent after its context has ended, and nobody's context ends
// the call of another.
func TestScripterForgetsWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := New(rdb, maxOnTime)
		b.timeout = 300 * time.Millisecond
		incr := func(ctx context.Context, key string) error {
			return b.Eval(ctx, `return redis.call("INCR", KEYS[1])`, []string{key}).Err()
		}
		for range maxOnTime {
			go func() { _ = incr(t.Context(), "busy") }()
			synctest.Wait()
		}
		var calls sync.WaitGroup
		ends := func(name string, ctx context.Context, after time.Duration, want error) {
			calls.Go(func() {
				begun := time.Now()
				if err := incr(ctx, name); !errors.Is(err, want) || time.Since(begun) != after {
					t.Errorf("%s: %v after %v, want %v after %v", name, err, time.Since(begun), want, after)
				}
			})
		}
		cancelled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(10*time.Millisecond, cancel)
		short, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		long, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ends("cancelled", cancelled, 10*time.Millisecond, context.Canceled)
		ends("short", short, 20*time.Millisecond, context.DeadlineExceeded)
		ends("unlimited", t.Context(), b.timeout, context.DeadlineExceeded)
		ends("long", long, 400*time.Millisecond, nil)
		time.Sleep(400 * time.Millisecond)
		close(h.hold)
		calls.Wait()
		if got := rdb.MGet(t.Context(), "cancelled", "short", "long").Val(); !slices.Equal(got, []any{nil, nil, "1"}) {
			t.Errorf("cancelled, short and long counted to %v, want only the one whose caller waited", got)
		}
	})
}

// A call whose reply is lost is not sent again by a Scripter, on no kind of
// Redis: only its caller knows whether that does harm.
func TestScripterRepeatsNoLostReply(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"redis", "redis+cluster"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			var ran atomic.Int64
			rdb := redistest.Open(t, scheme+"://"+redistest.Fake(t, func(c *server.Peer, name string, _ []string) {
				if name == "EVALSHA" {
					ran.Add(1)
				}
				c.Close()
			}))
			if err := New(rdb, maxOnTime).EvalSha(t.Context(), "sha", []string{"k"}).Err(); err == nil {
				t.Error("a call whose reply was lost has no error")
			}
			if n := ran.Load(); n != 1 {
				t.Errorf("the call ran %d times, want once", n)
			}
		})
	}
}

// Looks of one moment travel in two round trips, each with its own answer.
func TestRangesTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		for n := range 20 {
			rdb.ZAdd(t.Context(), fmt.Sprint("k", n), redis.Z{Score: float64(n), Member: "first"}, redis.Z{Score: 100, Member: "last"})
		}
		rdb.Set(t.Context(), "k20", "a text", 0)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := New(rdb, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var looks sync.WaitGroup
		for n := range 22 {
			looks.Go(func() {
				got, err := b.Range(ctx, fmt.Sprint("k", n), 1)
				switch {
				case n < 20:
					if err != nil || len(got) != 1 || got[0].Member != "first" || got[0].Score != float64(n) {
						t.Errorf("look %d = %v, %v", n, got, err)
					}
				case n == 20:
					if !redis.HasErrorPrefix(err, "WRONGTYPE") {
						t.Errorf("look at a text = %v", err)
					}
				default:
					if err != nil || len(got) != 0 {
						t.Errorf("look at nothing = %v, %v", got, err)
					}
				}
			})
		}
		synctest.Wait()
		close(h.hold)
		looks.Wait()
		if got := h.seen(); len(got) > 2 {
			t.Errorf("round trips of %v commands, want two at most", got)
		}
	})
}
