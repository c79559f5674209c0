package tracking

import "github.com/turnwise/turnwise/internal/analysis/words"

// mostLiteral is how many literal matches a sentence has at most: the first ones.
// A text that is made of a term has as many places as words, for each tracker.
const mostLiteral = 10_000

// findLiteral appends the literal matches. Trackers of which any term stands in
// the sentence, also an excluded one, get no similar match.
func (r *Reader) findLiteral(to []Match, sentence []words.Word) []Match {
	clear(r.trackers)
	limit := len(to) + mostLiteral
	r.found = r.found[:0]
	for f := range r.literal.All(sentence) {
		if len(r.found) > 0 && r.found[0].Start != f.Start {
			to = r.literalHere(to, limit)
		}
		if !r.spend(1 + 2*len(f.Phrases)) {
			break
		}
		r.found = append(r.found, f)
	}
	return r.literalHere(to, limit)
}

// literalHere appends what was found at one place, up to the limit.
func (r *Reader) literalHere(to []Match, limit int) []Match {
	for _, f := range r.found {
		r.exclude(f.Phrases, f.End)
	}
	for _, f := range r.found {
		for _, t := range f.Phrases {
			s := &r.groups[r.terms[t].group]
			if r.trackers[s.tracker].excludedUpTo < f.End && len(to) < limit && r.looksFor(s.tracker) { // not so for an excluded term
				to = append(to, Match{s.tracker, int(r.terms[t].number), f.Start, f.End, 1})
			}
		}
	}
	r.found = r.found[:0]
	return to
}

// exclude excludes literal matches up to where excluded terms end.
func (r *Reader) exclude(terms []int32, end int) {
	for _, t := range terms {
		s := &r.groups[r.terms[t].group]
		r.trackers[s.tracker].literal = true
		if s.excluded {
			r.trackers[s.tracker].excludedUpTo = max(r.trackers[s.tracker].excludedUpTo, end)
		}
	}
}
