package tracking

import (
	"cmp"
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// ceiling is how near vectors of texts with few words in common are taken to
// be at most. It spares comparing most of them.
const ceiling = 0.85

// Find appends to to the matches of a sentence with a score of least or more:
// first the literal ones in their order, then the similar ones by tracker.
func (m *Matcher) Find(to []Match, sentence []words.Word, least float64) []Match {
	if len(m.terms) == 0 {
		return to
	}
	r := m.rooms.Get().(*room)
	defer m.rooms.Put(r)
	to = m.findLiteral(r, to, sentence)
	m.cover(r, sentence)
	to = m.findSimilar(r, to, max(0, min(1, least)))
	m.clear(r)
	return to
}

// findLiteral appends the literal matches. Trackers of which any term stands in
// the sentence, also an excluded one, are settled by that.
func (m *Matcher) findLiteral(r *room, to []Match, sentence []words.Word) []Match {
	clear(r.trackers)
	r.found = m.literal.Find(r.found[:0], sentence)
	for from, n := 0, 0; from < len(r.found); from = n {
		for n = from; n < len(r.found) && r.found[n].Start == r.found[from].Start; n++ {
			m.exclude(r, r.found[n].Phrases, r.found[n].End)
		}
		for _, f := range r.found[from:n] {
			for _, t := range f.Phrases {
				s := &m.sides[m.terms[t].side]
				if !s.excluded && r.trackers[s.tracker].barred < f.End {
					to = append(to, Match{s.tracker, int(m.terms[t].number), f.Start, f.End, 1})
				}
			}
		}
	}
	return to
}

// exclude bars literal matches up to where excluded terms end.
func (m *Matcher) exclude(r *room, terms []int32, end int) {
	for _, t := range terms {
		s := &m.sides[m.terms[t].side]
		r.trackers[s.tracker].settled = true
		if s.excluded {
			r.trackers[s.tracker].barred = max(r.trackers[s.tracker].barred, end)
		}
	}
}

// findSimilar appends the similar matches. What a tracker excludes comes after
// its vocabulary, as in the order of sides.
func (m *Matcher) findSimilar(r *room, to []Match, least float64) []Match {
	first, cut := len(to), math.Log(least/(1-least))
	slices.Sort(r.touched)
	for _, n := range r.touched {
		s := &m.sides[n]
		if r.trackers[s.tracker].settled {
			continue
		}
		if !s.excluded {
			if v, ok := m.examine(r, n, cut); ok {
				to = append(to, Match{s.tracker, int(m.terms[v.term].number), -1, -1, 1 / (1 + math.Exp(-v.sum))})
				r.trackers[s.tracker].sum = v.sum
			}
			continue
		}
		at, ok := slices.BinarySearchFunc(to[first:], s.tracker, func(m Match, tracker int) int { return cmp.Compare(m.Tracker, tracker) })
		if !ok {
			continue
		}
		if _, nearer := m.examine(r, n, r.trackers[s.tracker].sum); nearer {
			to = slices.Delete(to, first+at, first+at+1)
		}
	}
	return to
}

// A verdict says how near a sentence is to a side.
type verdict struct {
	term  int32 // the nearest
	signs signs
	sum   float64 // of the weighed signs; its logistic is the score
}

// examine weighs a side against the sentence of the room. It reports false if
// the sum is less than cut.
func (m *Matcher) examine(r *room, n int32, cut float64) (verdict, bool) {
	s, w := &m.sides[n], &m.model.weights
	v := verdict{term: -1}
	v.signs[sentenceCovered] = float64(r.covered[n] / r.total)
	v.sum = m.model.bias + w[sentenceCovered]*v.signs[sentenceCovered]
	most := float32(0)
	for t := s.from; t < s.to; t++ {
		if r.terms[t] > 0 {
			r.terms[t] /= m.terms[t].total
			most = max(most, r.terms[t])
		}
	}
	if v.sum+w[termCovered]*float64(most)+(w[likeTerm]+w[likeAll])*ceiling < cut {
		return v, false
	}
	own := m.vector(r)
	v.signs[likeAll] = own.dot(&s.mean)
	v.sum += w[likeAll] * v.signs[likeAll]
	best := math.Inf(-1)
	for t := s.from; t < s.to; t++ {
		covered := float64(r.terms[t])
		if covered == 0 || w[termCovered]*covered+w[likeTerm] <= best {
			continue
		}
		like := own.dot(&m.terms[t].vector)
		if here := w[termCovered]*covered + w[likeTerm]*like; here > best {
			best, v.term = here, t
			v.signs[termCovered], v.signs[likeTerm] = covered, like
		}
	}
	v.sum += best
	return v, v.sum >= cut
}
