package analysis

import (
	"hash/maphash"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/tracking"
	"github.com/turnwise/turnwise/internal/cache"
)

// Jobs of an account mostly have the same vocabulary, and a large one takes
// some time to prepare.
const (
	maxCachedBytes = 64 << 20 // bytes of cached vocabularies, as estimated
	perTerm        = 1 << 10  // that a term of a tracker takes, its text included
	perEntity      = 256      // that an entity takes beside its texts
)

// A vocabularyCache keeps vocabularies by what they were made of.
type vocabularyCache struct {
	seed    maphash.Seed
	entries *cache.LRU[uint64, cachedVocabulary]

	likeness *tracking.Model
}

type cachedVocabulary struct {
	entities   []CustomEntity
	trackers   []Tracker
	vocabulary vocabulary
}

func newVocabularyCache(likeness *tracking.Model) *vocabularyCache {
	return &vocabularyCache{seed: maphash.MakeSeed(), entries: cache.NewLRU[uint64, cachedVocabulary](maxCachedBytes), likeness: likeness}
}

// vocabulary returns that of a job.
func (m *vocabularyCache) vocabulary(o Options) vocabulary {
	entities := o.Entities
	if !o.DetectEntities {
		entities = nil
	}
	if len(entities)+len(o.Trackers) == 0 {
		return vocabulary{}
	}
	key := m.key(entities, o.Trackers)
	if known, ok := m.entries.Get(key); ok && slices.Equal(known.entities, entities) && slices.EqualFunc(known.trackers, o.Trackers, sameTracker) {
		return known.vocabulary
	}
	v := newVocabulary(m.likeness, entities, o.Trackers)
	m.entries.Put(key, cachedVocabulary{slices.Clone(entities), slices.Clone(o.Trackers), v}, sizeOf(entities, o.Trackers))
	return v
}

// sizeOf estimates the bytes of a vocabulary.
func sizeOf(entities []CustomEntity, trackers []Tracker) int {
	weight := perEntity
	for _, e := range entities {
		weight += perEntity + 2*len(e.Text) + len(e.Value) + len(e.CustomType)
	}
	for _, t := range trackers {
		weight += perTerm * (1 + len(t.Vocabulary) + len(t.ExcludeVocabulary))
	}
	return weight
}

func (m *vocabularyCache) key(entities []CustomEntity, trackers []Tracker) uint64 {
	var h maphash.Hash
	h.SetSeed(m.seed)
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
