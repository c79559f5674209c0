// Package lexicon has the 60,000 most common words of English: the rank of each,
// clusters of words that are used alike, and vectors of the 30,000 most common.
// The angle between two vectors measures the similarity in meaning.
//
// All of it is computed from the GloVe vectors of Pennington, Socher and
// Manning, which are in the public domain (PDDL), by the command in
// lexicon/build; see data/README.md. It is read from the binary once, by [Load],
// and does not change, so it may be shared.
package lexicon

import (
	"bytes"
	_ "embed" // the data
	"encoding/binary"
	"fmt"
	"unsafe"

	"github.com/turnwise/turnwise/internal/analysis/weights"
)

// Dims is how many dimensions a vector has.
const Dims = 100

// Levels is at how many grains words are clustered, the coarsest first.
const Levels = 3

// mostBytes is more than the lexicon takes.
const mostBytes = 1 << 24

//go:embed data/lexicon.gz
var packed []byte

// A Word is what is known of one.
type Word struct {
	Rank     int            // 0 for the commonest
	Clusters [Levels]uint16 // of words that are used alike
}

// A Lexicon finds words.
type Lexicon struct {
	words   map[string]int32
	known   []Word
	vectors []int8 // of the commonest, Dims each
}

// Load reads the lexicon out of the binary.
func Load() (*Lexicon, error) {
	all, err := weights.Unpack(packed, mostBytes)
	if err != nil {
		return nil, fmt.Errorf("unpack the lexicon: %w", err)
	}
	return read(all)
}

// read takes apart what lexicon/build wrote: the numbers of words and of
// vectors, the words a line each, the clusters level by level, the vectors.
func read(all []byte) (*Lexicon, error) {
	if len(all) < 12 {
		return nil, fmt.Errorf("read the lexicon: %d bytes are too few", len(all))
	}
	words, vectors := int(binary.LittleEndian.Uint32(all)), int(binary.LittleEndian.Uint32(all[4:]))
	text := int(binary.LittleEndian.Uint32(all[8:]))
	all = all[12:]
	if want := text + words*Levels*2 + vectors*Dims; len(all) != want {
		return nil, fmt.Errorf("read the lexicon: %d bytes, want %d", len(all), want)
	}
	l := &Lexicon{words: make(map[string]int32, words), known: make([]Word, words)}
	lines, clusters := string(all[:text]), all[text:]
	for n := range words {
		end := bytes.IndexByte(all[:text], '\n')
		l.words[lines[:end]] = int32(n)
		l.known[n].Rank = n
		for level := range Levels {
			l.known[n].Clusters[level] = binary.LittleEndian.Uint16(clusters[(level*words+n)*2:])
		}
		lines, all, text = lines[end+1:], all[end+1:], text-end-1
	}
	if vectors > 0 {
		// Three million bytes are read as the signed ones that they are, in place.
		l.vectors = unsafe.Slice((*int8)(unsafe.Pointer(&clusters[words*Levels*2])), vectors*Dims)
	}
	return l, nil
}

// Find returns a word by its lower-cased bytes.
func (l *Lexicon) Find(lower []byte) (Word, bool) {
	n, ok := l.words[string(lower)]
	if !ok {
		return Word{}, false
	}
	return l.known[n], true
}

// Commonest returns the words of the lowest ranks, n at most, in their order.
func (l *Lexicon) Commonest(n int) []string {
	all := make([]string, max(0, min(n, len(l.known))))
	for word, rank := range l.words {
		if int(rank) < len(all) {
			all[rank] = word
		}
	}
	return all
}

// Vector returns the vector of a word, nil if it has none. It is not to be
// changed.
func (l *Lexicon) Vector(w Word) []int8 {
	if (w.Rank+1)*Dims > len(l.vectors) {
		return nil
	}
	return l.vectors[w.Rank*Dims : (w.Rank+1)*Dims]
}
