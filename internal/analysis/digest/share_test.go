package digest_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/digest"
)

// TestNobodyWaits has all readers of a computation leave: it ends, and who comes
// then begins another.
func TestNobodyWaits(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		d := newCache(t, launch(), digest.Options{})
		ctx, hangUp := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		var readers sync.WaitGroup
		for range 3 {
			readers.Go(func() {
				_, err := d.Share(ctx, "x", "ann", call, func(ctx context.Context) (any, int, error) {
					<-ctx.Done()
					ended <- ctx.Err()
					return nil, 0, ctx.Err()
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("Share = %v, want %v", err, context.Canceled)
				}
			})
		}
		synctest.Wait()
		hangUp()
		readers.Wait()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("the computation ended with %v, want %v", err, context.Canceled)
		}
		v, err := d.Share(t.Context(), "x", "ann", call, func(context.Context) (any, int, error) { return 7, 1, nil })
		if v != 7 || err != nil {
			t.Errorf("Share = %v, %v; want 7", v, err)
		}
	})
}

// A computation goes on when the time of its readers is up, who ask again: else it would
// begin anew each time, and never end.
func TestReadersAskAgain(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		d := newCache(t, launch(), digest.Options{})
		begun := 0
		ask := func() (any, error) {
			ctx, cancel := context.WithCancelCause(t.Context())
			defer cancel(nil)
			time.AfterFunc(8*time.Second, func() { cancel(context.DeadlineExceeded) })
			return d.Share(ctx, "x", "ann", call, func(ctx context.Context) (any, int, error) {
				begun++
				select {
				case <-time.After(20 * time.Second):
					return 7, 1, nil
				case <-ctx.Done():
					return nil, 0, ctx.Err()
				}
			})
		}
		for range 2 {
			if v, err := ask(); err == nil {
				t.Errorf("Share = %v before it is computed, want an error", v)
			}
		}
		if v, err := ask(); v != 7 || err != nil || begun != 1 {
			t.Errorf("Share = %v, %v after %d computations; want 7 after one", v, err, begun)
		}
	})
}

// TestComputationsTakeTurns has one account want many results: it computes half of
// what may run at once, and another account need not wait for it.
func TestComputationsTakeTurns(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		d := newCache(t, launch(), digest.Options{Concurrency: 4})
		var running atomic.Int32
		finish := make(chan struct{})
		want := func(account, name string) func() {
			return func() {
				_, _ = d.Share(t.Context(), name, account, call, func(context.Context) (any, int, error) {
					running.Add(1)
					<-finish
					return 1, 1, nil
				})
			}
		}
		var all sync.WaitGroup
		for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
			all.Go(want("ann", name))
		}
		synctest.Wait()
		if n := running.Load(); n != 2 {
			t.Errorf("%d of one account run at once, want 2 of 4", n)
		}
		for _, account := range []string{"bob", "cas", "dan"} {
			all.Go(want(account, "a"))
		}
		synctest.Wait()
		if n := running.Load(); n != 4 {
			t.Errorf("%d run at once, want 4", n)
		}
		close(finish)
		all.Wait()
	})
}

// TestLongConversationIsReadTwice has more text than is kept for a second look.
func TestLongConversationIsReadTwice(t *testing.T) {
	t.Parallel()

	a := long(8000)
	d := newCache(t, a, digest.Options{})
	s, err := d.Summary(t.Context(), "ann", call)
	if err != nil || len(s.Lines) != 7 {
		t.Fatalf("%d lines, %v; want 7", len(s.Lines), err)
	}
	said := map[string]string{}
	for _, m := range a.messages {
		said[m.ID] = m.Text
	}
	for _, l := range s.Lines {
		if said[l.ID] != l.Text {
			t.Errorf("line %s says %q, want %q", l.ID, l.Text, said[l.ID])
		}
	}
	a.wantReads(t, 2)
}
