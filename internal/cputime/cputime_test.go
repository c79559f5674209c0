package cputime_test

import (
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
	if waited := cputime.Of(func() { <-time.After(50 * time.Millisecond) }); waited > 25*time.Millisecond {
		t.Errorf("a wait of 50ms counts as %v of work", waited)
	}
	worked := cputime.Of(func() {
		for cputime.Of(work) == 0 { // as long as it takes until the clock of the thread moves
			continue
		}
	})
	if worked <= 0 {
		t.Errorf("work counts as %v", worked)
	}
}

func work() {
	sum := 0
	for i := range 1_000_000 {
		sum += i * i
	}
	runtime.KeepAlive(sum)
}
