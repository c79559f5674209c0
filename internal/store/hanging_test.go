package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
	"github.com/turnwise/turnwise/internal/redis/redistest"
	"github.com/turnwise/turnwise/internal/store"
)

// While Redis does not answer, every call ends with its context, however many
// there are, and a hold is known to be lost before its lease is over.
func TestCallsEndWithTheirContextsWhileRedisHangs(t *testing.T) {
	t.Parallel()
	for _, callers := range []int{1, 300} {
		t.Run(fmt.Sprint(callers), func(t *testing.T) {
			t.Parallel()
			p := redistest.Server(t)
			s := store.New(redistest.Open(t, p.URL()), store.Options{})
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
