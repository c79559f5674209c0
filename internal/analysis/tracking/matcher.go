package tracking

import (
	"sync"

	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Matcher finds trackers in sentences.
type Matcher struct {
	model    *Model
	trackers int
	literal  *phrases.Table
	terms    []term
	groups   []termGroup // first the vocabularies of all trackers, then what is excluded
	words    vocabulary
	in       [][]use   // by word: the terms that it is part of
	at       [][]int32 // by word: the groups that it is part of
	buffers  sync.Pool
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
	c := &Matcher{model: m, trackers: len(trackers), words: vocabulary{numbers: map[string]int32{}}}
	b := builder{matcher: c}
	for i, t := range trackers {
		b.add(termGroup{tracker: i}, t.Vocabulary)
	}
	for i, t := range trackers {
		if len(t.Exclude) > 0 {
			b.add(termGroup{tracker: i, excluded: true}, t.Exclude)
		}
	}
	c.words.build()
	c.literal = phrases.New(b.texts)
	c.buffers.New = func() any { return c.newBuffer() }
	return c
}

// A builder compiles terms.
type builder struct {
	matcher *Matcher
	texts   []string
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
		b.texts = append(b.texts, text)
	}
	s.to = int32(len(m.terms))
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
