package inference

import (
	"crypto/sha256"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// perVector is what a cached vector takes beside its numbers, in bytes.
const perVector = 160

// vectorCache keeps those that were asked for last, as many as fit. They are found
// by the hash of their text, which may be long.
type vectorCache struct {
	mu       sync.Mutex
	maxBytes int
	lru      *simplelru.LRU[[sha256.Size]byte, []float32]
}

func newVectorCache(memory int) *vectorCache {
	kept, err := simplelru.NewLRU[[sha256.Size]byte, []float32](1, nil)
	if err != nil { // only for a size that is not positive
		panic(err)
	}
	return &vectorCache{maxBytes: memory, lru: kept}
}

// get returns the vector of a text, nil if it is not cached.
func (v *vectorCache) get(text string) []float32 {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, _ := v.lru.Get(sha256.Sum256([]byte(text)))
	return kept
}

// put caches a vector. All of a model have one length, so bytes are counted by
// it.
func (v *vectorCache) put(text string, vector []float32) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lru.Resize(max(1, v.maxBytes/(4*len(vector)+perVector)))
	v.lru.Add(sha256.Sum256([]byte(text)), vector)
}

// forget drops all of them.
func (v *vectorCache) forget() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.lru.Purge()
}
