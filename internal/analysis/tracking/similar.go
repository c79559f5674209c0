package tracking

import "math"

const (
	tolerance = 1e-5 // by how much sums may be out for want of digits
	dotEffort = 8    // what it takes to compare two vectors
)

// findSimilar appends the similar matches.
func (r *Reader) findSimilar(to []Match, least float64) []Match {
	cut := math.Log(least/(1-least)) - tolerance
	for tracker := range r.trackers {
		if r.trackers[tracker].literal || !r.looksFor(tracker) {
			continue
		}
		v, ok := r.compare(int32(tracker), cut)
		if !ok {
			continue
		}
		score := 1 / (1 + math.Exp(-v.sum))
		if score < least {
			continue
		}
		if excluded := r.excluded[tracker]; excluded != none {
			if _, nearer := r.compare(excluded, v.sum); nearer {
				continue
			}
		}
		to = append(to, Match{tracker, int(r.terms[v.term].number), -1, -1, score})
	}
	return to
}

// A similarity says how near a sentence is to a group.
type similarity struct {
	term  int32 // the nearest
	signs signs
	sum   float64 // of the weighed signs; its logistic is the score
}

// compare weighs a group against the sentence. It reports false if the sum is less
// than cut, or if they share nothing. What they mean is compared first: no sign is
// more than 1 and no weight is negative, so of most groups no word needs to be
// looked at, however many there are.
func (r *Reader) compare(group int32, cut float64) (v similarity, ok bool) {
	if !r.spend(dotEffort) {
		return v, false
	}
	g, w := &r.groups[group], &r.model.likeness
	v.signs[likeAll] = r.vector().dot(&g.mean)
	most := r.model.bias + w[termCovered] + w[sentenceCovered]*float64(r.reach.most)
	if most+w[likeAll]*v.signs[likeAll] < cut {
		return v, false
	}
	covered, ok := r.cover(group)
	if !ok {
		return v, false
	}
	v.term, v.signs[termCovered] = r.nearest(g)
	v.signs[sentenceCovered] = float64(covered / r.total)
	v.sum = r.model.bias + w[termCovered]*v.signs[termCovered] + w[sentenceCovered]*v.signs[sentenceCovered]
	v.sum += w[likeAll] * v.signs[likeAll]
	return v, v.sum >= cut
}

// nearest returns the term of a group of which the sentence covers most.
func (r *Reader) nearest(g *termGroup) (term int32, share float64) {
	term = none
	for n, weight := range r.reach.terms[:g.to-g.from] {
		if weight == 0 {
			continue // it may have no word that counts
		}
		t := g.from + int32(n)
		if covered := float64(weight / r.terms[t].total); covered > share {
			term, share = t, covered
		}
	}
	return term, share
}
