package names

import (
	_ "embed" // the lists
	"strings"

	"github.com/turnwise/turnwise/internal/analysis/words"
)

// Lists of names; see data/README.md.
var (
	//go:embed data/first.txt
	firstNames string
	//go:embed data/last.txt
	lastNames string
	//go:embed data/places.txt
	places string
	//go:embed data/organizations.txt
	organizations string
)

const (
	listCount = 4
	listBits  = 3 * listCount // of each list: a word that is an entry, begins one, goes on with one
	longest   = 4             // words of an entry that is looked for
)

// entries are the entries of all lists by the hash of their words: a bit for
// each list.
type entries map[uint32]uint8

// readLists reads the lists but those that a model does without.
func readLists(without Kinds) entries {
	e := entries{}
	for n, list := range [listCount]string{firstNames, lastNames, places, organizations} {
		if without&(ListFirst<<n) != 0 {
			continue
		}
		for entry := range words.Terms(list) {
			h := uint32(0)
			for word := range strings.FieldsSeq(entry) {
				h = mix(h, hash(0, withoutApostrophes(word)))
			}
			e[h] |= 1 << n
		}
	}
	return e
}

func withoutApostrophes(word string) string { return strings.ReplaceAll(word, "'", "") }

// mark notes of every view in which lists it stands: of each list the longest
// entry that begins at a token.
func (e entries) mark(views []view) {
	for i := range views {
		var found [longest]uint8 // lists by length of the entry
		h := uint32(0)
		for n := 0; n < longest && i+n < len(views); n++ {
			h = mix(h, views[i+n].entry)
			found[n] = e[h]
		}
		for list := range listCount {
			for n := longest - 1; n >= 0; n-- {
				if found[n]&(1<<list) != 0 {
					markEntry(views[i:i+n+1], list)
					break
				}
			}
		}
	}
}

func markEntry(views []view, list int) {
	if len(views) == 1 {
		views[0].lists |= 1 << (3 * list)
		return
	}
	views[0].lists |= 2 << (3 * list)
	for i := range views[1:] {
		views[i+1].lists |= 4 << (3 * list)
	}
}
