package lane_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/lane"
)

// A counted is a Slot that counts who waits in it.
type counted struct{ waiting, ever int }

func (c *counted) Linger() (heard func()) { return c.Wait() }

func (c *counted) Wait() (answered func()) {
	c.waiting++
	c.ever++
	return func() { c.waiting-- }
}

func TestWait(t *testing.T) {
	t.Parallel()

	lane.Wait(t.Context())() // no slot: nobody is told

	var slot counted
	ctx, cancel := context.WithCancel(lane.WithSlot(t.Context(), &slot))
	cancel()
	answered := lane.Wait(context.WithoutCancel(ctx))
	if slot.waiting != 1 {
		t.Errorf("%d wait, want 1", slot.waiting)
	}
	answered()
	if slot.waiting != 0 {
		t.Errorf("%d wait after the answer, want 0", slot.waiting)
	}
}

// The work goes on while its lease is renewed, so the slot is not told.
func TestRenewalIsNotWaitedFor(t *testing.T) {
	t.Parallel()

	synctest.Test(t, func(t *testing.T) {
		var slot counted
		held, release := lane.Hold(lane.WithSlot(t.Context(), &slot), slog.New(slog.DiscardHandler), lease, func(ctx context.Context) error {
			lane.Wait(ctx)()
			return nil
		})
		time.Sleep(2 * lease)
		release()
		if slot.ever != 0 {
			t.Errorf("the slot was told of %d waits, want none", slot.ever)
		}
		lane.Wait(held)()
		if slot.ever != 1 {
			t.Error("the work under the lease has no slot")
		}
	})
}
