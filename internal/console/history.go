package console

import (
	"slices"
	"sync"
	"time"

	"github.com/turnwise/turnwise/internal/cache"
)

const (
	historyLength = 60
	historyEvery  = stateEvery
	historiesMost = 1024 // values that are followed
)

// A history has the latest of values that somebody looks at, for their charts.
type history struct {
	mu  sync.Mutex
	all *cache.LRU[string, *past]
}

// A past is the latest of one value.
type past struct {
	at     time.Time
	values []float64
}

func newHistory() *history { return &history{all: cache.NewLRU[string, *past](historiesMost)} }

// add notes the value of a name, no more often than it is read anew, and returns those
// of the last minutes.
func (h *history) add(name string, value float64) []float64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	p, known := h.all.Get(name)
	now := time.Now()
	if !known || now.Sub(p.at) > historyLength*historyEvery {
		p = &past{values: []float64{value}} // a line has two ends
		h.all.Put(name, p, 1)
	}
	if now.Sub(p.at) >= historyEvery {
		p.values = append(p.values, value)
		p.values = slices.Clone(p.values[max(len(p.values)-historyLength, 0):])
		p.at = now
	}
	return slices.Clone(p.values)
}
