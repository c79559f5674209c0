package inference

import (
	"crypto/sha256"

	"github.com/turnwise/turnwise/internal/cache"
)

// perVector is what a cached vector takes beside its numbers, in bytes.
const perVector = 160

// A vectorCache keeps those that were asked for last, as many as fit. They are
// found by the hash of their text, which may be long. Each owner has its own:
// nobody can drive out those of others, nor tell by the time what others said.
type vectorCache struct {
	kept *cache.Fair[[sha256.Size]byte, []float32]
}

func newVectorCache(memory int) vectorCache {
	return vectorCache{cache.NewFair[[sha256.Size]byte, []float32](memory)}
}

// get returns the vector of a text, nil if it is not cached.
func (v vectorCache) get(owner, text string) []float32 {
	kept, _ := v.kept.Get(owner, sha256.Sum256([]byte(text)))
	return kept
}

// put caches a vector.
func (v vectorCache) put(owner, text string, vector []float32) {
	v.kept.Put(owner, sha256.Sum256([]byte(text)), vector, 4*len(vector)+perVector)
}

// forget drops all of them.
func (v vectorCache) forget() { v.kept.Clear() }
