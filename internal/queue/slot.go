package queue

import "time"

// A slot is one that a drain of a shard has taken. It implements [lane.Slot]: while its
// drain waits for Redis, or for somebody else, longer than lendAfter, the slot is
// lent to another drain. When the answer is there the drain goes on at once, even if
// the slot is still in use; no other one begins then before a slot is truly free.
type slot struct {
	schedule *schedule
	shard    int

	// Guarded by the mutex of the schedule.
	timer   *time.Timer
	waiting int
	lent    bool
	wasLent bool // it has been lent once

	patience  *time.Timer // with somebody who may be slow
	lingering bool        // the slot is lent for that
}

// Linger implements [lane.Slot].
func (t *slot) Linger() (heard func()) {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.patience == nil {
		t.patience = time.AfterFunc(lendAfter, t.loseSlot)
	} else {
		t.patience.Reset(lendAfter)
	}
	return t.heard
}

func (t *slot) loseSlot() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.lingering || t.patience == nil || s.lingering >= lendFactor*s.slots {
		return
	}
	t.lingering = true
	s.lingering++
	s.free++
	s.fill()
}

func (t *slot) heard() {
	s := t.schedule
	s.mu.Lock()
	defer s.mu.Unlock()
	t.endLingering()
}

// endLingering takes the slot back. The mutex is held.
func (t *slot) endLingering() {
	if t.patience != nil {
		t.patience.Stop()
		t.patience = nil
	}
	if t.lingering {
		t.lingering = false
		t.schedule.lingering--
		t.schedule.free--
	}
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
