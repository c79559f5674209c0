package cache

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// idle is how long an owner may leave its values alone before they are the first
// to go.
const idle = time.Minute

// A Fair holds values of several owners up to a total weight, in a unit that its
// callers choose. Above that, what an owner has used least recently is evicted: of
// one who has used nothing for a minute if there is such an owner, else of the one
// whose values weigh most. So nobody drives out what others use by having more. A
// value heavier than the whole is not stored. A Fair is safe for concurrent use.
type Fair[K comparable, V any] struct {
	mu     sync.Mutex
	owners map[string]*share[K, V]
	weight int
	most   int
}

// A share is what an owner has, which is something.
type share[K comparable, V any] struct {
	entries *simplelru.LRU[K, entry[V]]
	weight  int
	used    time.Time
}

// NewFair returns an empty Fair for a total weight of most.
func NewFair[K comparable, V any](most int) *Fair[K, V] {
	return &Fair[K, V]{owners: map[string]*share[K, V]{}, most: most}
}

// Get returns the value that an owner stored under the key, if there is one.
func (c *Fair[K, V]) Get(owner string, key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := c.owners[owner]
	if s == nil {
		return value, false
	}
	s.used = time.Now()
	e, ok := s.entries.Get(key)
	return e.value, ok
}

// Put stores a value under a key of its owner, in place of what was there.
func (c *Fair[K, V]) Put(owner string, key K, value V, weight int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if weight > c.most {
		return
	}
	s := c.owners[owner]
	if s == nil {
		s = c.newShare()
		c.owners[owner] = s
	}
	s.used = time.Now()
	s.entries.Remove(key) // with its weight
	s.entries.Add(key, entry[V]{value: value, weight: weight})
	s.weight += weight
	for c.weight += weight; c.weight > c.most; {
		c.evict()
	}
}

// Clear drops all values.
func (c *Fair[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.owners)
	c.weight = 0
}

// Weight returns what all values weigh.
func (c *Fair[K, V]) Weight() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.weight
}

func (c *Fair[K, V]) newShare() *share[K, V] {
	s := &share[K, V]{}
	entries, err := simplelru.NewLRU(math.MaxInt, func(_ K, e entry[V]) {
		s.weight -= e.weight
		c.weight -= e.weight
	})
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	s.entries = entries
	return s
}

// evict drops one value.
func (c *Fair[K, V]) evict() {
	var victim *share[K, V]
	var name string
	rested := time.Now().Add(-idle)
	for owner, s := range c.owners {
		if victim == nil || s.goesBefore(victim, rested) {
			victim, name = s, owner
		}
	}
	victim.entries.RemoveOldest()
	if victim.entries.Len() == 0 {
		delete(c.owners, name)
	}
}

// goesBefore reports whether what an owner has goes before what another one has.
// Who has used nothing since a time goes first, and the longer the sooner.
func (s *share[K, V]) goesBefore(other *share[K, V], since time.Time) bool {
	idle, idles := s.used.Before(since), other.used.Before(since)
	switch {
	case idle != idles:
		return idle
	case idle:
		return s.used.Before(other.used)
	}
	return s.weight > other.weight
}
