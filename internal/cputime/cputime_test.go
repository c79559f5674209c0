package cputime_test

import (
	"context"
	"runtime"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/cputime"
)

// TestOf has a function work until so much is counted, and others wait meanwhile.
func TestOf(t *testing.T) {
	t.Parallel()

	if runtime.GOOS != "linux" {
		t.Skip("the system does not tell the time of a thread")
	}
	if waited := cputime.Of(t.Context(), func(context.Context) { <-time.After(50 * time.Millisecond) }); waited > 25*time.Millisecond {
		t.Errorf("a wait of 50ms counts as %v of work", waited)
	}
	worked := cputime.Of(t.Context(), func(ctx context.Context) { workFor(ctx, 1) })
	if worked <= 0 {
		t.Errorf("work counts as %v", worked)
	}
}

// TestRest has a function work, rest and work again: all of its work counts, the rest and
// what others do meanwhile do not.
func TestRest(t *testing.T) {
	t.Parallel()

	if runtime.GOOS != "linux" {
		t.Skip("the system does not tell the time of a thread")
	}
	const some = 5 * time.Millisecond
	wait := func() { <-time.After(50 * time.Millisecond) }
	cputime.Rest(t.Context(), wait) // where nothing is measured
	var one, two time.Duration
	all := cputime.Of(t.Context(), func(ctx context.Context) {
		one = workFor(ctx, some)
		cputime.Rest(ctx, wait)
		two = workFor(ctx, some)
		cputime.Rest(ctx, wait)
	})
	if all < one+two || all > one+two+50*time.Millisecond {
		t.Errorf("work of %v and %v with rests of 50ms counts as %v", one, two, all)
	}
}

// workFor works until the clock of the thread has moved so far, and returns how far it has.
func workFor(ctx context.Context, d time.Duration) (worked time.Duration) {
	for worked < d {
		worked += cputime.Of(ctx, func(context.Context) { work() })
	}
	return worked
}

func work() {
	sum := 0
	for i := range 1_000_000 {
		sum += i * i
	}
	runtime.KeepAlive(sum)
}
