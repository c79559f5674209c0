package phrases

import "iter"

// Slots say where numbers are, by the hash of what they stand for: each holds a
// number plus one, or 0 if it is free. Their count is a power of two, and a quarter
// of them is free.
type slots []int32

func newSlots() slots { return make(slots, 8) }

// from yields the slots to look at for a hash. The first free one ends the search.
func (s slots) from(hash uint64) iter.Seq[int] {
	return func(yield func(int) bool) {
		mask := len(s) - 1
		for at := int(hash) & mask; yield(at); at = (at + 1) & mask { //nolint:gosec // any bits will do
		}
	}
}

// with returns the slots with the next number, which is the count of those before.
func (s slots) with(number int32, hash func(int32) uint64) slots {
	if 4*int(number) >= 3*len(s) {
		s = make(slots, 2*len(s))
		for n := range number {
			s.put(n, hash(n))
		}
	}
	s.put(number, hash(number))
	return s
}

func (s slots) put(number int32, hash uint64) {
	for at := range s.from(hash) {
		if s[at] == 0 {
			s[at] = number + 1
			return
		}
	}
}
