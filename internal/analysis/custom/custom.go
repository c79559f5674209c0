// Package custom finds entities that are given by their texts: those of a
// request and those that an account manages.
//
// An entity is found as package phrases finds a phrase: word for word, whatever
// the case, in any script. Where several begin at a word the longest is found,
// and the search goes on after it, so what is found does not overlap. Of several
// that have the same words only the first is found, so what takes precedence is
// given first.
package custom

import (
	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Match is a place where an entity stands.
type Match struct {
	Finder     int // which of those that were asked
	Entity     int // which of that finder's
	Start, End int // in bytes
}

// A Finder knows entities. It does not change and may be shared.
type Finder struct{ table *phrases.Table }

// A Builder makes a [Finder] of entities that it is given one by one.
type Builder struct{ phrases *phrases.Builder }

// NewBuilder returns a Builder.
func NewBuilder() Builder { return Builder{phrases.NewBuilder()} }

// Add adds the next entity and reports true, unless it is one that would not be
// found.
func (b Builder) Add(text string) bool { return b.phrases.AddNew(text) }

// Finder returns the finder. The builder is of no use after that.
func (b Builder) Finder() *Finder { return &Finder{b.phrases.Table()} }

// Size returns how many bytes the finder takes.
func (f *Finder) Size() int { return f.table.Size() }

// Find appends to to the entities of all finders that stand in a text, in their
// order. Those of the first finder take precedence.
func Find(to []Match, text []words.Word, finders ...*Finder) []Match {
	searches := make([]*phrases.Search, len(finders))
	starts := 0
	for i, f := range finders {
		searches[i] = f.table.Search(text)
		defer searches[i].Close()
		starts = searches[i].Starts()
	}
	for at := 0; at < starts; {
		longest, next := Match{}, at
		for i, s := range searches {
			if m, behind := s.Longest(at); m.End > longest.End {
				longest, next = Match{Finder: i, Entity: int(m.Phrases[0]), Start: m.Start, End: m.End}, behind
			}
		}
		if next > at {
			to = append(to, longest)
		}
		at = max(next, at+1)
	}
	return to
}
