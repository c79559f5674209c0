package store

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

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
)

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
		h.note(1)
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
func TestBatcherSendsTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := newBatcher(rdb)
		echo, fail := redis.NewScript(`return {"echo", ARGV[1]}`), redis.NewScript(`return redis.error_reply("ERR on purpose")`)
		var calls sync.WaitGroup
		for n := range batchesOut + batchMost + 50 {
			calls.Go(func() {
				want := fmt.Sprint(n)
				got, err := echo.Run(t.Context(), b, []string{"k"}, want).StringSlice()
				if err != nil || got[1] != want {
					t.Errorf("call %d = %q, %v", n, got, err)
				}
			})
			if n < batchesOut {
				synctest.Wait() // each is sent at once
			}
		}
		calls.Go(func() {
			if err := fail.Run(t.Context(), b, []string{"k"}).Err(); err == nil || err.Error() != "ERR on purpose" {
				t.Errorf("a call that fails = %v", err)
			}
		})
		synctest.Wait()
		if want := slices.Repeat([]int{1}, batchesOut); !slices.Equal(h.seen(), want) {
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
		if calls := batchesOut + batchMost + 51; most != batchMost || sum < calls || sum > 2*calls {
			t.Errorf("trips = %v for %d calls, want none over %d", h.seen(), calls, batchMost)
		}
		if len(b.lines) != 0 {
			t.Errorf("%d lines are left of an idle batcher", len(b.lines))
		}
	})
}

// A batch that is late no longer keeps others from being sent.
func TestBatcherDoesNotWaitForLateBatches(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := newBatcher(rdb)
		var calls sync.WaitGroup
		for range 2 * batchesMax {
			calls.Go(func() { b.Eval(t.Context(), `return 1`, []string{"k"}) })
			synctest.Wait()
		}
		if len(h.seen()) != batchesOut {
			t.Errorf("%d batches are under way, want %d", len(h.seen()), batchesOut)
		}
		time.Sleep(batchLate)
		synctest.Wait()
		if seen := h.seen(); len(seen) != batchesOut+1 || seen[batchesOut] < batchesMax {
			t.Errorf("trips = %v once the first are late, want one more with those that wait", seen)
		}
		for range 2 * batchesMax {
			calls.Go(func() { b.Eval(t.Context(), `return 1`, []string{"k"}) })
			time.Sleep(batchLate)
			synctest.Wait()
		}
		if len(h.seen()) != batchesMax {
			t.Errorf("%d batches are under way, want %d at most", len(h.seen()), batchesMax)
		}
		close(h.hold)
		calls.Wait()
	})
}

// Nobody's call is sent after its context has ended, and nobody's context ends
// the call of another.
func TestBatcherForgetsWhoLeft(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rdb := redistest.New(t)
		h := &trips{hold: make(chan struct{})}
		rdb.AddHook(h)
		b := newBatcher(rdb)
		b.timeout = 300 * time.Millisecond
		incr := func(ctx context.Context, key string) error {
			return b.Eval(ctx, `return redis.call("INCR", KEYS[1])`, []string{key}).Err()
		}
		for range batchesOut {
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

// While Redis does not answer, every call ends with its context, however many
// there are, and a hold is known to be lost before its lease is over.
func TestCallsEndWithTheirContextsWhileRedisHangs(t *testing.T) {
	t.Parallel()
	for _, callers := range []int{1, 300} {
		t.Run(fmt.Sprint(callers), func(t *testing.T) {
			t.Parallel()
			p := redistest.Server(t)
			s := New(redistest.Open(t, p.URL()), Options{})
			claim := lane.Claim{Kind: lane.Append, Shard: 1, Account: "a", Key: "c", ID: "id"}
			if err := s.Renew(t.Context(), claim); !errors.Is(err, lane.ErrStale) {
				t.Fatalf("Renew of no claim = %v, want ErrStale", err)
			}
			p.Stop()
			var (
				calls sync.WaitGroup
				worst atomic.Int64
			)
			for range callers {
				calls.Go(func() {
					for range 3 {
						ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
						begun := time.Now()
						err := s.Renew(ctx, claim)
						took := time.Since(begun)
						cancel()
						for w := worst.Load(); int64(took) > w && !worst.CompareAndSwap(w, int64(took)); {
							w = worst.Load()
						}
						if err == nil || errors.Is(err, lane.ErrStale) {
							t.Errorf("Renew by a Redis that hangs = %v", err)
						}
					}
				})
			}
			calls.Wait()
			t.Logf("the slowest of %d callers waited %v of 100ms", callers, time.Duration(worst.Load()))
			if time.Duration(worst.Load()) > time.Second { // a busy machine takes its time
				t.Errorf("a call with 100ms took %v", time.Duration(worst.Load()))
			}
			p.Cont()
			if err := s.Renew(t.Context(), claim); !errors.Is(err, lane.ErrStale) {
				t.Errorf("Renew once Redis goes on = %v, want ErrStale", err)
			}
		})
	}
}

// A call whose reply is lost is not sent again by the batcher, on no kind of
// Redis; Store.run does that, who knows under which ids.
func TestBatcherRepeatsNoLostReply(t *testing.T) {
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
			if err := newBatcher(rdb).EvalSha(t.Context(), "sha", []string{"k"}).Err(); err == nil {
				t.Error("a call whose reply was lost has no error")
			}
			if n := ran.Load(); n != 1 {
				t.Errorf("the call ran %d times, want once", n)
			}
		})
	}
}
