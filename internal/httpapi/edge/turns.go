package edge

import (
	"iter"
	"runtime"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/netpoll"
	"github.com/turnwise/turnwise/internal/quota"
)

// What is worked in turns from its beginning, and from when on all else is.
const (
	longBody  = 16 << 10 // bytes of a body, expanded
	manyWaits = 3        // times that a request has waited for Redis
)

// newTurns returns how many requests of one account compute at the same time, of those
// that do so for long, where nothing else is said: half as many as there are processors.
// Of two dozen that compute at once each would have a processor for ten milliseconds, and
// whoever comes then would wait for all of them.
func newTurns() *quota.Quota { return quota.New((runtime.GOMAXPROCS(0) + 1) / 2) }

// A turn is that of one exchange. Whoever waits, for Redis or for the caller, has none
// meanwhile. The zero value is of an exchange that has none. It may be used by the
// goroutines that read for the exchange at the same time, which share it.
type turn struct {
	mu      sync.Mutex
	end     func()    // ends the turn; nil if there is none
	polled  time.Time // when others went on last, or the first turn began
	long    bool      // the exchange is worked in turns
	asking  bool      // somebody waits for the turn, and all others go on without
	waiting bool      // somebody waits for Redis, of which nothing else is to be noted
	waits   int       // for Redis, until now
	over    bool      // the exchange has ended: it takes no turn any more
}

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

// beginTurn waits for a turn, unless the exchange has one or the caller goes.
func (x *Exchange) beginTurn() error {
	t := &x.turn
	t.mu.Lock()
	if t.end != nil || t.asking || t.over {
		t.mu.Unlock()
		return nil
	}
	t.asking = true
	t.mu.Unlock()
	end, err := x.h.turns.Take(x.Request.Context(), x.Account.ID)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asking = false
	switch {
	case err != nil:
	case t.over:
		end()
	default:
		t.end = end
		if t.polled.IsZero() {
			t.polled = time.Now()
		}
	}
	return err
}

// endTurn ends the turn, if there is one. It reports whether there was.
func (x *Exchange) endTurn() bool {
	x.turn.mu.Lock()
	defer x.turn.mu.Unlock()
	return x.turn.stop()
}

// stop ends the turn. The caller holds the lock.
func (t *turn) stop() bool {
	if t.end == nil {
		return false
	}
	t.end()
	t.end = nil
	return true
}

// leaveTurns ends the turn of an exchange that is answered, for good.
func (x *Exchange) leaveTurns() {
	x.turn.mu.Lock()
	defer x.turn.mu.Unlock()
	x.turn.over = true
	x.turn.stop()
}

// beginLong has a request with a long body be worked in turns from the beginning.
func (x *Exchange) beginLong() error {
	if len(x.Body) < longBody || x.Account.ID == "" {
		return nil
	}
	x.turn.long = true
	return x.beginTurn()
}

// letOthersGoOn does so if the exchange is worked in turns and the last time is some
// milliseconds ago. The exchange has no turn.
func (x *Exchange) letOthersGoOn() {
	t := &x.turn
	t.mu.Lock()
	due := !t.polled.IsZero() && !t.over && time.Since(t.polled) >= netpoll.Every
	if due {
		t.polled = time.Now()
	}
	t.mu.Unlock()
	if due {
		x.h.poll()
	}
}

// A slot is the [lane.Slot] of an exchange: it has no turn while it waits, and is worked
// in turns after many waits. What takes few steps in Redis computes little.
type slot struct{ x *Exchange }

// Wait implements [lane.Slot].
func (s slot) Wait() (answered func()) {
	t := &s.x.turn
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting {
		return func() {}
	}
	t.waiting = true
	t.waits++
	t.stop()
	return func() {
		t.mu.Lock()
		t.waiting = false
		t.long = t.long || t.waits >= manyWaits
		long := t.long
		t.mu.Unlock()
		if long {
			s.x.letOthersGoOn()
			_ = s.x.beginTurn() // should the caller go meanwhile, so does what it waits for
		}
	}
}

// Linger implements [lane.Slot].
func (s slot) Linger() (heard func()) { return s.Wait() }
