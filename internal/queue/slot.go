package queue

import "time"

// A seat is one slot, taken for a shard. It implements [lane.Slot]: while its
// drain waits for Redis longer than patience, the slot is lent to another
// drain. When Redis has answered the drain goes on at once, even if the slot
// is still in use; no other one begins then before a slot is truly free.
type slot struct {
	schedule *schedule
	shard    int

	// Guarded by the mutex of the schedule.
	timer   *time.Timer
	waiting int
	lent    bool
	wasLent bool // it has been lent once
}

// Wait implements [lane.Slot].
func (t *slot) Wait() (answered func()) {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	t.waiting++
	switch {
	case t.waiting > 1:
	case t.timer == nil:
		t.timer = time.AfterFunc(lendAfter, t.lend)
	default:
		t.timer.Reset(lendAfter)
	}
	return t.answered
}

func (t *slot) answered() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	t.waiting--
	if t.waiting == 0 {
		t.reclaim()
	}
}

func (t *slot) lend() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.waiting == 0 || t.lent || s.lent >= lendFactor*s.slots {
		return
	}
	t.lent, t.wasLent = true, true
	s.lent++
	s.shards[t.shard].lent++
	s.free++
	s.fill()
}

// reclaim ends the waiting. The mutex is held.
func (t *slot) reclaim() {
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
