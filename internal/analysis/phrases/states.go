package phrases

// States are the nodes of a tree: each but the first, which is 0, is reached from
// another one with a word.
type states struct {
	before, word []int32 // by state, without the first
	slots        slots   // by both, of states less one
}

// next returns the state that a word leads to, none if there is none.
func (s *states) next(state, word int32) int32 {
	for slot := range s.slots.from(mix(state, word)) {
		switch n := s.slots[slot] - 1; {
		case n == none:
			return none
		case s.before[n] == state && s.word[n] == word:
			return n + 1
		}
	}
	return none
}

// extend returns the state that a word leads to, new or not.
func (s *states) extend(state, word int32) int32 {
	if next := s.next(state, word); next != none {
		return next
	}
	n := int32(len(s.word))
	s.before, s.word = append(s.before, state), append(s.word, word)
	s.slots = s.slots.with(n, func(n int32) uint64 { return mix(s.before[n], s.word[n]) })
	return n + 1
}

// mix returns a hash. Callers choose words, but not their numbers: they can make
// no two pairs meet.
func mix(state, word int32) uint64 {
	h := (uint64(uint32(state))<<32 | uint64(uint32(word))) * 0x9e3779b97f4a7c15
	return h ^ h>>32
}

func (s *states) compact() { s.before, s.word = exact(s.before), exact(s.word) }

func (s *states) size() int { return 4 * (cap(s.before) + cap(s.word) + cap(s.slots)) }
