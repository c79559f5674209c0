package runon

import (
	_ "embed" // the weights
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/turnwise/turnwise/internal/analysis/weights"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

// The words that the network reads at a place.
const (
	before = 4 // words before it
	behind = 4 // words behind it

	// The slots behind those: the first and the second word of the sentence that goes
	// on, all of its words, and the next words.
	first  = before + behind
	second = first + 1
	held   = second + 1
	ahead  = held + 1
	slots  = ahead + 1

	reach    = 8  // how many of the next words count in ahead
	longest  = 20 // of how many words the length of a sentence is told apart
	furthest = 8  // the same for the words that are left
)

// The sizes of the network.
const (
	dim    = 32 // numbers for a word
	hidden = 64
	wide   = 1 << 16 // weights of rows of words, which may share one
)

// A layer has a number for each hidden unit.
type layer = [hidden]float32

// A row is what a word adds to the hidden units in each of the slots.
type row [slots]layer

// A Model tells where sentences begin.
type Model struct {
	ids    map[string]uint16
	known  []float32             // words × dim
	inner  []float32             // slots × hidden × dim
	rows   []atomic.Pointer[row] // of the words that were met
	length [longest]layer        // what the length of the sentence so far adds
	left   [furthest]layer
	out    layer
	wide   []int8
	grain  float32 // of wide
	bias   float32
}

//go:embed data/words.txt
var vocabulary string

//go:embed data/weights.gz
var packed []byte

// ErrModel reports weights that are of another version of the program, or not whole.
var ErrModel = errors.New("not weights of this program, make them anew with runon/train")

// English returns the model of the binary, which it unpacks when it is needed first.
var English = sync.OnceValue(func() *Model { //nolint:gochecknoglobals // read once, then constant
	m, err := Unpack(vocabulary, packed)
	if err != nil {
		panic(err) // it is compiled in
	}
	return m
})

// magic is counted up when the features or the form change.
const magic = "run-on 2\n"

// mostBytes is more than weights of this form take, with a vocabulary of any size.
const mostBytes = 1 << 23

// Unpack returns the model of a list of words, one a line, and of their weights as
// [Network.Pack] writes them. What is no model is an [ErrModel].
func Unpack(vocabulary string, packed []byte) (*Model, error) {
	plain, err := weights.Unpack(packed, mostBytes)
	if err != nil {
		return nil, fmt.Errorf("unpack the run-on model: %w: %w", ErrModel, err)
	}
	rest, ok := strings.CutPrefix(string(plain), magic)
	if !ok {
		return nil, fmt.Errorf("unpack the run-on model: %w", ErrModel)
	}
	m := &Model{ids: map[string]uint16{}}
	for word := range words.Terms(vocabulary) {
		m.ids[word] = uint16(classes + len(m.ids))
	}
	r := reader{rest: rest}
	m.rows = make([]atomic.Pointer[row], classes+len(m.ids))
	m.known = r.matrix(len(m.rows) * dim)
	m.inner = r.matrix(slots * hidden * dim)
	r.rows(m.length[:])
	r.rows(m.left[:])
	start := r.matrix(hidden)
	copy(m.out[:], r.matrix(hidden))
	m.bias = r.number()
	m.grain = r.number()
	m.wide = r.bytes(wide)
	r.kin(m.ids)
	if r.short || r.rest != "" {
		return nil, fmt.Errorf("unpack the run-on model: %w: %d words", ErrModel, len(m.ids))
	}
	for n := range m.length {
		for h := range start {
			m.length[n][h] += start[h]
		}
	}
	return m, nil
}

// row returns what a word adds, which is computed when it is met first. All who do so
// at a time compute the same.
func (m *Model) row(word uint16) *row {
	if known := m.rows[word].Load(); known != nil {
		return known
	}
	made, numbers := new(row), m.known[int(word)*dim:][:dim]
	for slot := range made {
		for h := range hidden {
			made[slot][h] = dot(m.inner[(slot*hidden+h)*dim:][:dim], numbers)
		}
	}
	m.rows[word].Store(made)
	return made
}

func dot(a, b []float32) (sum float32) {
	b = b[:len(a)]
	for i, x := range a {
		sum += x * b[i]
	}
	return sum
}

// A reader takes matrices from packed weights: a scale each, and a byte a number.
type reader struct {
	rest  string
	short bool
}

func (r *reader) number() float32 {
	if len(r.rest) < 4 {
		r.short = true
		return 0
	}
	bits := binary.LittleEndian.Uint32([]byte(r.rest[:4]))
	r.rest = r.rest[4:]
	return math.Float32frombits(bits)
}

func (r *reader) matrix(size int) []float32 {
	scale, all := r.number(), make([]float32, size)
	if len(r.rest) < size {
		r.short = true
		return all
	}
	for i := range all {
		all[i] = float32(int8(r.rest[i])) * scale
	}
	r.rest = r.rest[size:]
	return all
}

func (r *reader) bytes(size int) []int8 {
	all := make([]int8, size)
	if len(r.rest) < size {
		r.short = true
		return all
	}
	for i := range all {
		all[i] = int8(r.rest[i])
	}
	r.rest = r.rest[size:]
	return all
}

func (r *reader) rows(to []layer) {
	all := r.matrix(len(to) * hidden)
	for n := range to {
		copy(to[n][:], all[n*hidden:])
	}
}

// kin adds the words that the vocabulary lacks, by their clusters.
func (r *reader) kin(ids map[string]uint16) {
	count, size := r.count(), r.count()
	if len(r.rest) < count+size {
		r.short = true
		return
	}
	list := strings.Split(r.rest[:size], "\n")
	if count == 0 {
		list = nil
	}
	r.rest = r.rest[size:]
	if len(list) != count {
		r.short = true
		return
	}
	for i, word := range list {
		ids[word] = firstKin + uint16(r.rest[i])
	}
	r.rest = r.rest[count:]
}

func (r *reader) count() int {
	if len(r.rest) < 4 {
		r.short = true
		return 0
	}
	n := binary.LittleEndian.Uint32([]byte(r.rest[:4]))
	r.rest = r.rest[4:]
	return int(n)
}
