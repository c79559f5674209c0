package edge

import (
	"iter"
	"runtime"

	"github.com/turnwise/turnwise/internal/quota"
)

// newTurns returns how many answers of one account are written at the same time: half
// as many as there are processors. Of two dozen that were written at once each would
// have a processor for ten milliseconds, and whoever comes then would wait for all of
// them.
func newTurns() *quota.Quota { return quota.New((runtime.GOMAXPROCS(0) + 1) / 2) }

// InTurns yields what is read for the answer, with a turn of the account for what is
// done with each: for all of it but the reading, and the sending to the caller.
func InTurns[T any](x *Exchange, items iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for item, err := range items {
			if err == nil {
				err = x.beginTurn()
			}
			going := yield(item, err)
			x.endTurn()
			if !going {
				return
			}
		}
	}
}

// beginTurn waits for a turn, unless the caller goes.
func (x *Exchange) beginTurn() (err error) {
	x.turn, err = x.h.turns.Take(x.Request.Context(), x.Account.ID)
	return err
}

// endTurn ends the turn, if there is one.
func (x *Exchange) endTurn() {
	if x.turn != nil {
		x.turn()
		x.turn = nil
	}
}
