// Package recent keeps what took some work to make and was asked for of late,
// within a bound of memory.
package recent

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// Values are kept up to a weight. Beyond that, those go that nobody asked for
// the longest; what is heavier than all of it is not kept at all. A value may be
// good for some time only. Values may be shared.
type Values[K comparable, V any] struct {
	mu     sync.Mutex
	kept   *simplelru.LRU[K, weighed[V]]
	weight int
	most   int
}

type weighed[V any] struct {
	value  V
	weight int
	until  time.Time // it is good for; zero if for ever
}

// New returns Values that may weigh as much as most.
func New[K comparable, V any](most int) *Values[K, V] {
	s := &Values[K, V]{most: most}
	kept, err := simplelru.NewLRU(math.MaxInt, func(_ K, w weighed[V]) { s.weight -= w.weight })
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	s.kept = kept
	return s
}

// Get returns the value that is kept under the key, if there is one.
func (s *Values[K, V]) Get(key K) (value V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.kept.Get(key)
	if ok && !w.until.IsZero() && !time.Now().Before(w.until) {
		s.kept.Remove(key)
		var none V
		return none, false
	}
	return w.value, ok
}

// Put keeps a value under the key.
func (s *Values[K, V]) Put(key K, value V, weight int) { s.PutUntil(time.Time{}, key, value, weight) }

// PutUntil keeps a value that is good until then.
func (s *Values[K, V]) PutUntil(until time.Time, key K, value V, weight int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if weight > s.most {
		return
	}
	s.kept.Remove(key) // with its weight
	s.kept.Add(key, weighed[V]{value, weight, until})
	for s.weight += weight; s.weight > s.most; {
		s.kept.RemoveOldest()
	}
}
