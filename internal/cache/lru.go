// Package cache holds values that took some work to make, within a bound of
// memory.
package cache

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// An LRU holds values up to a total weight, in a unit that its callers choose.
// Above that, the least recently used values are evicted. A value heavier than
// the whole is not stored. A value may expire. An LRU is safe for concurrent
// use.
type LRU[K comparable, V any] struct {
	mu      sync.Mutex
	entries *simplelru.LRU[K, entry[V]]
	weight  int
	most    int
}

type entry[V any] struct {
	value   V
	weight  int
	expires time.Time // zero if never
}

// NewLRU returns an empty LRU for a total weight of most.
func NewLRU[K comparable, V any](most int) *LRU[K, V] {
	c := &LRU[K, V]{most: most}
	entries, err := simplelru.NewLRU(math.MaxInt, func(_ K, e entry[V]) { c.weight -= e.weight })
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	c.entries = entries
	return c
}

// Get returns the value stored under the key, if there is one.
func (c *LRU[K, V]) Get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries.Get(key)
	if ok && !e.expires.IsZero() && !time.Now().Before(e.expires) {
		c.entries.Remove(key)
		var none V
		return none, false
	}
	return e.value, ok
}

// Put stores a value under the key, in place of what was there.
func (c *LRU[K, V]) Put(key K, value V, weight int) { c.PutUntil(time.Time{}, key, value, weight) }

// PutUntil stores a value that expires then.
func (c *LRU[K, V]) PutUntil(expires time.Time, key K, value V, weight int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if weight > c.most {
		return
	}
	c.entries.Remove(key) // with its weight
	c.entries.Add(key, entry[V]{value, weight, expires})
	for c.weight += weight; c.weight > c.most; {
		c.entries.RemoveOldest()
	}
}
