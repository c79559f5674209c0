// Package custom finds entities that are given by their texts: those of a
// request and those that an account manages.
//
// An entity is found as package phrases finds a phrase: word for word, whatever
// the case, in any script. Where several begin at a word the longest is found,
// and the search goes on after it, so what is found does not overlap. Several
// that have the same words and other types are all found; of those that have
// the same words and the same type only the first, so what takes precedence is
// given first.
package custom

import (
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// An Entity is a text to look for and what it is.
type Entity struct {
	Type string
	Text string
}

// A Match is a place where an entity stands.
type Match struct {
	Entity     int // which of those given
	Start, End int // in bytes
}

// A Finder finds entities. It does not change and may be shared.
type Finder struct {
	table   *phrases.Table
	given   []int     // by phrase of the table: which entity
	buffers sync.Pool // of *[]phrases.Match
}

// New returns a Finder of entities.
func New(entities []Entity) *Finder {
	f := &Finder{}
	f.buffers.New = func() any { return new([]phrases.Match) }
	known := make(map[Entity]bool, len(entities))
	var texts []string
	for i, e := range entities {
		key := Entity{e.Type, phrases.Key(e.Text)}
		if known[key] {
			continue
		}
		known[key] = true
		f.given = append(f.given, i)
		texts = append(texts, e.Text)
	}
	f.table = phrases.New(texts)
	return f
}

// Find appends to to the entities that stand in a text, in their order.
func (f *Finder) Find(to []Match, text []words.Word) []Match {
	found := f.buffers.Get().(*[]phrases.Match)
	defer f.buffers.Put(found)
	*found = f.table.Find((*found)[:0], text)
	after := 0
	for i, m := range *found {
		longer := i+1 < len(*found) && (*found)[i+1].Start == m.Start
		if longer || m.Start < after {
			continue
		}
		for _, p := range m.Phrases {
			to = append(to, Match{Entity: f.given[p], Start: m.Start, End: m.End})
		}
		after = m.End
	}
	return to
}
