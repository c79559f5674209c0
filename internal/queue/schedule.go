package queue

import (
	"sync"
	"time"
)

// How long a drain that waits for Redis, or for a receiver, keeps its slot, and how
// many slots may be lent at a time for each of both, as a multiple of those there are.
const (
	lendAfter  = 50 * time.Millisecond
	lendFactor = 8
)

// activeFor is how long a shard is swept often after the last ring for it.
const activeFor = 5 * time.Second

// panicPause is how long a shard is left alone after a drain of it panicked.
const panicPause = time.Second

// An outcome is how the use of a slot ended.
type outcome int

const (
	unused outcome = iota // it was reserved and not needed
	worked
	failed
	panicked
)

// A schedule decides which shards are drained in the slots of this process.
type schedule struct {
	drains sync.WaitGroup // slots taken

	mu        sync.Mutex // guards what follows
	begin     func(*slot)
	open      bool // while the pool runs
	slots     int
	free      int // below 0 if slots that were lent are back and not free again yet
	lent      int
	lingering int // slots lent because their drains wait for somebody else than Redis
	shards    []shardState
	next      int // of the shards, where to look for one that is wanted
}

// A shardState is what a schedule knows of a shard.
type shardState struct {
	running         int  // slots taken for it
	lent            int  // of these, lent to others
	down            bool // since a drain or a sweep of it failed, until a drain succeeds
	logged          bool // the log has a line that it is down
	drainAfterSweep bool // it is to be drained once a sweep has its answer
	wanted          bool // it is to be drained once a slot is free
	resumes         time.Time
	started         chan struct{} // closed when it is no longer wanted; may be nil
	activeUntil     time.Time     // see activeFor
	activated       chan struct{} // gets a value when the shard becomes active
}

func newSchedule(slots, shards int) *schedule {
	s := &schedule{slots: slots, free: slots, shards: make([]shardState, shards)}
	for n := range s.shards {
		s.shards[n].activated = make(chan struct{}, 1)
	}
	return s
}

// start opens the schedule. From now on begin is called, and must not block,
// when a shard is to be drained in a seat.
func (s *schedule) start(begin func(*slot)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.begin, s.open = begin, true
}

// stop closes the schedule: no other drain begins.
func (s *schedule) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = false
	for n := range s.shards {
		s.shards[n].drainAfterSweep = false
		s.shards[n].unqueue()
	}
}

// ring drains a shard, and returns true, if a slot is free. Otherwise the
// shard is drained as soon as one is, or as soon as it answers again.
func (s *schedule) ring(shard int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.open {
		return false
	}
	sh := &s.shards[shard]
	sh.touch()
	switch {
	case sh.blocked():
		sh.drainAfterSweep = true
		return false
	case s.free <= 0:
		sh.wanted = true
		return false
	}
	s.drain(shard)
	return true
}

// await is ring for somebody who waits: the channel is closed once a drain of
// the shard has begun or is put off.
func (s *schedule) await(shard int) <-chan struct{} {
	here := s.ring(shard)
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := &s.shards[shard]
	if here || !sh.wanted {
		closed := make(chan struct{})
		close(closed)
		return closed
	}
	if sh.started == nil {
		sh.started = make(chan struct{})
	}
	return sh.started
}

// ringAll queues a drain of every shard, but for those that are down or slow to
// answer: of the latter one drain is enough.
func (s *schedule) ringAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for shard := range s.shards {
		if sh := &s.shards[shard]; !sh.down && sh.lent == 0 {
			sh.wanted = true
		}
	}
	s.fill()
}

// reserve takes a slot for a shard, or returns nil. A shard that is slow to
// answer gets none, since the slot would be taken for nothing.
func (s *schedule) reserve(shard int) *slot {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := &s.shards[shard]
	if !s.open || s.free <= 0 || sh.down || sh.lent > 0 || sh.blocked() {
		return nil
	}
	sh.touch()
	return s.take(shard)
}

// active reports whether the shard is active, and returns a channel that gets a
// value when it becomes so.
func (s *schedule) active(shard int) (now bool, activated <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := &s.shards[shard]
	return time.Now().Before(sh.activeUntil), sh.activated
}

// touch makes the shard active.
func (sh *shardState) touch() {
	now := time.Now()
	if now.After(sh.activeUntil) {
		select {
		case sh.activated <- struct{}{}:
		default:
		}
	}
	sh.activeUntil = now.Add(activeFor)
}

// take takes a slot that is free.
func (s *schedule) take(shard int) *slot {
	s.free--
	s.shards[shard].running++
	s.drains.Add(1)
	return &slot{schedule: s, shard: shard}
}

// drain begins a drain of the shard in a slot that is free.
func (s *schedule) drain(shard int) {
	s.shards[shard].unqueue()
	s.begin(s.take(shard))
}

// fill begins drains of the shards that are wanted, in turn, while slots are
// free.
func (s *schedule) fill() {
	for range s.shards {
		if s.free <= 0 || !s.open {
			return
		}
		shard := s.next
		s.next = (s.next + 1) % len(s.shards)
		sh := &s.shards[shard]
		switch {
		case !sh.wanted:
		case sh.blocked():
			sh.unqueue()
			sh.drainAfterSweep = true
		default:
			s.drain(shard)
		}
	}
}

// release gives a slot back. It returns true if the log is to have a line,
// because the shard went down or is back.
func (s *schedule) release(t *slot, how outcome) (news bool) {
	defer s.drains.Done()
	s.mu.Lock()
	defer s.mu.Unlock()
	t.reclaim()
	t.endLingering()
	s.free++
	sh := &s.shards[t.shard]
	sh.running--
	switch how {
	case unused:
		sh.drainAfterSweep = sh.drainAfterSweep || t.wasLent // what it was reserved for got no answer
	case worked:
		news = sh.logged
		sh.down, sh.logged = false, false
		sh.requeue()
	case failed:
		news = !sh.down
		sh.down, sh.logged, sh.drainAfterSweep = true, sh.logged || news, true
	case panicked:
		sh.down, sh.drainAfterSweep, sh.resumes = true, true, time.Now().Add(panicPause)
	}
	s.fill()
	return news
}

// idle reports whether all slots are free or lent.
func (s *schedule) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free >= s.slots
}

// sweepFailed notes that a sweep of the shard got no reply.
func (s *schedule) sweepFailed(shard int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := &s.shards[shard]
	sh.touch()
	sh.down, sh.drainAfterSweep = true, true
}

// sweepSucceeded notes that a sweep got its reply, and drains the shard if a drain
// was deferred until then.
func (s *schedule) sweepSucceeded(shard int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shards[shard].requeue()
	s.fill()
}

// blocked reports whether no other drain of the shard may begin: one at a time runs
// while the shard is down, and none for a while after a panic.
func (sh *shardState) blocked() bool {
	return sh.down && sh.running > 0 || time.Now().Before(sh.resumes)
}

// requeue turns a deferred drain into one that waits for a slot.
func (sh *shardState) requeue() {
	if sh.drainAfterSweep && !sh.blocked() {
		sh.drainAfterSweep, sh.wanted = false, true
	}
}

// unqueue ends the wait for a slot.
func (sh *shardState) unqueue() {
	sh.wanted = false
	if sh.started != nil {
		close(sh.started)
		sh.started = nil
	}
}
