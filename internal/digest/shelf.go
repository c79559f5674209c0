package digest

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A shelf keeps values up to a weight. Beyond that, those go that nobody asked
// for the longest; what is heavier than all of it is not kept at all. A value may
// be good for some time only.
type shelf struct {
	mu     sync.Mutex
	kept   *simplelru.LRU[string, weighed]
	weight int
	most   int
}

type weighed struct {
	value  any
	weight int
	until  time.Time // it is good for; zero if for ever
}

func newShelf(most int) *shelf {
	s := &shelf{most: most}
	kept, err := simplelru.NewLRU(math.MaxInt, func(_ string, w weighed) { s.weight -= w.weight })
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	s.kept = kept
	return s
}

func (s *shelf) get(key string) (value any, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := s.kept.Get(key)
	if ok && !w.until.IsZero() && !time.Now().Before(w.until) {
		s.kept.Remove(key)
		return nil, false
	}
	return w.value, ok
}

func (s *shelf) put(key string, value any, weight int) { s.putUntil(time.Time{}, key, value, weight) }

// putUntil keeps a value that is good until then.
func (s *shelf) putUntil(until time.Time, key string, value any, weight int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if weight > s.most {
		return
	}
	s.kept.Remove(key) // with its weight
	s.kept.Add(key, weighed{value, weight, until})
	for s.weight += weight; s.weight > s.most; {
		s.kept.RemoveOldest()
	}
}
