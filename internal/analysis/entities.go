package analysis

import (
	"cmp"
	"slices"
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/custom"
	"github.com/turnwise/turnwise/internal/conversation"
)

// Entities are texts to look for, compiled. They do not change and may be shared
// by jobs. Half a million of them are common, so none has a pointer.
type Entities struct {
	finder *custom.Finder
	types  []string
	typeOf []int32  // by entity
	values []byte   // of all entities, one behind the other
	ends   []uint32 // by entity: where in values its own ends
}

// An EntityBuilder compiles [Entities] that it is given one by one.
type EntityBuilder struct {
	finder custom.Builder
	types  map[string]int32
	made   Entities
}

// NewEntityBuilder returns an EntityBuilder.
func NewEntityBuilder() *EntityBuilder {
	return &EntityBuilder{finder: custom.NewBuilder(), types: map[string]int32{}}
}

// Add adds the next entity. One with the words of another that was added before is
// not found.
func (b *EntityBuilder) Add(e CustomEntity) {
	if !b.finder.Add(e.Text) {
		return
	}
	number, ok := b.types[e.CustomType]
	if !ok {
		number = int32(len(b.made.types))
		b.types[e.CustomType] = number
		b.made.types = append(b.made.types, e.CustomType)
	}
	b.made.typeOf = append(b.made.typeOf, number)
	b.made.values = append(b.made.values, strings.ToLower(cmp.Or(e.Value, e.Text))...)
	b.made.ends = append(b.made.ends, uint32(len(b.made.values)))
}

// Entities returns what was added. The builder is of no use after that.
func (b *EntityBuilder) Entities() *Entities {
	made := b.made
	made.finder = b.finder.Finder()
	made.typeOf, made.values, made.ends = slices.Clone(made.typeOf), slices.Clone(made.values), slices.Clone(made.ends)
	return &made
}

// Size returns about how many bytes they take.
func (e *Entities) Size() int {
	return e.finder.Size() + 4*cap(e.typeOf) + cap(e.values) + 4*cap(e.ends) + sizeOfTexts(e.types)
}

func (e *Entities) value(entity int) string {
	from := uint32(0)
	if entity > 0 {
		from = e.ends[entity-1]
	}
	return string(e.values[from:e.ends[entity]])
}

// addCustom puts the caller's entities before all others, and before those the
// ones of the job itself.
func (j *job) addCustom() {
	if len(j.finders) == 0 {
		return
	}
	j.customMatches = custom.Find(j.customMatches[:0], j.words, j.finders...)
	for _, m := range j.customMatches {
		of := j.entitiesOf[m.Finder]
		j.addEntity(m.Start, m.End, conversation.Entity{
			Type: "custom", Custom: of.types[of.typeOf[m.Entity]], Value: of.value(m.Entity), Score: 1,
		})
	}
}
