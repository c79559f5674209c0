package topics

import "slices"

// most is how many phrases are counted at a time.
const most = 50_000

// An occurrence says where a phrase was met.
type occurrence struct {
	message int32
	speaker uint64 // a bit
}

// A count is what is known of a phrase.
type count struct {
	key      phrase // the stems
	form     phrase // the terms as they are written most often
	votes    int32  // by how many occurrences form is ahead
	times    int32
	messages int32
	first    int32  // message
	last     int32  // posting, from 1
	speakers uint64 // a bit each
}

// phrases counts phrases by their stems. When there are too many it forgets
// the rarest, so a phrase that is rare for long may be counted too low, and a
// frequent one is not.
type phrases struct {
	postingLists

	numbers map[phrase]int32
}

func newPhrases() phrases { return phrases{numbers: map[phrase]int32{}} }

// add notes an occurrence of the phrase with the stems key.
func (p *phrases) add(key, form phrase, at occurrence) {
	n, ok := p.numbers[key]
	if !ok {
		n = p.addPhrase()
		p.counts[n].key = key
		p.numbers[key] = n
	}
	c := &p.counts[n]
	switch {
	case c.votes == 0:
		c.form, c.votes = form, 1
	case c.form == form:
		c.votes++
	default:
		c.votes--
	}
	p.addOccurrence(n, at)
}

// prune forgets the rarest half of the phrases if there are too many.
func (p *phrases) prune() {
	if len(p.counts) <= most {
		return
	}
	floor := p.median()
	old := p.postingLists
	p.postingLists = postingLists{counts: make([]count, 0, most+1), postings: make([]posting, 0, len(old.postings))}
	var room []int32
	for n := range old.counts {
		c := &old.counts[n]
		if c.times <= floor {
			delete(p.numbers, c.key)
			continue
		}
		room = old.messages(room[:0], c)
		p.numbers[c.key] = p.merge(*c, room)
	}
}

// median returns how often half of the phrases occur at most.
func (p *phrases) median() int32 {
	times := make([]int32, len(p.counts))
	for n := range p.counts {
		times[n] = p.counts[n].times
	}
	slices.Sort(times)
	return times[len(times)/2]
}
