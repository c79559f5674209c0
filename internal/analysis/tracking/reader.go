package tracking

import (
	"math"

	"github.com/turnwise/turnwise/internal/analysis/phrases"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// A Reader finds trackers in the sentences of one job, one after the other. What
// it finds, and where it stops for want of effort, depends on nothing else.
type Reader struct {
	*Matcher

	wanted []bool // by tracker; nil if all are
	effort int    // that is left
	run    int32  // tells the jobs apart that used this buffer

	// Of the sentence:
	found     []phrases.Match // literal ones that begin at the same place
	seen      []word
	total     float32 // of the weights of its words
	own       vector
	projected bool
	reach     reach

	trackers []state
	search   search
	memory   memory
}

// A state is what is known of a tracker in a sentence.
type state struct {
	literal      bool
	excludedUpTo int // up to where literal matches do not count
}

// Unlimited is an effort that does not run out.
const Unlimited = math.MaxInt

// Read begins with the sentences of a job. It looks for the trackers that are
// wanted, for all if that is nil, until it has made an effort: about so many times
// it looks at one thing beside another, which takes some nanoseconds. The caller
// closes the reader.
func (m *Matcher) Read(wanted []bool, effort int) *Reader {
	r := m.readers.Get().(*Reader)
	r.wanted, r.effort = wanted, effort
	r.run++
	return r
}

// Close ends the reading.
func (r *Reader) Close() {
	r.wanted = nil
	clear(r.memory.near)
	r.readers.Put(r)
}

func (m *Matcher) newReader() *Reader {
	return &Reader{
		Matcher:  m,
		trackers: make([]state, m.trackers),
		search:   m.words.newSearch(),
		reach:    reach{alike: make([]float32, len(m.words.texts)), terms: make([]float32, m.largest)},
		memory:   memory{seen: make([]int32, len(m.words.texts)), near: map[string][]neighbor{}},
	}
}

// Find appends to to the matches of a sentence with a score of least or more:
// first the literal ones in their order, then the similar ones by tracker.
func (r *Reader) Find(to []Match, sentence []words.Word, least float64) []Match {
	if len(r.terms) == 0 || r.effort <= 0 {
		return to
	}
	to = r.findLiteral(to, sentence)
	r.read(sentence)
	if r.reach.most > 0 {
		to = r.findSimilar(to, max(0, min(1, least)))
	}
	r.forget()
	return to
}

// spend takes from the effort, and reports whether there was any left.
func (r *Reader) spend(effort int) bool {
	if r.effort <= 0 {
		return false
	}
	r.effort -= effort
	return true
}

// looksFor reports whether a tracker is wanted.
func (r *Reader) looksFor(tracker int) bool { return r.wanted == nil || r.wanted[tracker] }
