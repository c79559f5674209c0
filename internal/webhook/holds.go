package webhook

import (
	"sync"
	"time"
)

// holds are the endpoints of which this process has told all shards until when they
// are to be left alone, so that many answers with the same request are told once, or how
// a probe of them ended, and when.
type holds struct {
	mu    sync.Mutex
	until map[string]time.Time
}

// slackOfHold is by how much a hold must be longer than the last one to be told.
const slackOfHold = time.Second

// begin reports whether a hold is to be told, being so much longer than the last one at
// least, and notes that it is.
func (h *holds) begin(endpoint string, until time.Time, longer time.Duration) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.Before(h.until[endpoint].Add(longer)) {
		return false
	}
	if h.until == nil || len(h.until) > 1000 {
		h.until = map[string]time.Time{} // to tell one again does no harm
	}
	h.until[endpoint] = until
	return true
}
