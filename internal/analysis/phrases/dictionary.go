package phrases

import (
	"hash/maphash"
	"slices"
)

// A dictionary numbers words. It holds half a million of them without a pointer
// for each, so it is small, and the garbage collector passes over it.
type dictionary struct {
	seed  maphash.Seed
	text  []byte   // all words, one behind the other
	ends  []uint32 // by number: where in text it ends
	slots slots
}

func newDictionary() dictionary { return dictionary{seed: maphash.MakeSeed(), slots: newSlots()} }

// find returns the number of a word, none if it has none.
func (d *dictionary) find(word string) int32 {
	for slot := range d.slots.from(maphash.String(d.seed, word)) {
		switch number := d.slots[slot] - 1; {
		case number == none:
			return none
		case string(d.word(number)) == word:
			return number
		}
	}
	return none
}

// add returns the number of a word, new or not.
func (d *dictionary) add(word string) int32 {
	if number := d.find(word); number != none {
		return number
	}
	number := int32(len(d.ends))
	d.text = append(d.text, word...)
	d.ends = append(d.ends, uint32(len(d.text)))
	d.slots = d.slots.with(number, d.hash)
	return number
}

func (d *dictionary) hash(number int32) uint64 { return maphash.Bytes(d.seed, d.word(number)) }

func (d *dictionary) word(number int32) []byte {
	from := uint32(0)
	if number > 0 {
		from = d.ends[number-1]
	}
	return d.text[from:d.ends[number]]
}

// compact gives back what was in reserve for further words.
func (d *dictionary) compact() {
	d.text, d.ends = exact(d.text), exact(d.ends)
}

func (d *dictionary) size() int { return cap(d.text) + 4*cap(d.ends) + 4*cap(d.slots) }

// exact returns a copy without reserve.
func exact[T any](s []T) []T { return slices.Clip(append(make([]T, 0, len(s)), s...)) }
