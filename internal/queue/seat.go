package queue

import "time"

// A seat is one slot, taken for a shard. It implements [lane.Slot]: while its
// drain waits for Redis longer than patience, the slot is lent to another
// drain. When Redis has answered the drain goes on at once, even if the slot
// is still in use; no other one begins then before a slot is truly free.
type seat struct {
	schedule *schedule
	shard    int

	// Guarded by the mutex of the schedule.
	timer *time.Timer
	waits int
	lent  bool
	late  bool // it has been lent once
}

// Wait implements [lane.Slot].
func (t *seat) Wait() (answered func()) {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	t.waits++
	switch {
	case t.waits > 1:
	case t.timer == nil:
		t.timer = time.AfterFunc(patience, t.lend)
	default:
		t.timer.Reset(patience)
	}
	return t.answered
}

func (t *seat) answered() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	t.waits--
	if t.waits == 0 {
		t.takeBack()
	}
}

func (t *seat) lend() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waits == 0 || t.lent || s.lent >= lendable*s.slots {
		return
	}
	t.lent, t.late = true, true
	s.lent++
	s.shards[t.shard].lent++
	s.free++
	s.fill()
}

// takeBack ends the waiting. The mutex is held.
func (t *seat) takeBack() {
	if t.timer != nil {
		t.timer.Stop()
	}
	if !t.lent {
		return
	}
	t.lent = false
	s := t.schedule
	s.lent--
	s.shards[t.shard].lent--
	s.free--
}
