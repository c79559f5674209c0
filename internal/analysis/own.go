package analysis

import (
	"hash/maphash"
	"slices"

	"github.com/turnwise/turnwise/internal/cache"
)

// maxOwnBytes is how much of what jobs brought is kept compiled.
const maxOwnBytes = 32 << 20

// An own is what a job itself looks for, compiled: custom entities and trackers.
// Either is nil if there is none.
type own struct {
	entities *Entities
	trackers *Trackers
}

// An ownCache keeps what jobs brought, by account and by what it was made of: jobs
// of an account mostly bring the same.
type ownCache struct {
	seed    maphash.Seed
	entries *cache.Fair[uint64, cachedOwn]
	engine  *Engine
}

type cachedOwn struct {
	entities []CustomEntity
	trackers []Tracker
	own      own
}

// newOwnCache returns a cache for so many bytes.
func newOwnCache(e *Engine, most int) *ownCache {
	return &ownCache{seed: maphash.MakeSeed(), entries: cache.NewFair[uint64, cachedOwn](most), engine: e}
}

// own returns what a job of an account brought, compiled.
func (c *ownCache) own(account string, entities []CustomEntity, trackers []Tracker) own {
	if len(entities)+len(trackers) == 0 {
		return own{}
	}
	key := c.key(entities, trackers)
	if known, ok := c.entries.Get(account, key); ok && slices.Equal(known.entities, entities) && slices.EqualFunc(known.trackers, trackers, sameTracker) {
		return known.own
	}
	made, size := c.compile(entities, slices.Clone(trackers))
	c.entries.Put(account, key, cachedOwn{slices.Clone(entities), slices.Clone(trackers), made}, size)
	return made
}

// compile returns what a job brought, and about how many bytes it takes.
func (c *ownCache) compile(entities []CustomEntity, trackers []Tracker) (made own, size int) {
	if len(entities) > 0 {
		b := NewEntityBuilder()
		for _, e := range entities {
			b.Add(e)
			size += sizeOfTexts([]string{e.CustomType, e.Text, e.Value})
		}
		made.entities = b.Entities()
		size += made.entities.Size()
	}
	if len(trackers) > 0 {
		made.trackers = c.engine.CompileTrackers(trackers)
		size += made.trackers.Size()
	}
	return made, size
}

func (c *ownCache) key(entities []CustomEntity, trackers []Tracker) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	put := func(s string) {
		_, _ = h.WriteString(s)
		_ = h.WriteByte(0)
	}
	for _, e := range entities {
		put(e.CustomType)
		put(e.Text)
		put(e.Value)
	}
	for _, t := range trackers {
		put(t.ID)
		put(t.Name)
		for _, text := range t.Vocabulary {
			put(text)
		}
		put("")
		for _, text := range t.ExcludeVocabulary {
			put(text)
		}
	}
	return h.Sum64()
}

func sameTracker(a, b Tracker) bool {
	return a.ID == b.ID && a.Name == b.Name && slices.Equal(a.Vocabulary, b.Vocabulary) && slices.Equal(a.ExcludeVocabulary, b.ExcludeVocabulary)
}
