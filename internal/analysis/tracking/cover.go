package tracking

import (
	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A buffer is what finding needs beside the sentence. Between two sentences the
// lists by word, term and group hold zeros.
type buffer struct {
	found     []phrases.Match
	trackers  []state
	seen      []word
	total     float32 // of the weights of the sentence's words
	search    search
	alike     []float32 // by word of the vocabulary: its similarity to the most similar word of the sentence
	alikes    []int32   // words of the vocabulary that are like any
	terms     []float32 // by term: the weight that the sentence covers
	covered   []float32 // by group: the weight of the sentence that it covers
	touched   []int32   // groups that cover any
	word      []float32 // by group: the greatest similarity of its words to a word of the sentence
	groups    []int32   // that have such a word
	own       vector
	projected bool
}

// A state is what is known of a tracker in a sentence.
type state struct {
	literal      bool
	excludedUpTo int     // up to where literal matches do not count
	sum          float64 // of its similar match
}

func (m *Matcher) newBuffer() *buffer {
	return &buffer{
		trackers: make([]state, m.trackers),
		search:   m.words.newSearch(),
		alike:    make([]float32, len(m.words.texts)),
		terms:    make([]float32, len(m.terms)),
		covered:  make([]float32, len(m.groups)),
		word:     make([]float32, len(m.groups)),
	}
}

// cover finds what sentence and groups share.
func (m *Matcher) cover(r *buffer, sentence []words.Word) {
	r.seen = m.model.parse(r.seen[:0], sentence)
	r.total, r.projected = 0, false
	for i := range r.seen {
		r.total += r.seen[i].shared
		if r.seen[i].shared > 0 {
			m.coverWord(r, &r.seen[i])
		}
	}
	for _, word := range r.alikes {
		for _, use := range m.in[word] {
			r.terms[use.term] += use.weight * r.alike[word]
		}
		r.alike[word] = 0
	}
	r.alikes = r.alikes[:0]
}

// coverWord adds a word of the sentence to what the groups cover.
func (m *Matcher) coverWord(r *buffer, w *word) {
	for _, n := range m.words.near(w.text, &r.search) {
		if r.alike[n.word] == 0 {
			r.alikes = append(r.alikes, n.word)
		}
		r.alike[n.word] = max(r.alike[n.word], n.alike)
		for _, s := range m.at[n.word] {
			if r.word[s] == 0 {
				r.groups = append(r.groups, s)
			}
			r.word[s] = max(r.word[s], n.alike)
		}
	}
	for _, s := range r.groups {
		if r.covered[s] == 0 {
			r.touched = append(r.touched, s)
		}
		r.covered[s] += w.shared * r.word[s]
		r.word[s] = 0
	}
	r.groups = r.groups[:0]
}

// vector returns the vector of the sentence in the buffer.
func (m *Matcher) vector(r *buffer) *vector {
	if !r.projected {
		total := sum(r.seen)
		r.own, r.projected = m.model.project(&total), true
	}
	return &r.own
}

// clear makes the buffer ready for another sentence. It keeps no text alive.
func (m *Matcher) clear(r *buffer) {
	for _, s := range r.touched {
		r.covered[s] = 0
		clear(r.terms[m.groups[s].from:m.groups[s].to])
	}
	r.touched = r.touched[:0]
	clear(r.seen)
}
