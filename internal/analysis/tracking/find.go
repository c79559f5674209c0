package tracking

import (
	"cmp"
	"math"
	"slices"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// tolerance is by how much sums may be out for want of digits.
const tolerance = 1e-5

// mostLiteral is how many literal matches a sentence has at most: the first ones.
// A text that is made of a term has as many places as words, for each tracker.
const mostLiteral = 10_000

// Find appends to to the matches of a sentence with a score of least or more:
// first the literal ones in their order, then the similar ones by tracker.
func (m *Matcher) Find(to []Match, sentence []words.Word, least float64) []Match {
	if len(m.terms) == 0 {
		return to
	}
	r := m.buffers.Get().(*buffer)
	defer m.buffers.Put(r)
	to = m.findLiteral(r, to, sentence)
	m.cover(r, sentence)
	to = m.findSimilar(r, to, max(0, min(1, least)))
	m.clear(r)
	return to
}

// findLiteral appends the literal matches. Trackers of which any term stands in
// the sentence, also an excluded one, get no similar match.
func (m *Matcher) findLiteral(r *buffer, to []Match, sentence []words.Word) []Match {
	clear(r.trackers)
	first := len(to)
	r.found = m.literal.Find(r.found[:0], sentence)
	for from, n := 0, 0; from < len(r.found); from = n {
		for n = from; n < len(r.found) && r.found[n].Start == r.found[from].Start; n++ {
			m.exclude(r, r.found[n].Phrases, r.found[n].End)
		}
		for _, f := range r.found[from:n] {
			for _, t := range f.Phrases {
				s := &m.groups[m.terms[t].group]
				if r.trackers[s.tracker].excludedUpTo < f.End && len(to)-first < mostLiteral { // not so for an excluded term
					to = append(to, Match{s.tracker, int(m.terms[t].number), f.Start, f.End, 1})
				}
			}
		}
	}
	return to
}

// exclude excludes literal matches up to where excluded terms end.
func (m *Matcher) exclude(r *buffer, terms []int32, end int) {
	for _, t := range terms {
		s := &m.groups[m.terms[t].group]
		r.trackers[s.tracker].literal = true
		if s.excluded {
			r.trackers[s.tracker].excludedUpTo = max(r.trackers[s.tracker].excludedUpTo, end)
		}
	}
}

// findSimilar appends the similar matches. What a tracker excludes comes after
// its vocabulary, as in the order of groups.
func (m *Matcher) findSimilar(r *buffer, to []Match, least float64) []Match {
	first, cut := len(to), math.Log(least/(1-least))-tolerance
	slices.Sort(r.touched)
	for _, n := range r.touched {
		s := &m.groups[n]
		if r.trackers[s.tracker].literal {
			continue
		}
		if s.excluded {
			to = m.excludeSimilar(r, to, first, n)
			continue
		}
		v, ok := m.compare(r, n, cut)
		if !ok {
			continue
		}
		if score := 1 / (1 + math.Exp(-v.sum)); score >= least {
			to = append(to, Match{s.tracker, int(m.terms[v.term].number), -1, -1, score})
			r.trackers[s.tracker].sum = v.sum
		}
	}
	return to
}

// excludeSimilar takes the similar match of a tracker out again if the sentence
// is as near to what the tracker excludes, which is group n. The similar matches
// stand in to from first on, by tracker.
func (m *Matcher) excludeSimilar(r *buffer, to []Match, first int, n int32) []Match {
	tracker := m.groups[n].tracker
	at, ok := slices.BinarySearchFunc(to[first:], tracker, func(m Match, tracker int) int { return cmp.Compare(m.Tracker, tracker) })
	if !ok {
		return to
	}
	if _, nearer := m.compare(r, n, r.trackers[tracker].sum); !nearer {
		return to
	}
	return slices.Delete(to, first+at, first+at+1)
}

// A similarity says how near a sentence is to a group.
type similarity struct {
	term  int32 // the nearest
	signs signs
	sum   float64 // of the weighed signs; its logistic is the score
}

// compare weighs a group against the sentence of the buffer. It reports false if
// the sum is less than cut. No sign is more than 1 and no weight is negative,
// so most groups need no vectors to be told apart.
func (m *Matcher) compare(r *buffer, n int32, cut float64) (similarity, bool) {
	s, w := &m.groups[n], &m.model.likeness
	v := similarity{term: none}
	for t := s.from; t < s.to; t++ {
		if r.terms[t] == 0 {
			continue // it may have no word that counts
		}
		if covered := float64(r.terms[t] / m.terms[t].total); covered > v.signs[termCovered] {
			v.term, v.signs[termCovered] = t, covered
		}
	}
	v.signs[sentenceCovered] = float64(r.covered[n] / r.total)
	v.sum = m.model.bias + w[termCovered]*v.signs[termCovered] + w[sentenceCovered]*v.signs[sentenceCovered]
	if v.sum+w[likeAll] < cut {
		return v, false
	}
	v.signs[likeAll] = m.vector(r).dot(&s.mean)
	v.sum += w[likeAll] * v.signs[likeAll]
	return v, v.sum >= cut
}
