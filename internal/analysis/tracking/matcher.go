package tracking

import (
	"slices"
	"sync"
	"unsafe"

	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Matcher finds trackers in sentences. It may be shared: of what it holds only
// what it remembers of its own words changes.
type Matcher struct {
	model    *Model
	trackers int
	literal  *phrases.Table
	terms    []term
	groups   []termGroup // first the vocabularies of all trackers, then what is excluded
	words    vocabulary
	in       [][]use   // by word: the terms that it is part of
	at       [][]int32 // by word: the groups that it is part of
	excluded []int32   // by tracker: the group of what it excludes; none if it excludes nothing
	largest  int32     // how many terms a group has at most
	readers  sync.Pool
}

// A term is a text that a tracker looks for, or does not want.
type term struct {
	group  int32
	number int32   // in the tracker's list
	total  float32 // of the weights of its words; 0 if none counts
}

// A use of a word by a term.
type use struct {
	term   int32
	weight float32
}

// A termGroup is what belongs together of a tracker: its vocabulary, or what it
// excludes.
type termGroup struct {
	tracker  int
	excluded bool
	from, to int32 // terms
	mean     vector
}

// Compile returns a Matcher of trackers.
func (m *Model) Compile(trackers []Tracker) *Matcher {
	c := &Matcher{model: m, trackers: len(trackers), words: newVocabulary()}
	b := builder{matcher: c, literal: phrases.NewBuilder()}
	for i, t := range trackers {
		b.add(termGroup{tracker: i}, t.Vocabulary)
	}
	c.excluded = slices.Repeat([]int32{none}, len(trackers))
	for i, t := range trackers {
		if len(t.Exclude) > 0 {
			c.excluded[i] = int32(len(c.groups))
			b.add(termGroup{tracker: i, excluded: true}, t.Exclude)
		}
	}
	c.words.build()
	c.literal = b.literal.Table()
	c.readers.New = func() any { return c.newReader() }
	return c
}

// Find finds trackers in a single sentence, see [Reader.Find].
func (m *Matcher) Find(to []Match, sentence []words.Word, least float64) []Match {
	r := m.Read(nil, Unlimited)
	defer r.Close()
	return r.Find(to, sentence, least)
}

// Size returns about how many bytes the matcher takes.
func (m *Matcher) Size() int {
	size := m.literal.Size() + m.words.size() + len(m.terms)*int(unsafe.Sizeof(term{})) + len(m.groups)*int(unsafe.Sizeof(termGroup{}))
	for i := range m.in {
		size += 2*int(unsafe.Sizeof(m.in)) + cap(m.in[i])*int(unsafe.Sizeof(use{})) + 4*cap(m.at[i])
	}
	return size
}

// A builder compiles terms.
type builder struct {
	matcher *Matcher
	literal *phrases.Builder
	split   []words.Word
	seen    []word
}

// add compiles the terms of a group.
func (b *builder) add(s termGroup, texts []string) {
	m := b.matcher
	s.from = int32(len(m.terms))
	for i, text := range texts {
		b.split = words.Split(b.split[:0], text)
		b.seen = m.model.parse(b.seen[:0], b.split)
		t := term{group: int32(len(m.groups)), number: int32(i)}
		for _, w := range b.seen {
			t.total += w.shared
			if w.shared > 0 {
				b.use(w, int32(len(m.terms)))
			}
		}
		total := sum(b.seen)
		s.mean.add(m.model.project(&total))
		m.terms = append(m.terms, t)
		b.literal.Add(text)
	}
	s.to = int32(len(m.terms))
	m.largest = max(m.largest, s.to-s.from)
	s.mean.normalize()
	m.groups = append(m.groups, s)
}

// use notes that a term has a word. One that it has twice weighs twice.
func (b *builder) use(w word, in int32) {
	m := b.matcher
	number := m.words.add(w.text)
	if int(number) == len(m.in) {
		m.in, m.at = append(m.in, nil), append(m.at, nil)
	}
	uses := m.in[number]
	if n := len(uses); n > 0 && uses[n-1].term == in {
		uses[n-1].weight += w.shared
		return
	}
	m.in[number] = append(uses, use{in, w.shared})
	at, here := m.at[number], int32(len(m.groups))
	if len(at) == 0 || at[len(at)-1] != here {
		m.at[number] = append(at, here)
	}
}
