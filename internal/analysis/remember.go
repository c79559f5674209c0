package analysis

import (
	"hash/maphash"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/turnwise/turnwise/internal/analysis/tracking"
)

// remembered is how many vocabularies an engine keeps: the jobs of an account
// mostly bring the same.
const remembered = 64

// A memory keeps vocabularies by what they were made of.
type memory struct {
	seed maphash.Seed
	kept *lru.Cache[uint64, memo]

	likeness *tracking.Model
}

type memo struct {
	entities   []CustomEntity
	trackers   []Tracker
	vocabulary vocabulary
}

func newMemory(likeness *tracking.Model) (*memory, error) {
	kept, err := lru.New[uint64, memo](remembered)
	return &memory{seed: maphash.MakeSeed(), kept: kept, likeness: likeness}, err
}

// vocabulary returns that of a job.
func (m *memory) vocabulary(o Options) vocabulary {
	entities := o.Entities
	if !o.DetectEntities {
		entities = nil
	}
	if len(entities)+len(o.Trackers) == 0 {
		return vocabulary{}
	}
	key := m.key(entities, o.Trackers)
	if known, ok := m.kept.Get(key); ok && slices.Equal(known.entities, entities) && slices.EqualFunc(known.trackers, o.Trackers, sameTracker) {
		return known.vocabulary
	}
	v := newVocabulary(m.likeness, entities, o.Trackers)
	m.kept.Add(key, memo{slices.Clone(entities), slices.Clone(o.Trackers), v})
	return v
}

func (m *memory) key(entities []CustomEntity, trackers []Tracker) uint64 {
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
