package tracking

import (
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A reach is what a sentence has in common with the vocabulary.
type reach struct {
	near  []neighbor // of each word of the sentence, one behind the other
	ends  []int      // by word of the sentence: where in near those end that are like it
	alike []float32  // by word of the vocabulary: its similarity to the most similar word of the sentence
	words []int32    // of the vocabulary, that are like any
	spots []bool     // which of these words the group has that is looked at
	terms []float32  // by term of that group: the weight that the sentence covers
	most  float32    // share of the sentence that anything covers
}

// read finds what the sentence and the vocabulary share.
func (r *Reader) read(sentence []words.Word) {
	r.seen = r.model.parse(r.seen[:0], sentence)
	r.total, r.projected = 0, false
	covered := float32(0)
	for i := range r.seen {
		w := &r.seen[i]
		r.total += w.shared
		if w.shared > 0 && r.effort > 0 {
			covered += w.shared * r.reach.add(r.near(w.text))
		}
		r.reach.ends = append(r.reach.ends, len(r.reach.near))
	}
	if covered > 0 {
		r.reach.most = covered / r.total
	}
	r.spend(len(r.seen) + len(r.reach.near))
}

// add notes the words that are like the next one of the sentence, and returns how
// alike the most similar one is.
func (s *reach) add(near []neighbor) (most float32) {
	s.near = append(s.near, near...)
	for _, n := range near {
		if s.alike[n.word] == 0 {
			s.words = append(s.words, n.word)
		}
		s.alike[n.word] = max(s.alike[n.word], n.alike)
		most = max(most, n.alike)
	}
	return most
}

// forget makes the reader ready for another sentence. It keeps no text alive.
func (r *Reader) forget() {
	s := &r.reach
	for _, w := range s.words {
		s.alike[w] = 0
	}
	s.near, s.ends, s.words, s.most = s.near[:0], s.ends[:0], s.words[:0], 0
	clear(r.seen)
}

// cover returns the weight of the sentence that a group covers, and has the terms
// of the reach say how much of them the sentence covers. It reports false if they
// share nothing.
func (r *Reader) cover(group int32) (covered float32, ok bool) {
	s, g := &r.reach, &r.groups[group]
	r.spend(4*len(s.words) + len(s.near) + int(g.to-g.from))
	clear(s.terms[:g.to-g.from])
	s.spots = s.spots[:0]
	for _, w := range s.words {
		_, has := slices.BinarySearch(r.at[w], group)
		s.spots = append(s.spots, has)
		ok = ok || has
		if has {
			r.coverTerms(w, g)
		}
	}
	if !ok {
		return 0, false
	}
	return r.coverSentence(), true
}

// coverTerms adds to the terms of a group what a word covers of them.
func (r *Reader) coverTerms(word int32, g *termGroup) {
	uses := r.in[word]
	first, _ := slices.BinarySearchFunc(uses, g.from, func(u use, term int32) int { return int(u.term - term) })
	for _, u := range uses[first:] {
		if u.term >= g.to {
			return
		}
		r.reach.terms[u.term-g.from] += u.weight * r.reach.alike[word]
	}
}

// coverSentence returns the weight of the sentence that the words in the spots
// cover.
func (r *Reader) coverSentence() (covered float32) {
	s, from := &r.reach, 0
	for i, w := range s.words {
		if !s.spots[i] {
			s.alike[w] = -s.alike[w] // for the moment: it is not the group's
		}
	}
	for i, to := range s.ends {
		most := float32(0)
		for _, n := range s.near[from:to] {
			if s.alike[n.word] > 0 {
				most = max(most, n.alike)
			}
		}
		covered += r.seen[i].shared * most
		from = to
	}
	for _, w := range s.words {
		s.alike[w] = max(s.alike[w], -s.alike[w])
	}
	return covered
}

// vector returns the vector of the sentence.
func (r *Reader) vector() *vector {
	if !r.projected {
		total := sum(r.seen)
		r.own, r.projected = r.model.project(&total), true
	}
	return &r.own
}
