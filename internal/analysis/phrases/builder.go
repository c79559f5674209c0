package phrases

import (
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Builder makes a [Table] of phrases that it is given one by one.
type Builder struct {
	words  dictionary
	states states
	last   []int32 // by state: the last phrase that ends there
	before []int32 // by phrase: the one before it that ends there too

	split  []words.Word
	pieces []piece
	folded []byte
}

// NewBuilder returns a Builder of an empty table.
func NewBuilder() *Builder {
	return &Builder{words: newDictionary(), states: states{slots: newSlots()}, last: []int32{none}}
}

// Add adds the next phrase. One without words is never found, nor is one that is
// too long.
func (b *Builder) Add(text string) { b.end(b.walk(text)) }

// AddNew adds the next phrase and reports true, unless it would not be found or
// another one has the same words.
func (b *Builder) AddNew(text string) bool {
	state := b.walk(text)
	if state == none || b.last[state] != none {
		return false
	}
	b.end(state)
	return true
}

// walk returns the state after all words of a phrase.
func (b *Builder) walk(text string) int32 {
	b.split = words.Split(b.split[:0], text)
	b.pieces = trim(cut(b.pieces[:0], b.split))
	if n := len(b.pieces); n == 0 || n > MaxWords {
		return none
	}
	state := int32(0)
	for _, p := range b.pieces {
		b.folded = fold(b.folded[:0], p.lower)
		state = b.states.extend(state, b.words.add(string(b.folded)))
		for len(b.last) <= int(state) {
			b.last = append(b.last, none)
		}
	}
	return state
}

// end has the next phrase end in a state.
func (b *Builder) end(state int32) {
	before := int32(none)
	if state != none {
		before, b.last[state] = b.last[state], int32(len(b.before))
	}
	b.before = append(b.before, before)
}

// Table returns the table. The builder is of no use after that.
func (b *Builder) Table() *Table {
	t := &Table{words: b.words, states: b.states, first: make([]int32, len(b.last)+1), phrases: make([]int32, len(b.before))}
	t.words.compact()
	t.states.compact()
	at := len(t.phrases)
	for state, last := range slices.Backward(b.last) {
		t.first[state+1] = int32(at)
		for p := last; p != none; p = b.before[p] {
			at--
			t.phrases[at] = p
		}
	}
	t.first[0] = int32(at)
	t.searches.New = func() any { return new(Search) }
	return t
}
