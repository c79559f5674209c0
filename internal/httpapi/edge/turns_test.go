package edge

import (
	"iter"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/turnwise/turnwise/internal/account"
)

// Answers of an account are written in turns, those of another one beside them, and a
// turn ends where the sending begins.
func TestInTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := &Handler{turns: newTurns()}
		share := (runtime.GOMAXPROCS(0) + 1) / 2
		var writing, most atomic.Int64
		write := func(id string, sends bool) {
			x := &Exchange{h: h, Request: httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), Account: account.Account{ID: id}}
			defer x.giveBack()
			for _, err := range InTurns(x, numbers(3)) {
				if err != nil {
					t.Error(err)
				}
				most.Store(max(most.Load(), writing.Add(1)))
				if sends {
					x.endTurn()
				}
				time.Sleep(time.Second)
				writing.Add(-1)
			}
		}
		var writers sync.WaitGroup
		begun := time.Now()
		for range 2 * share {
			writers.Go(func() { write("many", false) })
		}
		synctest.Wait()
		if write("other", false); time.Since(begun) != 3*time.Second || int(most.Load()) != share+1 {
			t.Errorf("another account's answer took %v, with %d written at once; want it beside %d of the first one's", time.Since(begun), most.Load(), share)
		}
		writers.Wait()
		most.Store(0)
		for range 3 * share {
			writers.Go(func() { write("many", true) })
		}
		synctest.Wait()
		if int(most.Load()) != 3*share {
			t.Errorf("%d answers are sent at once, want all %d", most.Load(), 3*share)
		}
		writers.Wait()
	})
}

// numbers yields so many numbers.
func numbers(n int) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
		}
	}
}
